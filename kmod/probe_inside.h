/* SPDX-License-Identifier: GPL-2.0 */
/* Which calls of early_drop() are under way, and whose. */
#ifndef CONNTRIAGE_PROBE_INSIDE_H
#define CONNTRIAGE_PROBE_INSIDE_H

/**
 * struct ctri_inside - one call of early_drop()
 * @owner: the context that is in it, 0: free; by cmpxchg() from 0, back by the owner
 * @victims: entries that it has killed so far; the owner's alone
 */
struct ctri_inside {
	unsigned long owner;
	unsigned int victims;
};

struct ctri_inside *ctri_inside_enter(void);
void ctri_inside_leave(struct ctri_inside *in);
struct ctri_inside *ctri_inside_here(void);

#endif
