// SPDX-License-Identifier: GPL-2.0
/* What monitoring is told of a host, by what is quick to read. */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/alarm.h"
#include "judge/causes.h"
#include "judge/diagnose.h"
#include "judge/evictable.h"
#include "judge/logged.h"
#include "judge/survey.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/untold.h"
#include "judge/victims.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define RATE_SPAN	60	/* s that rates are the mean of: monitoring looks about as often */
#define LOSES_MORE	2	/* times what it takes of others: see count_losers() */

/* One table as monitoring sees it */
struct press {
	const struct netns_table *table;
	enum severity severity;
	struct evictable evictable;
	int64_t held;		/* entries that can't be given away, at most */
	int64_t losers;		/* sources whose connections were killed */
};

/*
 * Where no incident has kept what the table holds nobody is accused, so that who fills it
 * is among those who lose by it. It isn't a loser who makes others lose about as much.
 */
static int64_t count_losers(const struct netns_table *n)
{
	const struct actor *most;
	int64_t nr = 0;
	size_t i;

	if (occupancy_known(n->occupancy))
		return victims_count(n, &most);
	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];

		nr += victim_lost(n, a, SRC_EVICTED) >
			      LOSES_MORE * actor_recent(a, SRC_EVICTING) &&
		      victim_suffers(n, a);
	}
	return nr;
}

/*
 * Without the module nobody knows when the counters rose. Where the kernel has evicted,
 * and dropped nothing at all since boot, it can't be said to refuse.
 */
static bool never_refused(const struct tables *ts, const struct netns_table *n)
{
	return !n->row && ts->s->stat.drop == 0 && known(ts->s->stat.early_drop) > 0;
}

/* Refusals that the kernel's log tells of, where no module has counted them; or NULL */
static const struct log_spell *logged_lately(const struct tables *ts, const struct netns_table *n)
{
	const struct log_spell *spell = ts->s->mod.loaded ? NULL : logged_full(ts, n);

	return logged_within(spell, TH(SPELL)) ? spell : NULL;
}

static enum severity severity_of(const struct tables *ts, const struct press *p,
				 const struct alarm_limits *limits)
{
	const struct netns_table *n = p->table;
	const struct log_spell *logged = logged_lately(ts, n);
	double held = share(p->held, n->max);

	if (n->level == LEVEL_REFUSING && (n->row || logged_within(logged, TH(RECENT))))
		return SEV_CRITICAL;
	if (n->level == LEVEL_EVICTING && p->losers)
		return SEV_CRITICAL;
	if (held >= limits->critical && !never_refused(ts, n))
		return SEV_CRITICAL;
	if (held >= limits->warning || n->was_refused || logged)
		return SEV_WARNING;
	return SEV_OK;
}

static void weigh(const struct tables *ts, const struct netns_table *n,
		  const struct alarm_limits *limits, struct press *p)
{
	*p = (struct press) { .table = n };
	evictable_find(ts, n, &p->evictable);
	p->held = minus(n->count, p->evictable.entries);
	if (n->level == LEVEL_EVICTING)
		p->losers = count_losers(n);
	p->severity = severity_of(ts, p, limits);
}

static bool is_worse(const struct press *a, const struct press *b)
{
	double of_a = share(a->held, a->table->max), of_b = share(b->held, b->table->max);

	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (a->table->level != b->table->level)
		return a->table->level > b->table->level;
	return of_a != of_b ? of_a > of_b : a->table->own && !b->table->own;
}

/* Returns how many tables have an alarm; @worst is filled where there is a table. */
static size_t find_worst(const struct tables *ts, const struct alarm_limits *limits,
			 struct press *worst)
{
	size_t i, alarms = 0;

	for (i = 0; i < ts->nr_netns; i++) {
		struct press p;

		if (ts->netns[i].max <= 0)
			continue;
		weigh(ts, &ts->netns[i], limits, &p);
		alarms += p.severity != SEV_OK;
		if (!worst->table || is_worse(&p, worst))
			*worst = p;
	}
	return alarms;
}

/* Of all namespaces, as the recorder counts them */
static void measure_rates(const struct tables *ts, struct alarm *a)
{
	double refused = 0, evicted = 0, invalid = 0, seconds = 0;
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];

		if (known(h->ago) >= RATE_SPAN)
			continue;
		refused += known(ts->probes ? h->refusals : h->k_drop);
		evicted += plus(ts->probes ? h->evictions : h->k_early_drop, h->gc_evictions);
		invalid += known(h->invalid);
		seconds += known(h->span) / 1000.0;
	}
	a->refused = seconds > 0 ? refused / seconds : NAN;
	a->evicted = seconds > 0 ? evicted / seconds : NAN;
	a->invalid = seconds > 0 ? invalid / seconds : NAN;
}

static void say_state(const struct tables *ts, const struct netns_table *n, struct alarm *a)
{
	facts_add(&a->said, "{entries} of {max} entries{} in use ({share})", count_of(n->count),
		  count_of(n->max), text_of(netns_phrase(ts->s, n->netns)),
		  share_of(n->count, n->max));
}

