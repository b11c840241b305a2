// SPDX-License-Identifier: GPL-2.0
/*
 * One place for many addresses, kept by the one that is met more often than the others
 * (J. Misra, D. Gries, "Finding repeated elements", 1982, with one counter a place).
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "entries/keys.h"
#include "entries/sports.h"
#include "lib/memory.h"

#define PLACES	4096

struct place {
	uint8_t address[16];
	int family;
	int port;		/* 0: several */
	int64_t weight;		/* its entries less those of others */
};

struct sports {
	uint64_t key;
	struct place place[PLACES];
};

struct sports *sports_begin(void)
{
	struct sports *p = calloc(1, sizeof(*p));

	if (!p)
		no_memory();
	key_draw(&p->key, sizeof(p->key));
	return p;
}

static size_t place_of(const struct sports *p, const uint8_t *address)
{
	uint64_t word[2], hash;

	memcpy(word, address, sizeof(word));
	hash = (le64toh(word[0]) + p->key) * UINT64_C(0x9e3779b97f4a7c15);
	hash = ((hash ^ hash >> 32) + le64toh(word[1])) * UINT64_C(0x9e3779b97f4a7c15);
	return (hash ^ hash >> 29) % PLACES;
}

void sports_add(struct sports *p, const struct entry *e)
{
	struct place *at = &p->place[place_of(p, e->source)];

	if (at->weight && (at->family != e->family ||
			   memcmp(at->address, e->source, sizeof(at->address)))) {
		at->weight--;
		return;
	}
	if (!at->weight) {
		memcpy(at->address, e->source, sizeof(at->address));
		at->family = e->family;
		at->port = e->sport > 0 ? e->sport : 0;
	} else if (at->port != e->sport) {
		at->port = 0;
	}
	at->weight++;
}

int sports_of(const struct sports *p, int family, const uint8_t *address)
{
	const struct place *at = &p->place[place_of(p, address)];

	return at->weight && at->family == family &&
	       !memcmp(at->address, address, sizeof(at->address)) ? at->port : 0;
}

void sports_free(struct sports *p)
{
	free(p);
}
