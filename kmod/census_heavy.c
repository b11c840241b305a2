// SPDX-License-Identifier: GPL-2.0
/*
 * Who holds most entries: sources, destinations, services, prefixes of sources,
 * and pairs of a destination and a service, each by stage, and how many distinct
 * peers they have. A source table of the walk's own counts them, and beside each
 * of its records stand sketches of the peers. All of that is fixed when a walk
 * begins, and gone when it ends.
 *
 * Consecutive entries of the table have nothing in common, so a record is found by
 * a hint: where the same hash was counted last.
 */
#include "census_heavy.h"
#include "census_shim.h"
#include "table_inline.h"
#include "table_peers.h"

#define CTRI_HEAVY_BYTES	(2UL << 20)	/* of the table */
#define CTRI_SEEN_BITS		12		/* hints a kind */

/* In ctri_source.family beside the address's own: it is a pair's. */
#define CTRI_FAMILY_PAIR	0x10

/**
 * struct ctri_heavy_peers - what a record has beside it
 * @sources: masked ones; of a prefix, whole addresses. Not kept of a source
 * @dests: not kept of a destination
 * @service: of a pair, instead of @dests: ctri_service()
 * @ports: services; of a pair, source ports. Not kept of a service
 */
struct ctri_heavy_peers {
	struct ctri_peers sources;
	union {
		struct ctri_peers dests;
		u32 service;
	};
	struct ctri_peers ports;
};

/**
 * struct ctri_heavy_hint - a guess where somebody is counted
 * @record: guessed
 * @peers: of that record
 */
struct ctri_heavy_hint {
	struct ctri_table_hint record;
	struct ctri_heavy_peers *peers;
};

/**
 * struct ctri_heavy_memo - the hash of what came last: entries have little in
 *	common, but many tables are one server's, or full of one service's
 * @word: what
 * @hash: of @word
 * @peer: of @hash
 */
struct ctri_heavy_memo {
	u64 word;
	u64 hash;
	struct ctri_peer peer;
};

/**
 * struct ctri_heavies - what is known of those who hold entries; the walker's own
 * @key: of hashes for hints and sketches
 * @table: the counts
 * @peers: of the table's records, by their slots
 * @lost: where the peers of those go who have no record
 * @dest: ctri_le64() of the first word of the last destination, if that is an IPv4
 *	address
 * @service: the last one
 * @hint: by hash
 */
struct ctri_heavies {
	struct ctri_peer_key key;
	struct ctri_table *table;
	struct ctri_heavy_peers *peers[CTRI_HEAVIES];
	struct ctri_heavy_peers lost;
	struct ctri_heavy_memo dest, service;
	struct ctri_heavy_hint hint[CTRI_HEAVIES][1 << CTRI_SEEN_BITS];
};

/* A source table has classes; these stand for the kinds. */
static const enum ctri_class ctri_heavy_class[CTRI_HEAVIES] = {
	[CTRI_H_SOURCE] = CTRI_C_INSERT,
	[CTRI_H_DEST] = CTRI_C_INVALID,
	[CTRI_H_SERVICE] = CTRI_C_REFUSED,
	[CTRI_H_PREFIX] = CTRI_C_EVICTED,
	[CTRI_H_PAIR] = CTRI_C_EVICTING,
};

/* How the table's memory is shared out among them. */
static const u8 ctri_heavy_shares[CTRI_CLASSES] = {
	[CTRI_C_INSERT] = 4, [CTRI_C_INVALID] = 4, [CTRI_C_REFUSED] = 2,
	[CTRI_C_EVICTED] = 2, [CTRI_C_EVICTING] = 4,
};

/*
 * A pair's second word. An IPv4 address leaves it to the service; an IPv6 address
 * needs it, so the service is added, times an odd number that is new and secret
 * with each walk. Two pairs of a /64 meet where their addresses differ by that
 * number times the difference of their services. Nobody can aim at that, and for
 * two given pairs it happens with a probability of 2^-45 at most: of the protocols
 * with ports, two differ by 4 << 16 at the roundest, which leaves 45 bits of the
 * number to be met.
 */
