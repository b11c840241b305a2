/* SPDX-License-Identifier: GPL-2.0 */
/* The times that lines of the kernel's log begin with, as dmesg and journalctl write them. */
#ifndef CONNTRIAGE_READ_KERNEL_STAMP_H
#define CONNTRIAGE_READ_KERNEL_STAMP_H

#include <stdint.h>

enum stamp_clock {
	STAMP_NONE,		/* there is no time, or one that isn't known as such */
	STAMP_WORDS,		/* a time that can't be compared: without a year */
	STAMP_BOOT,		/* s since the boot */
	STAMP_UTC,		/* s since 1970 */
	STAMP_LOCAL,		/* the same, of a clock whose zone isn't told */
};

struct stamp {
	enum stamp_clock clock;
	int64_t seconds;	/* UNKNOWN of the first two */
	char words[40];		/* as the line has it, printable; or "" */
};

/**
 * stamp_find() - the time of a line
 * @line: of dmesg (also with -r, -x, -T or --time-format iso), or of journalctl -k in any
 *	format of a line each (-o short, short-iso, short-full, short-monotonic, short-unix)
 * @stamp: set to it
 */
void stamp_find(const char *line, struct stamp *stamp);

#endif
