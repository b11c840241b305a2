// SPDX-License-Identifier: GPL-2.0
/* The sources of what has arrived: rows as the module's of class "insert". */
#include <linux/netfilter/nf_conntrack_common.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries/arrivals.h"
#include "entries/census_user.h"
#include "entries/source.h"
#include "kmod/abi.h"
#include "kmod/table.h"
#include "lib/memory.h"
#include "lib/numbers.h"

#define BYTES		(512 * 1024)	/* of the table: 4,000 sources and more */
#define ROWS		64		/* as the module's: CTRI_TOP of kmod/snapshot.h */

/* Of a source table the classes that count something here */
#define CLASS_ARRIVED	CTRI_C_INSERT
#define CLASS_NEWCOMER	CTRI_C_REFUSED

/* Sub-counters: by protocol, and evictable ones before those that are ASSURED */
enum { KIND_TCP, KIND_UDP, KIND_ICMP, KIND_OTHER, PROTO_KINDS };

static const char *const kind_name[PROTO_KINDS] = { "tcp", "udp", "icmp", "other" };

struct arrivals {
	struct ctri_table *table;
	int64_t evictable, assured;	/* of all, also of those without a record */
};

struct arrivals *arrivals_begin(void)
{
	static const u8 shares[CTRI_CLASSES] = { [CLASS_ARRIVED] = 12, [CLASS_NEWCOMER] = 4 };
	struct arrivals *a = calloc(1, sizeof(*a));
	siphash_key_t key;

	if (!a)
		no_memory();
	masks_begin();
	get_random_bytes(&key, sizeof(key));
	a->table = ctri_table_create_shares(BYTES, shares, &key, NUMA_NO_NODE);
	if (!a->table)
		no_memory();
	return a;
}

static unsigned int kind_of(const struct entry *e)
{
	unsigned int assured = e->status & IPS_ASSURED ? PROTO_KINDS : 0;

	switch (e->proto) {
	case IPPROTO_TCP:
		return KIND_TCP + assured;
	case IPPROTO_UDP:
		return KIND_UDP + assured;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return KIND_ICMP + assured;
	default:
		return KIND_OTHER + assured;
	}
}

void arrivals_add(struct arrivals *a, const struct entry *e)
{
	struct ctri_source src;

	if (e->status & IPS_ASSURED)
		a->assured++;
	else
		a->evictable++;
	entry_source(e, &src);
	ctri_table_account(a->table, CLASS_ARRIVED, kind_of(e), &src, 1, 1);
	if (e->newcomer)
		ctri_table_account(a->table, CLASS_NEWCOMER, 0, &src, 1, 1);
}

/* What one that is left stands for: those that were evicted, and those of the sample */
struct weight {
	double evictable, assured, seconds;
};

static void put_row(struct snapshot *s, int64_t netns, const struct ctri_row *r,
		    const struct weight *w)
{
	struct source_row *row = grow(&s->source, &s->nr_source, sizeof(*row));
	double all = 0;
	int i;

	row->class = SRC_INSERT;
	row->netns = netns;
	row->id = CTRI_ID_OTHER;
	source_name(&r->src, row->source, sizeof(row->source), &row->family);
	row->gone = UNKNOWN;
	for (i = 0; i < PROTO_KINDS; i++) {
		double count = r->kind[i] * w->evictable + r->kind[i + PROTO_KINDS] * w->assured;
		struct kind_count *kind = &row->kind[row->nr_kinds];

		if (count <= 0)
			continue;
		snprintf(kind->name, sizeof(kind->name), "%s", kind_name[i]);
		kind->count = llround(count);
		all += count;
		row->nr_kinds++;
	}
	row->count = row->recent = llround(all);
	row->err = row->recent_err = llround(r->total_err * w->evictable);
	row->rate = all / w->seconds;
	row->first_ago = llround(w->seconds);
}

static int merge(const struct arrivals *a, enum ctri_class class, struct ctri_row *row,
		 int64_t *distinct)
{
	struct ctri_merge_info info;
	int nr = ctri_table_merge(&a->table, 1, class, CTRI_RANK_TOTAL, 0, 1, 1, row, ROWS, &info);

	if (nr < 0)
		no_memory();
	*distinct = info.distinct;
	return nr;
}

void arrivals_end(struct arrivals *a, struct snapshot *s, int64_t netns, double each,
		  double seconds, double evicted, struct arrived *sum)
{
	struct ctri_row *row = calloc(ROWS, sizeof(*row));
	double gone = evicted * seconds;
	const struct weight w = {
		.evictable = gone > 0.01 ? each * gone / -expm1(-gone) : each,
		.assured = each, .seconds = seconds,
	};
	int i, nr;

	if (!row)
		no_memory();
	sum->entries = a->evictable * w.evictable + a->assured * w.assured;
	merge(a, CLASS_NEWCOMER, row, &sum->newcomers);
	nr = merge(a, CLASS_ARRIVED, row, &sum->distinct);
	for (i = 0; i < nr; i++)
		put_row(s, netns, &row[i], &w);
	free(row);
	arrivals_free(a);
}

void arrivals_free(struct arrivals *a)
{
	if (!a)
		return;
	ctri_table_destroy(a->table);
	free(a);
}
