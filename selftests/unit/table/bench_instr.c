// SPDX-License-Identifier: GPL-2.0
/*
 * bench_instr WHAT EVENTS: events of one sort for bench.sh to count
 * instructions of, after a set-up that is the same for any number of events.
 */
#include "common.h"
#include "table_priv.h"

/* IPv4 sources: what the limits are about. */
static struct ctri_source v4(u32 addr)
{
	struct ctri_source src = { .addr = { addr }, .netns = 1, .family = 4 };

	return src;
}

/* Every way of every bucket in use, with ranks that nobody gets past. */
static void fill(struct ctri_table *t)
{
	struct ctri_shard *sh = &t->shard[CTRI_C_INSERT];
	u32 i, way;

	for (i = 0; i < 100000; i++) {
		struct ctri_source src = v4(1U << 31 | i);

		ctri_table_account(t, CTRI_C_INSERT, 0, &src, 1, 1);
	}
	for (i = 0; i < sh->buckets; i++) {
		sh->bucket[i].floor = 1U << 31;
		for (way = 0; way < CTRI_WAYS; way++)
			sh->bucket[i].score[way] = 1U << 31;
	}
}

int main(int argc, char **argv)
{
	struct ctri_table *t = table_make_one(128 * 1024, 1);
	unsigned long events, i;
	struct ctri_source src;
	u32 now = 1, key;
	char what;

	if (argc != 3 || !strchr("arsfmn", argv[1][0])) {
		fputs("bench_instr: another|again|six|first-of-second|miss|new EVENTS\n",
		      stderr);
		return 1;
	}
	what = argv[1][0] == 'a' && !strcmp(argv[1], "again") ? 'r' : argv[1][0];
	events = strtoul(argv[2], NULL, 0);
	/* 300 sources fill 40 % of the ways: they are found in all places */
	for (i = 0; i < 30000; i++) {
		src = what == 's' ? source_of(i % 300) : v4(i % 300);
		ctri_table_account(t, CTRI_C_INSERT, 0, &src, 1, 1);
	}
	if (what == 'm')
		fill(t);
	for (i = 0; i < events; i++) {
		key = what == 'r' ? 1 : what == 'm' || what == 'n' ? 1000000 + i :
		      i % 300;
		src = what == 's' ? source_of(key) : v4(key);
		if (what == 'f')
			now = 2 + i / 300;
		ctri_table_account(t, CTRI_C_INSERT, 0, &src, 1, now);
	}
	ctri_table_destroy(t);
	return 0;
}