static u64 ctri_pair_word(const struct ctri_heavies *h, u64 addr1, u64 service)
{
	return ctri_le64(ctri_le64(addr1) + service * h->key.mul);
}

static noinline struct ctri_heavy_peers *
ctri_heavy_search(struct ctri_heavies *h, enum ctri_heavy_kind kind,
		  struct ctri_heavy_hint *hint, const struct ctri_source *src,
		  u32 service, enum ctri_stage stage)
{
	enum ctri_class class = ctri_heavy_class[kind];
	bool admitted;

	if (!ctri_table_account_hint(h->table, class, stage, src, &hint->record,
				     &admitted))
		return &h->lost;
	hint->peers = &h->peers[kind][ctri_table_slot(h->table, class,
						      &hint->record)];
	if (admitted) {
		memset(hint->peers, 0, sizeof(*hint->peers));
		if (kind == CTRI_H_PAIR)
			hint->peers->service = service;
	}
	return hint->peers;
}

/* Counts an entry, and returns where to note its peers. */
static __always_inline struct ctri_heavy_peers *
ctri_heavy_add(struct ctri_heavies *h, enum ctri_heavy_kind kind, u64 hash,
	       u64 addr0, u64 addr1, u32 netns, u8 family, u32 service,
	       enum ctri_stage stage)
{
	struct ctri_heavy_hint *hint = &h->hint[kind][hash >> (64 - CTRI_SEEN_BITS)];

	if (unlikely(!ctri_table_count_hint(&hint->record, addr0, addr1, netns,
					    family, stage))) {
		struct ctri_source src = {
			.addr = { addr0, addr1 }, .netns = netns, .family = family,
		};

		return ctri_heavy_search(h, kind, hint, &src, service, stage);
	}
	return hint->peers;
}

/* The addresses of an entry, as the table has them. */
struct ctri_heavy_ends {
	u64 source[2];		/* masked */
	u64 whole[2];
	u64 prefix[2];
	u64 dest[2];
	u8 family;
};

static void ctri_heavy_remember(const struct ctri_heavies *h,
				struct ctri_heavy_memo *memo, u64 word)
{
	memo->word = word;
	memo->hash = ctri_peer_hash(word, &h->key);
	memo->peer = ctri_peer_of(memo->hash);
}

/* An IPv4 address's second word is 0, which the compiler knows where it is so. */
static __always_inline u64 ctri_heavy_hash(const struct ctri_heavies *h,
					   const u64 *addr, u8 family)
{
	u64 word = ctri_le64(addr[0]);

	if (family == CTRI_FAMILY_IPV6)
		word ^= ctri_peer_hash(ctri_le64(addr[1]), &h->key);
	return ctri_peer_hash(word, &h->key);
}

