/* SPDX-License-Identifier: GPL-2.0 */
/* Who an address is, as far as this host's files tell: an address alone is nobody. */
#ifndef CONNTRIAGE_LIB_WHO_H
#define CONNTRIAGE_LIB_WHO_H

#include "snapshot.h"

#define WHO_SIZE	80	/* bytes that are enough for the words, which are cut else */

/**
 * who_words() - who an address is
 * @netns: the namespace that the address was seen in
 * @address: without prefix length or port
 *
 * Return: in a buffer of lib/words.h: "pod shop/cart-7f, nginx", for example; "" where
 * nothing is known. For people: no part of it may get into a command.
 */
const char *who_words(const struct snapshot *s, int64_t netns, const char *address);

#endif
