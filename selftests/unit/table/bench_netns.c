// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to tell one namespace its sources of a class, by how many CPUs have
 * a table and how many of them it had events on. All tables are full of others'
 * sources. CPU time of the real machine: microseconds, and beside it what it takes
 * for the sources of all.
 *
 *	bench_netns [KIB-A-TABLE]
 */
#include "common.h"

#define CPUS	256
#define MINE	7
#define RUNS	9

static struct ctri_table *table[CPUS];
static struct ctri_row row[64];

static int by_time(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void event(struct ctri_table *t, u32 netns, u64 key)
{
	struct ctri_source src = source_of(key);

	src.netns = netns;
	ctri_table_account(t, CTRI_C_INSERT, 1, &src, 9, 90);
}

/* The median time of merges of @n tables, ns; others use the caches in between */
static u64 merge(unsigned int n, u32 netns, int *rows)
{
	static char cold[64 << 20];
	struct ctri_merge_info info;
	u64 took[RUNS], began;
	unsigned int i;

	for (i = 0; i < RUNS; i++) {
		memset(cold, i, sizeof(cold));
		began = cpu_nanoseconds();
		*rows = ctri_table_merge(table, n, CTRI_C_INSERT, CTRI_RANK_WINDOW,
					 netns, 9, 90, row, 64, &info);
		took[i] = cpu_nanoseconds() - began;
	}
	qsort(took, RUNS, sizeof(took[0]), by_time);
	return took[RUNS / 2];
}

int main(int argc, char **argv)
{
	size_t bytes = (argc > 1 ? strtoul(argv[1], NULL, 10) : 512) * 1024;
	unsigned int n, c, i;
	u64 rnd = 1, own, none, all;
	int rows, more;

	for (c = 0; c < CPUS; c++) {
		table[c] = table_make(bytes, 1);
		for (i = 0; i < 1000; i++)	/* ten sources, on every CPU */
			event(table[c], MINE, i % 10);
		for (i = 0; i < bytes / 64; i++)
			event(table[c], 1, rnd64(&rnd) | 1ULL << 40);
	}
	printf("%zu KiB a table\n%6s %12s %6s %12s %12s\n", bytes / 1024, "tables",
	       "its own, us", "rows", "none, us", "all, us");
	for (n = 1; n <= CPUS; n *= 4) {
		own = merge(n, MINE, &rows);
		none = merge(n, MINE + 1, &more);
		all = merge(n, 0, &more);
		printf("%6u %12.1f %6d %12.1f %12.1f\n", n, own / 1000.0, rows,
		       none / 1000.0, all / 1000.0);
	}
	for (c = 0; c < CPUS; c++)
		ctri_table_destroy(table[c]);
	return 0;
}