static __always_inline void
ctri_heavy_entry(struct ctri_heavies *h, u32 netns,
		 const struct ctri_heavy_ends *e,
		 const struct nf_conntrack_tuple *t, enum ctri_stage stage)
{
	u64 hash_source = ctri_heavy_hash(h, e->source, e->family);
	struct ctri_peer source = ctri_peer_of(hash_source), whole = source;
	struct ctri_peer dest, port = { 0 };
	struct ctri_heavy_peers *p;
	u64 hash_dest;

	if (e->family == CTRI_FAMILY_IPV4) {
		u64 word = ctri_le64(e->dest[0]);

		if (h->dest.word != word)
			ctri_heavy_remember(h, &h->dest, word);
		hash_dest = h->dest.hash;
		dest = h->dest.peer;
	} else {
		hash_dest = ctri_heavy_hash(h, e->dest, e->family);
		dest = ctri_peer_of(hash_dest);
	}
	if (likely(ctri_has_ports(t->dst.protonum))) {
		u64 service = ctri_service(t), hash_service;

		if (h->service.word != service)
			ctri_heavy_remember(h, &h->service, service);
		hash_service = h->service.hash;
		port = h->service.peer;
		p = ctri_heavy_add(h, CTRI_H_SERVICE, hash_service, service, 0,
				   netns, CTRI_FAMILY_SERVICE, 0, stage);
		ctri_peers_add(&p->sources, source);
		ctri_peers_add(&p->dests, dest);
		p = ctri_heavy_add(h, CTRI_H_PAIR, hash_service ^ hash_dest,
				   e->dest[0],
				   ctri_pair_word(h, e->dest[1], service), netns,
				   CTRI_FAMILY_PAIR | e->family, service, stage);
		ctri_peers_add(&p->sources, source);
		ctri_peers_add(&p->ports,
			       ctri_peer_of(ctri_peer_hash(ntohs(t->src.u.all),
							   &h->key)));
	}

	p = ctri_heavy_add(h, CTRI_H_SOURCE, hash_source, e->source[0],
			   e->source[1], netns, e->family, 0, stage);
	ctri_peers_add(&p->dests, dest);
	ctri_peers_add(&p->ports, port);

	p = ctri_heavy_add(h, CTRI_H_DEST, hash_dest, e->dest[0], e->dest[1],
			   netns, e->family, 0, stage);
	ctri_peers_add(&p->sources, source);
	ctri_peers_add(&p->ports, port);

	if (e->whole[0] != e->source[0] || e->whole[1] != e->source[1])
		whole = ctri_peer_of(ctri_heavy_hash(h, e->whole, e->family));
	p = ctri_heavy_add(h, CTRI_H_PREFIX,
			   ctri_heavy_hash(h, e->prefix, e->family),
			   e->prefix[0], e->prefix[1], netns, e->family, 0, stage);
	ctri_peers_add(&p->sources, whole);
	ctri_peers_add(&p->dests, dest);
	ctri_peers_add(&p->ports, port);
}

static noinline void ctri_heavy_entry6(struct ctri_heavies *h, u32 netns,
				       const struct nf_conntrack_tuple *t,
				       enum ctri_stage stage)
{
	struct ctri_heavy_ends e = { .family = CTRI_FAMILY_IPV6 };
	unsigned int i;

	memcpy(e.whole, &t->src.u3.in6, sizeof(e.whole));
	memcpy(e.dest, &t->dst.u3.in6, sizeof(e.dest));
	for (i = 0; i < 2; i++) {
		e.source[i] = e.whole[i] & ctri_source_masks.ip6[i];
		e.prefix[i] = e.whole[i] & ctri_census_masks.ip6[i];
	}
	ctri_heavy_entry(h, netns, &e, t, stage);
}

/**
 * ctri_heavies_count() - count an entry for all who hold it
 * @h: where
 * @netns: ctri_net.id
 * @t: the entry's original tuple
 * @stage: the entry's stage
 *
 * Context: the caller is alone on @h.
 */
void ctri_heavies_count(struct ctri_heavies *h, u32 netns,
			const struct nf_conntrack_tuple *t,
			enum ctri_stage stage)
{
	if (likely(t->src.l3num == NFPROTO_IPV4)) {
		struct ctri_heavy_ends e = {
			.source = { ctri_addr4(ctri_ipv4_source(t->src.u3.ip)) },
			.whole = { ctri_addr4((__force u32)t->src.u3.ip) },
			.prefix = { ctri_addr4((__force u32)(t->src.u3.ip &
							     ctri_census_masks.ip)) },
			.dest = { ctri_addr4((__force u32)t->dst.u3.ip) },
			.family = CTRI_FAMILY_IPV4,
		};

		ctri_heavy_entry(h, netns, &e, t, stage);
	} else {
		ctri_heavy_entry6(h, netns, t, stage);
	}
}

/* What stands beside the record that a row is of. */
static const struct ctri_heavy_peers *
ctri_heavy_peers_of(struct ctri_heavies *h, enum ctri_heavy_kind kind,
		    const struct ctri_source *src)
{
	enum ctri_class class = ctri_heavy_class[kind];
	struct ctri_table_hint hint;

	if (!ctri_table_find(h->table, class, src, &hint))
		return &h->lost;
	return &h->peers[kind][ctri_table_slot(h->table, class, &hint)];
}

