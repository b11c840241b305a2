/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the hashes by which entries are counted. */
#ifndef CONNTRIAGE_ENTRIES_KEYS_H
#define CONNTRIAGE_ENTRIES_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * keys_stay() - whether keys are the same each time
 *
 * A live table's are drawn, against whoever chooses addresses. What was captured has to
 * give the same estimates whenever it is read.
 */
void keys_stay(bool yes);

/** key_draw() - a key, @bytes of it */
void key_draw(void *to, size_t bytes);

#endif
