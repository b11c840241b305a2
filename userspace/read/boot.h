/* SPDX-License-Identifier: GPL-2.0 */
/* What the boot files set. */
#ifndef CONNTRIAGE_READ_BOOT_H
#define CONNTRIAGE_READ_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "snapshot.h"

/* The assignments of sysctl.d, in the order in which the boot reads them */
struct setting {
	char key[96];		/* with slashes; may be a pattern */
	bool excluded;		/* "-key": keeps patterns off it */
	bool number;
	int64_t value;
	char file[96];
};

struct settings {
	struct setting *item;
	size_t nr;
};

/**
 * parse_settings() - add a file's assignments
 *
 * Return: 0, or -1 where there are more than READ_MAX_BOOT_KEYS in all.
 */
int parse_settings(struct settings *all, const char *path, char *text);

/** find_setting() - what the boot makes of a key, or NULL: nothing */
const struct setting *find_setting(const struct settings *all, const char *key);

/** parse_modprobe() - take hashsize= of a file of modprobe.d, if it has one */
void parse_modprobe(struct snapshot *s, const char *path, char *text);

#endif