static void ctri_heavy_fill(struct ctri_heavies *h, enum ctri_heavy_kind kind,
			    struct ctri_heavy *heavy)
{
	struct ctri_source *src = &heavy->row.src;
	const struct ctri_heavy_peers *p = ctri_heavy_peers_of(h, kind, src);

	heavy->sources = kind == CTRI_H_SOURCE ? 1 :
						 ctri_peers_estimate(&p->sources);
	heavy->dests = kind == CTRI_H_DEST || kind == CTRI_H_PAIR ? 1 :
						 ctri_peers_estimate(&p->dests);
	heavy->ports = kind == CTRI_H_SERVICE ? 1 : ctri_peers_estimate(&p->ports);
	if (kind == CTRI_H_PAIR) {
		heavy->service = p->service;
		src->family &= ~CTRI_FAMILY_PAIR;
		src->addr[1] = ctri_pair_word(h, src->addr[1], -(u64)p->service);
	}
	heavy->inum = ctri_net_inum(src->netns);
}

/**
 * ctri_heavies_rank() - those who hold most
 * @h: where they were counted
 * @kind: of these
 * @top: filled, most first; CTRI_CENSUS_TOP of them
 *
 * Context: process; sleeps.
 * Return: how many there are, or -ENOMEM.
 */
int ctri_heavies_rank(struct ctri_heavies *h, enum ctri_heavy_kind kind,
		      struct ctri_heavy *top)
{
	struct ctri_merge_info info;
	struct ctri_row *row;
	int i, nr;

	row = kvcalloc(CTRI_CENSUS_TOP, sizeof(*row), GFP_KERNEL);
	if (!row)
		return -ENOMEM;
	nr = ctri_table_merge(&h->table, 1, ctri_heavy_class[kind],
			      CTRI_RANK_TOTAL, 0, 0, 0, row, CTRI_CENSUS_TOP,
			      &info);
	for (i = 0; i < nr; i++) {
		top[i].row = row[i];
		ctri_heavy_fill(h, kind, &top[i]);
	}
	kvfree(row);
	return nr;
}

static int ctri_heavies_alloc(struct ctri_heavies *h)
{
	siphash_key_t key;
	unsigned int kind;

	get_random_bytes(&key, sizeof(key));
	get_random_bytes(&h->key, sizeof(h->key));
	h->key.mul |= 1;
	ctri_heavy_remember(h, &h->dest, 0);
	ctri_heavy_remember(h, &h->service, 0);
	h->table = ctri_table_create_shares(CTRI_HEAVY_BYTES, ctri_heavy_shares,
					    &key, NUMA_NO_NODE);
	if (!h->table)
		return -ENOMEM;
	for (kind = 0; kind < CTRI_HEAVIES; kind++) {
		unsigned int i, slots;

		slots = ctri_table_slots(h->table, ctri_heavy_class[kind]);
		h->peers[kind] = kvmalloc_array(slots, sizeof(*h->peers[kind]),
						GFP_KERNEL);
		if (!h->peers[kind])
			return -ENOMEM;
		for (i = 0; i < ARRAY_SIZE(h->hint[kind]); i++)
			ctri_table_hints_init(h->table, &h->hint[kind][i].record,
					      1);
	}
	return 0;
}

/**
 * ctri_heavies_create() - count from nothing
 *
 * Context: process; sleeps.
 * Return: to be destroyed; NULL: no memory. It is 5 MiB, whatever the table of
 * connections holds.
 */
struct ctri_heavies *ctri_heavies_create(void)
{
	struct ctri_heavies *h = kvzalloc(sizeof(*h), GFP_KERNEL);

	if (h && ctri_heavies_alloc(h)) {
		ctri_heavies_destroy(h);
		return NULL;
	}
	return h;
}

/**
 * ctri_heavies_destroy() - free all of it
 * @h: of ctri_heavies_create(), or NULL
 *
 * Context: process; sleeps.
 */
void ctri_heavies_destroy(struct ctri_heavies *h)
{
	unsigned int kind;

	if (!h)
		return;
	for (kind = 0; kind < CTRI_HEAVIES; kind++)
		kvfree(h->peers[kind]);
	ctri_table_destroy(h->table);
	kvfree(h);
}
