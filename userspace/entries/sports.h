/* SPDX-License-Identifier: GPL-2.0 */
/* Heavy sources that send all of theirs from one port, as a server's answers are. */
#ifndef CONNTRIAGE_ENTRIES_SPORTS_H
#define CONNTRIAGE_ENTRIES_SPORTS_H

#include "entries/entry.h"

struct sports;

struct sports *sports_begin(void);

/** sports_add() - note the source port of an entry */
void sports_add(struct sports *p, const struct entry *e);

/**
 * sports_of() - the source port of all entries of an address
 * @address: 16 bytes; IPv4 in the first four
 *
 * Return: 0 where there are several, or it isn't known: of an address that has more
 * entries than all others that share its place, it mostly is.
 */
int sports_of(const struct sports *p, int family, const uint8_t *address);

void sports_free(struct sports *p);

#endif
