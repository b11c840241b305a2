// SPDX-License-Identifier: GPL-2.0
/*
 * Classes can't hide one another: a source that only sends INVALID packets,
 * one that only inserts, one that is only a victim, and so on, is each the
 * first of its own class while a million sources flood all other classes.
 */
#include "common.h"
#include "tap.h"

#define FLOOD	1000000
#define MINE	5000

static void event(struct ctri_table *t, unsigned int class, u64 key)
{
	struct ctri_source src = source_of(key);

	ctri_table_account(t, class, class, &src, 9, 90);
}

static bool alone(unsigned int mine, enum ctri_rank rank)
{
	struct ctri_table *t = table_make(128 * 1024, 5 + mine);
	struct ctri_merge_info info;
	struct ctri_row row[4];
	u64 rnd = 77, i;
	bool good;
	int n;

	for (i = 0; i < FLOOD; i++) {
		unsigned int class = rnd_below(&rnd, CTRI_CLASSES);

		/* half of the flood are ten sources: heavier than mine by far */
		if (class != mine)
			event(t, class, i % 2 ? i % 20 : rnd64(&rnd) | 1ULL << 40);
		if (i % (FLOOD / MINE) == 0)
			event(t, mine, 4711);
	}
	n = ctri_table_merge(&t, 1, mine, rank, 0, 9, 90, row, 4, &info);
	good = n == 1 && row[0].src.addr[0] == 4711 && row[0].total == MINE &&
	       !row[0].total_err && row[0].cur_low == MINE &&
	       row[0].cur_high == MINE && row[0].kind[mine] == MINE &&
	       info.distinct == 1 && !info.missed && !info.replaced;
	ctri_table_destroy(t);
	return good;
}

int main(void)
{
	static const char *const name[CTRI_CLASSES] = {
		"a source that only inserts is found, exactly, in a flood of the rest",
		"a source that only sends INVALID is found, exactly, likewise",
		"a source that is only refused is found, exactly, likewise",
		"a source that is only a victim is found, exactly, likewise",
		"a source that only makes others victims is found, exactly, likewise",
		"a source that only clashes is found, exactly, likewise",
		"a destination of INVALID packets alone is found, exactly, likewise",
		"a destination of refused packets alone is found, exactly, likewise",
		"a destination of victims alone is found, exactly, likewise",
		"a program is found, exactly, likewise",
	};
	unsigned int class;

	tap_begin(CTRI_CLASSES);
	for (class = 0; class < CTRI_CLASSES; class++)
		tap_ok(alone(class, CTRI_RANK_WINDOW) &&
		       alone(class, CTRI_RANK_TOTAL), name[class]);
	return tap_end(CTRI_CLASSES);
}
