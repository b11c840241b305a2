/* SPDX-License-Identifier: GPL-2.0 */
/* What keys do to a view. */
#ifndef CONNTRIAGE_TOP_KEYS_H
#define CONNTRIAGE_TOP_KEYS_H

#include "top/listing.h"
#include "top/view.h"

/* Keys that are no character */
enum key {
	TOP_TAB = '\t', TOP_ENTER = '\n', TOP_ESC = 27,
	TOP_BACKSPACE = 256, TOP_UP, TOP_DOWN, TOP_PAGE_UP, TOP_PAGE_DOWN, TOP_HOME, TOP_END,
};

/**
 * view_key() - a view after a key
 * @key: a character, or enum key
 * @l: the list as it stands on the screen
 * @lines: of the screen that it has
 */
void view_key(struct view *v, int key, const struct listing *l, int lines);

#endif
