// SPDX-License-Identifier: GPL-2.0
/* Two snapshots beside each other. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/compare.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"

/* Clocks and captures aren't quicker than that, s. */
#define SLACK	60

const char *const outcome_word[OUTCOMES] = {
	[OUTCOME_MET] = "met", [OUTCOME_MORE] = "more", [OUTCOME_LESS] = "less",
	[OUTCOME_EARLY] = "early", [OUTCOME_UNKNOWN] = "unknown",
};

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The same trouble: one cause, and the same first of those who cause it */
static bool is_same(const struct finding *a, const struct finding *b)
{
	const struct party *p = a->culprit.party, *q = b->culprit.party;

	if (a->cause != b->cause)
		return false;
	if (!a->culprit.nr || !b->culprit.nr)
		return a->culprit.nr == b->culprit.nr;
	return p->kind == q->kind && same_text(p->name, q->name) && same_text(p->port, q->port);
}

static const struct finding *find(const struct findings *fs, const struct finding *like)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		if (is_same(&fs->finding[i], like))
			return &fs->finding[i];
	return NULL;
}

static void add_finding(struct comparison *c, const struct finding *before,
			const struct finding *after)
{
	struct finding_change *f = grow(&c->finding, &c->nr_findings, sizeof(*f));

	f->before = before;
	f->after = after;
}

static void compare_findings(struct comparison *c, const struct findings *fa,
			     const struct findings *fb)
{
	size_t i;

	for (i = 0; i < fa->nr; i++)
		if (!find(fb, &fa->finding[i]))
			add_finding(c, &fa->finding[i], NULL);
	for (i = 0; i < fb->nr; i++)
		if (!find(fa, &fb->finding[i]))
			add_finding(c, NULL, &fb->finding[i]);
	for (i = 0; i < fb->nr; i++)
		if (find(fa, &fb->finding[i]))
			add_finding(c, find(fa, &fb->finding[i]), &fb->finding[i]);
}

static int64_t sysctl_value(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_sysctl; i++)
		if (!strcmp(s->sysctl[i].name, name))
			return s->sysctl[i].value;
	return UNKNOWN;
}

static void compare_settings(struct comparison *c)
{
	struct setting_change *change;
	size_t i;

	for (i = 0; i < c->after->nr_sysctl; i++) {
		const struct ct_sysctl *row = &c->after->sysctl[i];
		int64_t before = sysctl_value(c->before, row->name);

		/* The number of entries is no setting. */
		if (before == UNKNOWN || before == row->value || !strcmp(row->name, "count"))
			continue;
		change = grow(&c->setting, &c->nr_settings, sizeof(*change));
		*change = (struct setting_change){ row->name, before, row->value };
	}
}

static const struct netns_row *find_netns(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].netns == netns)
			return &s->netns[i];
	return NULL;
}

/* The module counts from when it was loaded: whether that was the same time for both */
static bool is_same_load(const struct comparison *c)
{
	int64_t a = c->before->mod.uptime, b = c->after->mod.uptime;

	return c->same_host && c->apart != UNKNOWN && a != UNKNOWN && b != UNKNOWN &&
	       llabs(minus(minus(b, a), c->apart)) <= SLACK;
}

static int64_t between(bool known_, int64_t a, int64_t b)
{
	return known_ && a != UNKNOWN && b != UNKNOWN && b >= a ? b - a : UNKNOWN;
}

static void compare_tables(struct comparison *c)
{
	bool counted = is_same_load(c);
	struct table_change *t;
	size_t i;

	for (i = 0; i < c->after->nr_netns; i++) {
		const struct netns_row *b = &c->after->netns[i];
		/* Numbers of namespaces are given anew by each boot; the own one stays. */
		const struct netns_row *a = find_netns(c->before, b->netns ==
						       c->after->own_netns ?
						       c->before->own_netns : b->netns);

		if (!a || (known(a->count) <= 0 && known(b->count) <= 0))
			continue;
		t = grow(&c->table, &c->nr_tables, sizeof(*t));
		*t = (struct table_change){
			.netns = b->netns, .count = { a->count, b->count }, .max = { a->max, b->max },
			.inserts = between(counted, a->inserts, b->inserts),
			.refusals = between(counted, a->refusals, b->refusals),
			.evictions = between(counted, plus(a->evictions, a->gc_evictions),
					     plus(b->evictions, b->gc_evictions)),
			.invalid = between(counted, a->invalid, b->invalid),
		};
	}
	if (c->nr_tables || c->before->count == UNKNOWN || c->after->count == UNKNOWN)
		return;
	/* Without the module there is the reader's own. */
	t = grow(&c->table, &c->nr_tables, sizeof(*t));
	*t = (struct table_change){
		.netns = c->after->own_netns, .count = { c->before->count, c->after->count },
		.max = { c->before->max, c->after->max }, .inserts = UNKNOWN,
		.refusals = UNKNOWN, .evictions = UNKNOWN, .invalid = UNKNOWN,
	};
}

