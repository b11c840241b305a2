/* SPDX-License-Identifier: GPL-2.0 */
/* The terminal: cells out, keys in. Nothing else here knows of ncurses. */
#ifndef CONNTRIAGE_TOP_DRAW_H
#define CONNTRIAGE_TOP_DRAW_H

#include "top/cells.h"

#define DRAW_NOTHING	0	/* no key within the time */
#define DRAW_RESIZED	-1
#define DRAW_GONE	-2	/* the terminal is */

/** draw_begin() - take the terminal; -1: what TERM names is none that can be used */
int draw_begin(void);

/** draw_end() - give it back as it was; draw_again() - take it again */
void draw_end(void);
void draw_again(void);

/** draw_size() - of the terminal */
void draw_size(int *rows, int *columns);

void draw_cells(const struct cells *c);

/** draw_key() - a key as view_key() takes it, or DRAW_*; waits @ms at most, or for a signal */
int draw_key(int ms);

#endif
