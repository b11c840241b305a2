/* SPDX-License-Identifier: GPL-2.0 */
/* What the members of a crowd are called, and whose an address is. */
#ifndef CONNTRIAGE_SITUATIONS_CROWD_H
#define CONNTRIAGE_SITUATIONS_CROWD_H

#include "tests/situations/situation.h"

#define ADDRESS_TEXT	56	/* bytes: an IPv6 address with its bits */

struct address {
	int family;
	uint64_t high, low;	/* of IPv4 only the lower half of low */
};

/** crowd_member() - the whole address of one */
struct address crowd_member(const struct crowd *c, uint32_t i);

/** crowd_weights() - the shares of a NAMED crowd's members; their sum is 1 */
void crowd_weights(const struct crowd *c, double *weight);

/** address_source() - as the module has it: IPv6 masked to 64 bits */
struct address address_source(struct address a);

/** address_prefix() - masked to 24 or 48 bits */
struct address address_prefix(struct address a);

/** address_text() - with "/bits" behind it, where @bits isn't 0 */
char *address_text(char *text, const struct address *a, int bits);

/**
 * crowd_named() - who is meant by a word of a command
 * @word: an address, or address/bits
 * @whole: set where the word covers more than one member's address
 *
 * Return: the crowd, or NULL: nobody of this situation, or no address.
 */
const struct crowd *crowd_named(const struct situation *s, const char *word, bool *whole);

/**
 * crowd_share() - how much of a NAMED crowd's weight a word covers, by its number
 * @word: as of crowd_named()
 */
double crowd_share(const struct crowd *c, const char *word);

#endif
