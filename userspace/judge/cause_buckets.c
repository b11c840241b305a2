// SPDX-License-Identifier: GPL-2.0
/*
 * Too few hash buckets. Judged by the chains that there are, not by a rule of
 * thumb; every entry stands in two of them. The hash table is one for all
 * namespaces, so a big one lengthens the chains of the others.
 */
#include <math.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

#define DOMINANT		80	/* % of all entries in one namespace */
#define NAMED		3	/* of those that lose connections */

struct chains {
	double buckets, slots, mean;
	int64_t longest;	/* UNKNOWN without a census */
	int64_t refused;	/* chaintoolong since the module was loaded, or boot */
	bool now;		/* insertions fail within TH(SPELL) */
	/*
	 * What a chain may hold before this kernel refuses more, drawn anew each
	 * time; 0: it never does (MIN_CHAINLEN in nf_conntrack_core.c;
	 * docs/conntrack.md, "Chains")
	 */
	int shortest, most;
};

/*
 * A release that can't be parsed is taken for a new one. Distributions call all
 * of 6.1 "6.1.0-N": theirs are taken for late ones. Of 5.15 it isn't known in which
 * stable release the limit rose: the later ones are taken for it.
 */
static void limits_of(const struct snapshot *s, struct chains *c)
{
	static const struct {
		int major, minor, patch, shortest, most;
	} since[] = {		/* newest first */
		{ 6, 3, 0, 50, 79 }, { 6, 2, 0, 8, 31 }, { 6, 1, 20, 50, 79 },
		{ 5, 16, 0, 8, 31 }, { 5, 15, 103, 50, 79 }, { 5, 15, 0, 8, 31 },
		{ 0, 0, 0, 0, 0 },
	};
	int major = 99, minor = 0, patch = 0;
	size_t i = 0;

	if (sscanf(s->kernel, "%4d.%4d.%4d", &major, &minor, &patch) < 2)
		major = 99;
	if (!patch && strstr(s->kernel, ".0-"))
		patch = 999;
	while (major < since[i].major ||
	       (major == since[i].major && (minor < since[i].minor ||
		(minor == since[i].minor && patch < since[i].patch))))
		i++;
	c->shortest = since[i].shortest;
	c->most = since[i].most;
}

/*
 * Chains of an even hash are as long as a Poisson distribution has it. A chain is
 * refused when it holds two more than the limit: is one of so many expected to?
 */
static bool gets_too_long(const struct chains *c, double mean, double buckets)
{
	double below = 0;
	int k;

	for (k = 0; k < c->shortest + 2; k++)
		below += exp(k * log(mean) - mean - lgamma(k + 1));
	return c->shortest && mean > 0 && buckets * (1 - below) >= 1;
}

static void measure(const struct tables *ts, struct chains *c)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_CHAIN, UNKNOWN);
	int64_t length;
	size_t i;

	memset(c, 0, sizeof(*c));
	c->longest = UNKNOWN;
	for (; row; row = tables_next(ts, row)) {
		if (!text_count(row->name, &length) || row->entries <= 0)
			continue;
		c->buckets += row->entries;
		c->slots += (double)length * row->entries;
		if (length > c->longest)
			c->longest = length;
	}
	if (c->longest == UNKNOWN) {
		c->buckets = known(ts->s->buckets);
		c->slots = 2 * (double)ts->entries;
	}
	c->mean = c->buckets > 0 ? c->slots / c->buckets : 0;
	for (i = 0; i < ts->nr_netns; i++)
		if (ts->netns[i].row)
			c->refused = plus(c->refused, ts->netns[i].row->k_chaintoolong);
	if (!ts->s->mod.loaded)
		c->refused = known(ts->s->stat.chaintoolong);
	c->now = c->refused && ts->spell.insert_failed;
	limits_of(ts->s, c);
}

/* An even hash makes chains of about the mean; its square root is their spread. */
static bool skewed(const struct chains *c)
{
	return c->longest != UNKNOWN &&
	       c->longest > c->mean + TH(CHAIN_SKEW) * sqrt(c->mean) + 8;
}

/* What the chains would be if one table alone reached its maximum. */
static double mean_at_max(const struct tables *ts)
{
	double buckets = known(ts->s->buckets);

	return buckets > 0 && ts->s->max > 0 ? 2 * (double)ts->s->max / buckets : 0;
}

static const struct netns_table *dominant(const struct tables *ts)
{
	size_t i;

	for (i = 0; ts->nr_tables > 1 && i < ts->nr_netns; i++)
		if (share(ts->netns[i].count, ts->entries) >= DOMINANT)
			return &ts->netns[i];
	return NULL;
}

/* Whose connections are lost; the module names them once some were. */
static void losers(const struct tables *ts, struct finding *f)
{
	size_t i, nr = 0;

	for (i = 0; i < ts->nr_actors; i++) {
		const struct source_row *row = ts->actor[i].row[SRC_INSERT_FAILED];

		if (!row || known(row->last_ago) > TH(SPELL))
			continue;
		if (nr++ < NAMED)
			facts_add(party_actor(&f->victim, ts, &ts->actor[i]), "{failed} of its new "
				  "connections failed [module: sources]", count_of(row->count));
	}
	if (nr > NAMED)
		facts_add(party_nobody(&f->victim), "{more_sources} more sources",
			  count_of(nr - NAMED));
}

