// SPDX-License-Identifier: GPL-2.0
/*
 * table_replay - run a stream of source keys through the heavy-source table
 *
 * Reads little-endian 64-bit keys, or pairs of key and class, from standard
 * input and prints the heaviest sources of the last window with their bounds.
 */
#include <endian.h>
#include <getopt.h>
#include "common.h"

#define CPUS_MAX	4096

static const char *const class_name[CTRI_CLASSES] = {
	[CTRI_C_INSERT]		= "insert",
	[CTRI_C_INVALID]	= "invalid",
	[CTRI_C_REFUSED]	= "refused",
	[CTRI_C_EVICTED]	= "evicted",
	[CTRI_C_EVICTING]	= "evicting",
	[CTRI_C_INSERT_FAILED]	= "insert_failed",
	[CTRI_C_INVALID_TO]	= "invalid_to",
	[CTRI_C_REFUSED_TO]	= "refused_to",
	[CTRI_C_EVICTED_TO]	= "evicted_to",
	[CTRI_C_PROGRAM]	= "program",
};

/**
 * struct replay - the options, and how far the input has been read
 * @kib: memory of one CPU
 * @cpus: number of tables
 * @window: events a window; 0: all events are one window
 * @top: rows to print
 * @seed: of the hash key and of the dealing
 * @rss: deal keys to CPUs by key alone
 * @with_class: the input has a class after each key
 * @t: the tables
 * @events: events read
 * @seen: events of each class
 */
struct replay {
	u64 kib;
	u64 cpus;
	u64 window;
	u64 top;
	u64 seed;
	bool rss;
	bool with_class;
	struct ctri_table **t;
	u64 events;
	u64 seen[CTRI_CLASSES];
};

static void usage(FILE *out)
{
	fputs("Usage: table_replay [options] < keys\n"
	      "Run 64-bit little-endian source keys through the heavy-source table and print\n"
	      "the top sources of the last window as lines of: key low estimate high\n"
	      "\n"
	      "  --events     the input is pairs: key, class (0 insert, 1 invalid, 2 refused,\n"
	      "               3 evicted, 4 evicting, 5 insert_failed, 6 invalid_to,\n"
	      "               7 refused_to, 8 evicted_to, 9 program); print each class\n"
	      "  --kib N      memory of one CPU in KiB (512); without --events all of it\n"
	      "               serves the one class\n"
	      "  --cpus N     deal events to N CPUs by a hash of key and number (1)\n"
	      "  --rss        deal them by key alone, as a network card does\n"
	      "  --window N   events a window; 0: the whole input is one (0)\n"
	      "  --top K      rows to print (10)\n"
	      "  --seed S     of the hash key and of the dealing (1)\n"
	      "  --help       print this\n", out);
}

static int fail(const char *what, const char *arg)
{
	fprintf(stderr, "table_replay: %s%s%s\n", what, arg ? ": " : "",
		arg ? arg : "");
	return 1;
}

static bool number(const char *s, u64 least, u64 most, u64 *n)
{
	char *end;

	errno = 0;
	*n = strtoull(s, &end, 0);
	return *s >= '0' && *s <= '9' && !*end && !errno && *n >= least &&
	       *n <= most;
}

