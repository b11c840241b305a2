// SPDX-License-Identifier: GPL-2.0
/*
 * Two Bloom filters whose bits of one entry stand in one cache line (F. Putze, P. Sanders,
 * J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007): an entry costs one
 * miss of the cache, and no more.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "entries/earlier.h"
#include "lib/memory.h"

#define LINE_WORDS	8		/* of 64 bits */
#define BITS		6		/* that an entry sets in its line */
#define LINES_LEAST	(1u << 6)	/* 4 KiB */
#define LINES_MOST	(1u << 18)	/* 16 MiB */
#define ENTRIES_A_LINE	16		/* 32 bits for each */

struct filter {
	uint64_t (*line)[LINE_WORDS];
	uint32_t mask;
};

struct earlier {
	uint64_t key[2];
	struct filter entries, sources;
};

static void filter_begin(struct filter *f, int64_t entries)
{
	uint32_t lines = LINES_LEAST;

	while (lines < LINES_MOST && (int64_t)lines * ENTRIES_A_LINE < entries)
		lines *= 2;
	f->mask = lines - 1;
	f->line = calloc(lines, sizeof(*f->line));
	if (!f->line)
		no_memory();
}

struct earlier *earlier_begin(int64_t entries)
{
	struct earlier *r = calloc(1, sizeof(*r));

	if (!r)
		no_memory();
	/* Without randomness the hash can be aimed at, and somebody's arrivals hidden. */
	if (getrandom(r->key, sizeof(r->key), 0) != sizeof(r->key))
		r->key[0] = (uintptr_t)r;
	r->key[1] |= 1;
	filter_begin(&r->entries, entries);
	filter_begin(&r->sources, entries);
	return r;
}

/* One round of multiplication and shift for each word, as ctri_peer_hash() in the module */
static uint64_t mix(const struct earlier *r, uint64_t hash, uint64_t word)
{
	hash = (hash ^ (word + r->key[0])) * r->key[1];
	hash ^= hash >> 32;
	hash *= r->key[1];
	return hash ^ hash >> 29;
}

static uint64_t mix_address(const struct earlier *r, uint64_t hash, const uint8_t *address)
{
	uint64_t word[2];

	memcpy(word, address, sizeof(word));
	return mix(r, mix(r, hash, word[0]), word[1]);
}

static uint64_t hash_source(const struct earlier *r, const struct entry *e)
{
	return mix(r, mix_address(r, e->family, e->source), 1);
}

static uint64_t hash_addresses(const struct earlier *r, const struct entry *e)
{
	uint64_t both;

	if (e->family != AF_INET)
		return mix_address(r, mix_address(r, e->family, e->source), e->dest);
	memcpy(&both, e->source, 4);
	memcpy((char *)&both + 4, e->dest, 4);
	return mix(r, e->family, both);
}

static uint64_t hash_entry(const struct earlier *r, const struct entry *e)
{
	uint64_t hash = hash_addresses(r, e);

	hash = mix(r, hash, (uint64_t)e->id << 32 | (uint64_t)(e->sport & 0xffff) << 16 |
		   (e->dport & 0xffff));
	return mix(r, hash, (uint64_t)e->zone << 8 | e->proto);
}

static void hash_both(const struct earlier *r, struct entry *e)
{
	if (e->hash)
		return;
	e->hash = hash_entry(r, e);
	e->source_hash = hash_source(r, e);
}

/* By other bits of the hash than the places in it */
static uint64_t *line_of(const struct filter *f, uint64_t hash)
{
	return f->line[(hash >> 40) & f->mask];
}

/* Six places of nine bits in a line of 512 */
static bool filter_has(const struct filter *f, uint64_t hash, bool set)
{
	uint64_t *line = line_of(f, hash), places = hash * UINT64_C(0x9e3779b97f4a7c15);
	bool has = true;
	int i;

	for (i = 0; i < BITS; i++, places >>= 9) {
		uint64_t bit = UINT64_C(1) << (places & 63), *word = &line[places >> 6 & 7];

		has = has && *word & bit;
		if (set)
			*word |= bit;
	}
	return has;
}

void earlier_note(struct earlier *r, struct entry *e)
{
	hash_both(r, e);
	filter_has(&r->entries, e->hash, true);
	filter_has(&r->sources, e->source_hash, true);
}

void earlier_fetch(const struct earlier *r, struct entry *e)
{
	hash_both(r, e);
	__builtin_prefetch(line_of(&r->entries, e->hash), 1);
	__builtin_prefetch(line_of(&r->sources, e->source_hash), 1);
}

void earlier_tell(const struct earlier *r, struct entry *e)
{
	hash_both(r, e);
	e->arrived = !filter_has(&r->entries, e->hash, false);
	e->newcomer = e->arrived && !filter_has(&r->sources, e->source_hash, false);
}

void earlier_free(struct earlier *r)
{
	if (!r)
		return;
	free(r->entries.line);
	free(r->sources.line);
	free(r);
}