static void who(const struct tables *ts, struct finding *f)
{
	const struct netns_table *big = dominant(ts);
	size_t i;

	facts_add(party_nobody(&f->culprit), "{buckets} buckets for {max} entries at most, and "
		  "{entries} now [kernel: sysctl]", count_of(ts->s->buckets),
		  count_of(known(ts->s->max)), count_of(ts->entries));
	if (!big)
		return;
	facts_add(party_netns(&f->culprit, big), "it holds {share} of all {entries} entries; all "
		  "namespaces share the buckets", share_of(big->count, ts->entries),
		  count_of(ts->entries));
	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n != big && n->row && known(n->row->k_chaintoolong))
			facts_add(party_netns(&f->victim, n), "{insertions_failed} insertions "
				  "failed on over-long chains", count_of(n->row->k_chaintoolong));
	}
}

static void evidence(const struct tables *ts, const struct chains *c,
		     struct finding *f)
{
	if (c->longest != UNKNOWN)
		facts_add(&f->evidence, "{buckets} buckets hold {mean} slots each on average, "
			  "the longest chain has {longest}{}; the kernel's default is 2 at a full "
			  "table [module: census]",
			  count_of(c->buckets < 1e18 ? c->buckets : INT64_MAX), mean_of(c->mean),
			  count_of(c->longest), text_of(c->longest >= 127 ? " or more" : ""));
	else
		facts_add(&f->evidence, "{buckets} buckets, and {entries} entries in two slots "
			  "each: {mean} slots a bucket on average [kernel: nf_conntrack_buckets, "
			  "nf_conntrack_count]", count_of(ts->s->buckets), count_of(ts->entries),
			  mean_of(c->mean));
	facts_add(&f->evidence, "with {max} entries, the maximum, it would be {mean} "
		  "[kernel: nf_conntrack_max]", count_of(known(ts->s->max)),
		  mean_of(mean_at_max(ts)));
	if (c->refused)
		facts_add(&f->evidence, "{refused} insertions failed since {} because a chain was "
			  "too long: this kernel's limit is {shortest} to {most} [kernel: "
			  "chaintoolong]", count_of(c->refused),
			  text_of(ts->s->mod.loaded ? "the module was loaded" : "boot"),
			  as_it_is(c->shortest), as_it_is(c->most));
}

static void cure(const struct tables *ts, struct finding *f)
{
	int64_t want = known(ts->s->max) > ts->entries ? ts->s->max : ts->entries;
	int64_t buckets = 1024;
	struct fix x;

	while (buckets < want && buckets < INT64_MAX / 4)
		buckets *= 2;
	/* Twice as many where the size isn't what makes the chains long */
	if (buckets <= known(ts->s->buckets))
		buckets = 2 * ts->s->buckets;
	cure_begin(&x, ts, NULL, f);
	fix_buckets(&x, buckets, ts->s->max);
	fix_end(&x);
	facts_add(&f->price, "8 bytes a bucket, {takes} in all, at once. Entries are moved while "
		  "all traffic waits: milliseconds. The maximum stays as it is.",
		  bytes_of(8.0 * buckets));
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_buckets");
	lines_add(&f->verify, "conntrack -S | grep -o 'chaintoolong=[0-9]*'");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	struct finding *f;
	struct chains c;

	measure(ts, &c);
	if (ts->s->buckets == UNKNOWN || ts->s->buckets <= 0 ||
	    ts->s->buckets > INT64_MAX / 4)
		return;
	if (c.shortest && c.refused && c.now) {
		f = finding_add(fs, &cause_buckets, SEV_CRITICAL);
		fact_set(&f->sentence, "New connections are lost because the hash chains are too "
			 "long: {buckets} buckets are too few.", count_of(ts->s->buckets));
	} else if (c.mean >= TH(CHAIN_MEAN)) {
		f = finding_add(fs, &cause_buckets, SEV_WARNING);
		fact_set(&f->sentence, "Too few hash buckets: every packet searches a chain of "
			 "about {mean} entries.", as_it_is(lround(c.mean)));
	} else if (skewed(&c)) {
		f = finding_add(fs, &cause_buckets, SEV_WARNING);
		fact_set(&f->sentence, "The hash table is lopsided: one chain has {longest} "
			 "entries where {mean} are the average; chance doesn't do that.",
			 count_of(c.longest), mean_of(c.mean));
	} else if (gets_too_long(&c, mean_at_max(ts), known(ts->s->buckets)) &&
		   !capacity_exceeded(ts)) {
		f = finding_add(fs, &cause_buckets, SEV_WARNING);
		fact_set(&f->sentence, "The table can't reach its maximum of {max}: with "
			 "{buckets} buckets the chains get too long before.", count_of(ts->s->max),
			 count_of(ts->s->buckets));
	} else {
		return;
	}
	evidence(ts, &c, f);
	who(ts, f);
	if (c.now)
		losers(ts, f);
	cure(ts, f);
}

const struct cause cause_buckets = {
	.name = "buckets",
	.title = "too few hash buckets",
	.text =
"Entries are found by a hash table; each stands in two of its chains. Long\n"
"chains cost time on every packet, and from Linux 5.15 on one that is too long\n"
"refuses the insertion (a random limit: 8 to 31 up to 6.2, 50 to 79 from 6.3 and\n"
"6.1.20 on): the connection is lost, though the table isn't full. The kernel counts that as insert_failed and chaintoolong,\n"
"not as drop.\n"
"\n"
"\"Buckets are a quarter of the maximum\" is obsolete: from 5.15 on they are as\n"
"many as the maximum, so a full table has 2 slots a bucket. Loading the module\n"
"with hashsize=N makes the maximum 8 N unless a sysctl sets it; the sysctl\n"
"nf_conntrack_buckets, in the initial namespace only, leaves the maximum alone.\n"
"All namespaces share the buckets: a big one slows the others down.\n",
	.weight = 800,
	.judge = judge,
};