/* Returns 0; 1: a bad option, which has been reported; -1: help was asked for. */
static int options(struct replay *r, int argc, char **argv)
{
	static const struct option opts[] = {
		{ "events", no_argument, NULL, 'e' },
		{ "kib", required_argument, NULL, 'k' },
		{ "cpus", required_argument, NULL, 'c' },
		{ "rss", no_argument, NULL, 'r' },
		{ "window", required_argument, NULL, 'w' },
		{ "top", required_argument, NULL, 't' },
		{ "seed", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	bool good = true;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", opts, NULL)) != -1) {
		switch (c) {
		case 'e':
			r->with_class = true;
			break;
		case 'k':
			good = number(optarg, 1, INT_MAX / 1024, &r->kib);
			break;
		case 'c':
			good = number(optarg, 1, CPUS_MAX, &r->cpus);
			break;
		case 'r':
			r->rss = true;
			break;
		case 'w':
			good = number(optarg, 0, U64_MAX, &r->window);
			break;
		case 't':
			good = number(optarg, 0, 1000000, &r->top);
			break;
		case 's':
			good = number(optarg, 0, U64_MAX, &r->seed);
			break;
		case 'h':
			return -1;
		default:
			return fail("bad option or no value", argv[optind - 1]);
		}
		if (!good)
			return fail("bad value", optarg);
	}
	if (optind < argc)
		return fail("not an option", argv[optind]);
	return 0;
}

static u32 epoch_of(const struct replay *r, u64 event)
{
	return r->window ? event / r->window : 0;
}

static int tables_make(struct replay *r)
{
	static const u8 one[CTRI_CLASSES] = { [CTRI_C_INSERT] = 1 };
	siphash_key_t key = key_of(r->seed);
	u64 c;

	r->t = calloc(r->cpus, sizeof(*r->t));
	if (!r->t)
		return fail("no memory", NULL);
	for (c = 0; c < r->cpus; c++) {
		r->t[c] = r->with_class ?
			ctri_table_create(r->kib * 1024, &key, NUMA_NO_NODE) :
			ctri_table_create_shares(r->kib * 1024, one, &key,
						 NUMA_NO_NODE);
		if (!r->t[c])
			return fail("no memory, or --kib too small", NULL);
	}
	return 0;
}

static int account(struct replay *r, u64 key, u64 class)
{
	u64 deal = r->rss ? key : key ^ mix64(r->events);
	struct ctri_source src = source_of(key);
	u32 epoch = epoch_of(r, r->events);

	if (class >= CTRI_CLASSES)
		return fail("a class above 9 in the input", NULL);
	ctri_table_account(r->t[mix64(deal ^ mix64(r->seed)) % r->cpus], class,
			   0, &src, epoch, epoch);
	r->seen[class]++;
	r->events++;
	return 0;
}

static int replay(struct replay *r)
{
	size_t words = r->with_class ? 2 : 1, i, got;
	static u64 buf[8192];

	while ((got = fread(buf, 1, sizeof(buf), stdin)) > 0) {
		/* fread() is short at the end of the input alone */
		if (got % (words * sizeof(*buf)))
			return fail("the input ends within a record", NULL);
		for (i = 0; i < got / sizeof(*buf); i += words) {
			u64 class = words == 2 ? le64toh(buf[i + 1]) : 0;

			if (account(r, le64toh(buf[i]), class))
				return 1;
		}
	}
	if (ferror(stdin))
		return fail("can't read the input", strerror(errno));
	return 0;
}

/* Worst of the last window first; the merge ranks by two windows. */
static int by_window(const void *a, const void *b)
{
	const struct ctri_row *x = a, *y = b;

	if (x->cur_est != y->cur_est)
		return x->cur_est < y->cur_est ? 1 : -1;
	if (x->cur_low != y->cur_low)
		return x->cur_low < y->cur_low ? 1 : -1;
	return x->src.addr[0] < y->src.addr[0] ? -1 : 1;
}

static int print_class(const struct replay *r, unsigned int class)
{
	u32 epoch = epoch_of(r, r->events ? r->events - 1 : 0);
	struct ctri_merge_info info;
	struct ctri_row *rows;
	int n, i;

	n = ctri_table_merge(r->t, r->cpus, class, CTRI_RANK_WINDOW, 0, epoch,
			     epoch, NULL, 0, &info);
	rows = malloc((info.entries + 1) * sizeof(*rows));
	if (n < 0 || !rows)
		return fail("no memory", NULL);
	n = ctri_table_merge(r->t, r->cpus, class, CTRI_RANK_WINDOW, 0, epoch,
			     epoch, rows, info.entries, &info);
	if (n < 0)
		return fail("no memory", NULL);
	qsort(rows, n, sizeof(*rows), by_window);
	for (i = 0; i < n && i < (int)r->top && rows[i].cur_low; i++)
		printf("%llu %u %u %u\n", (unsigned long long)rows[i].src.addr[0],
		       rows[i].cur_low, rows[i].cur_est, rows[i].cur_high);
	printf("distinct %llu\n", (unsigned long long)info.distinct);
	free(rows);
	return 0;
}

int main(int argc, char **argv)
{
	struct replay r = { .kib = 512, .cpus = 1, .top = 10, .seed = 1 };
	unsigned int class;
	int err;
	u64 c;

	err = options(&r, argc, argv);
	if (err < 0) {
		usage(stdout);
		return 0;
	}
	if (err || tables_make(&r) || replay(&r))
		return 1;
	for (class = 0; class < CTRI_CLASSES; class++) {
		if (class && !r.with_class)
			break;
		if (r.with_class)
			printf("class %s events %llu\n", class_name[class],
			       (unsigned long long)r.seen[class]);
		if (print_class(&r, class))
			return 1;
	}
	for (c = 0; c < r.cpus; c++)
		ctri_table_destroy(r.t[c]);
	free(r.t);
	if (fflush(stdout) || ferror(stdout))
		return fail("can't write the output", strerror(errno));
	return 0;
}