static bool has_table(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_our_tables; i++)
		if (!strcmp(s->our_table[i], name))
			return true;
	return false;
}

/* Tables of ours that @s has and @other hasn't */
static void new_tables(const struct snapshot *s, const struct snapshot *other, struct lines *l)
{
	size_t i;

	for (i = 0; i < s->nr_our_tables; i++)
		if (!has_table(other, s->our_table[i]))
			lines_add(l, "%s", s->our_table[i]);
}

/* Entries of the table that a finding is about, later on */
static int64_t entries_of(const struct comparison *c, const struct finding *f)
{
	int64_t netns = f->culprit.nr ? f->culprit.party[0].netns : UNKNOWN;
	const struct netns_row *row;

	if (netns == UNKNOWN || netns == c->before->own_netns)
		netns = c->after->own_netns;
	row = find_netns(c->after, netns);
	if (row)
		return row->count;
	return netns == c->after->own_netns ? c->after->count : UNKNOWN;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Of two numbers that follow each other, either is right in between. */
static enum outcome outcome_of(const struct comparison *c, const struct prediction *p,
			       const struct cure_check *check)
{
	int64_t low = check->predicted, high = check->predicted;

	if (check->entries == UNKNOWN || c->apart == UNKNOWN || c->apart < 0)
		return OUTCOME_UNKNOWN;
	if (c->apart < p->within)
		return OUTCOME_EARLY;
	if (check->within < p->later_within) {
		low = lesser(p->entries, p->later);
		high = p->entries + p->later - low;
	} else if (p->later_within && !p->settles) {
		return OUTCOME_UNKNOWN;
	}
	if (check->entries < low - low / 4)
		return OUTCOME_LESS;
	return check->entries > high + high / 4 ? OUTCOME_MORE : OUTCOME_MET;
}

static void check_cures(struct comparison *c, const struct findings *fa)
{
	struct cure_check *check;
	size_t i;

	for (i = 0; i < fa->nr; i++) {
		const struct finding *f = &fa->finding[i];

		bool later;

		if (f->prediction.entries == UNKNOWN)
			continue;
		check = grow(&c->cure, &c->nr_cures, sizeof(*check));
		check->finding = f;
		later = f->prediction.later_within && known(c->apart) >= f->prediction.later_within;
		check->predicted = later ? f->prediction.later : f->prediction.entries;
		check->within = later ? f->prediction.later_within : f->prediction.within;
		check->entries = entries_of(c, f);
		check->outcome = outcome_of(c, &f->prediction, check);
	}
}

/* What it opens and what is refused: what it would like to open */
static double rate_of_source(const struct snapshot *s, const char *source)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < s->nr_source; i++)
		if ((s->source[i].class == SRC_INSERT || s->source[i].class == SRC_REFUSED) &&
		    !strcmp(s->source[i].source, source))
			sum += s->source[i].rate;
	return sum;
}

static void compare_culprits(struct comparison *c, const struct findings *fa)
{
	struct culprit_change *change;
	size_t i, j;

	if (!c->before->nr_source || !c->after->mod.loaded)
		return;
	for (i = 0; i < fa->nr; i++)
		for (j = 0; j < fa->finding[i].culprit.nr; j++) {
			const struct party *p = &fa->finding[i].culprit.party[j];

			if (p->kind != PARTY_SOURCE)
				continue;
			change = grow(&c->culprit, &c->nr_culprits, sizeof(*change));
			change->source = p->name;
			change->before = rate_of_source(c->before, p->name);
			change->after = rate_of_source(c->after, p->name);
		}
}

static int64_t moment(const struct snapshot *s)
{
	if (s->captured.known && s->captured.date != UNKNOWN)
		return s->captured.date;
	return *s->root ? UNKNOWN : time(NULL);
}

void snapshots_compare(const struct snapshot *a, const struct findings *fa,
		       const struct snapshot *b, const struct findings *fb,
		       struct comparison *out)
{
	int64_t from = moment(a), to = moment(b);

	*out = (struct comparison){
		.before = a, .after = b, .same_host = !strcmp(host_name(a), host_name(b)),
		.apart = from == UNKNOWN || to == UNKNOWN ? UNKNOWN : minus(to, from),
	};
	compare_findings(out, fa, fb);
	compare_settings(out);
	compare_tables(out);
	new_tables(b, a, &out->rules_came);
	new_tables(a, b, &out->rules_gone);
	check_cures(out, fa);
	compare_culprits(out, fa);
}

void comparison_free(struct comparison *c)
{
	free(c->finding);
	free(c->setting);
	free(c->table);
	free(c->cure);
	free(c->culprit);
	lines_free(&c->rules_came);
	lines_free(&c->rules_gone);
	memset(c, 0, sizeof(*c));
}
