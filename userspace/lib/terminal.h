/* SPDX-License-Identifier: GPL-2.0 */
/* How wide the output may be, and prose that keeps to it. */
#ifndef CONNTRIAGE_LIB_TERMINAL_H
#define CONNTRIAGE_LIB_TERMINAL_H

#include <stdio.h>

#define TERMINAL_WIDTH	80	/* columns, where the terminal has as many */

/* TERMINAL_WIDTH, or the terminal's where that is narrower */
unsigned int terminal_width(FILE *out);

/* One line or more, wrapped at spaces to terminal_width(). */
void prose(FILE *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