static void say_lost(const struct tables *ts, const struct press *p, struct alarm *a)
{
	const struct netns_table *n = p->table;
	const struct log_spell *logged = logged_lately(ts, n);

	if (n->row && n->refused)
		facts_add(&a->said, "packets refused in the last {window}: {refused}",
			  seconds_of(TH(RECENT)), count_of(n->refused));
	else if (n->was_refused)
		facts_add(&a->said, "packets refused in the last {window}: {refused}, the last one "
			  "{ago} ago", seconds_of(TH(SPELL)), count_of(n->was_refused),
			  seconds_of(known(n->last_refused)));
	else if (logged)
		facts_add(&a->said, "packets refused, the last one {ago} ago by the kernel's log",
			  seconds_of(logged->last_ago));
	if (p->losers)
		facts_add(&a->said, "{losers} source{} lose{} living connections to evictions",
			  count_of(p->losers), text_of(p->losers == 1 ? "" : "s"),
			  text_of(p->losers == 1 ? "s" : ""));
}

/* Why a table with few entries left is no alarm, or isn't known to be none */
static void say_evictable(const struct tables *ts, const struct press *p,
			  const struct alarm_limits *limits, struct alarm *a)
{
	if (share(p->table->count, p->table->max) < limits->warning)
		return;
	if (p->evictable.entries > 0)
		facts_add(&a->said, "{} {evictable} of them may be evicted for new ones",
			  text_of(p->table->refused ? "about" : "at least"),
			  count_of(p->evictable.entries));
	else if (never_refused(ts, p->table))
		facts_add(&a->said, "the kernel has evicted {evicted} entries and dropped nothing "
			  "since boot", count_of(ts->s->stat.early_drop));
	else
		facts_add(&a->said, "how many of them may be evicted for new ones isn't known");
}

/* A number is no guilt, and yet where to look first */
static void say_busiest(const struct netns_table *n, struct alarm *a)
{
	const struct actor *most = n->nr_actors ? &n->actor[0] : NULL;

	if (!n->row)
		facts_add(&a->said, "who fills it can't be seen without the conntriage module");
	else if (most && most->offered >= TH(FLOOD_RATE) &&
		 share(most->offered, n->offered) >= TH(CONCENTRATED))
		facts_add(&a->said, "{source} opens {share} of the new connections, answered or not",
			  text_of(most->source), share_of(most->offered, n->offered));
}

/*
 * What is wrong by the quick files alone: what fills that table, as an incident keeps it,
 * or else what is worse than its state. Findings are in the order of their severity.
 */
static void find_cause(const struct netns_table *n, struct alarm *a)
{
	size_t i;

	for (i = 0; i < a->findings.nr; i++) {
		const struct finding *f = &a->findings.finding[i];

		if (f->severity == SEV_OK || f->severity == SEV_UNKNOWN)
			continue;
		if (f->pressed && (a->severity == SEV_OK || f->netns != n->netns ||
				   f->cause == &cause_full))
			continue;
		if (!f->pressed && f->severity <= a->severity)
			continue;
		a->cause = f;
		if (f->severity > a->severity)
			a->severity = f->severity;
		return;
	}
}

static void judge_table(const struct tables *ts, const struct press *p, size_t alarms,
			const struct alarm_limits *limits, struct alarm *a)
{
	const struct netns_table *n = p->table;

	a->severity = p->severity;
	a->entries = n->count;
	a->max = n->max;
	a->warning = (int64_t)(n->max * limits->warning / 100);
	a->critical = (int64_t)(n->max * limits->critical / 100);
	if (p->evictable.from != EVICTABLE_UNTOLD)
		a->unevictable = p->held;
	find_cause(n, a);
	say_state(ts, n, a);
	say_lost(ts, p, a);
	say_evictable(ts, p, limits, a);
	if (p->severity != SEV_OK && !a->cause)
		say_busiest(n, a);
	if (alarms > 1)
		facts_add(&a->said, "{more} more table{} likewise", count_of(alarms - 1),
			  text_of(alarms == 2 ? "" : "s"));
}

/* There is no table with a maximum. */
static void judge_none(const struct tables *ts, struct alarm *a)
{
	if (ts->nr_netns) {
		facts_add(&a->said, "{entries} entries, and no maximum", count_of(ts->entries));
	} else if (ts->s->ct_loaded || ts->s->stat.drop != UNKNOWN) {
		a->severity = SEV_UNKNOWN;
		facts_add(&a->said, "connection tracking is loaded, but neither its number of "
			  "entries nor its maximum can be read");
	} else if (untold_fullness(ts->s)) {
		a->severity = SEV_UNKNOWN;
		facts_add(&a->said, "neither the number of entries nor the maximum is told");
	} else {
		facts_add(&a->said, "connection tracking is not in use here");
	}
}

void alarm_judge(const struct snapshot *s, const struct alarm_limits *limits, struct alarm *a)
{
	struct press worst = { .table = NULL };
	struct tables ts;
	size_t alarms;

	*a = (struct alarm) {
		.entries = UNKNOWN, .max = UNKNOWN, .unevictable = UNKNOWN,
		.module = s->mod.loaded && s->nr_history, .drop = s->stat.drop,
		.early_drop = s->stat.early_drop, .k_invalid = s->stat.invalid,
	};
	survey_begin(&ts, s);
	diagnose(s, &a->findings);
	measure_rates(&ts, a);
	alarms = find_worst(&ts, limits, &worst);
	if (worst.table)
		judge_table(&ts, &worst, alarms, limits, a);
	else
		judge_none(&ts, a);
	if (s->nr_dropped && a->severity == SEV_OK)
		a->severity = SEV_UNKNOWN;
	if (s->nr_dropped)
		facts_add(&a->said, "not read: {}", text_of(s->dropped[0].fault));
	survey_end(&ts);
}

void alarm_free(struct alarm *a)
{
	facts_free(&a->said);
	findings_free(&a->findings);
	memset(a, 0, sizeof(*a));
}
