// SPDX-License-Identifier: GPL-2.0
/* What a finding about a pressed table says, whatever the cause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/forecast.h"
#include "judge/life.h"
#include "judge/logged.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/victims.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* Ranks: before those of all causes; what is over comes after what goes on. */
#define WEIGHT_PRESSED	10000
#define WEIGHT_PAST	250

#define VICTIMS		5	/* lines; nobody reads more */
#define PROGRAMS	3	/* likewise */
#define HOST_SHARE	10	/* %: with less this host is one client among others */

static bool is_over(const struct netns_table *n)
{
	return n->level == LEVEL_WAS;
}

static enum severity severity_of(const struct netns_table *n)
{
	const struct actor *worst;

	if (n->level == LEVEL_REFUSING)
		return SEV_CRITICAL;
	if (n->level == LEVEL_EVICTING && victims_count(n, &worst))
		return SEV_CRITICAL;
	return SEV_WARNING;
}

struct finding *pressed_begin(struct findings *fs, const struct cause *cause,
			      const struct tables *ts, const struct netns_table *n,
			      const struct part *p)
{
	struct finding *f = finding_add(fs, cause, severity_of(n));

	f->certainty = p->certainty;
	f->pressed = true;
	f->netns = n->netns;
	f->weight = is_over(n) ? WEIGHT_PAST : WEIGHT_PRESSED + 100 * n->level;
	f->weight += (n->own ? 20 : 0) + (int64_t)(share(n->count, ts->entries) / 10);
	f->weight -= p - n->verdict->part;	/* which are in order */
	return f;
}

void pressed_rules(const struct fix *x, struct finding *f, const char *table,
		   const char *chain)
{
	if (*x->table)
		fix_line(x, &f->verify, "nft list table inet %s", x->table);
	else if (x->dialect != RULES_NFT && (x->rules_now || x->nr_placed))
		fix_line(x, &f->verify, "%s -t %s -nvL %s", x->dialect == RULES_IPTABLES_NFT ?
			 "iptables-nft" : "iptables-legacy", table, chain);
	lines_add(&f->verify, "conntriage");
}

/* "31 packets refused", "22 entries killed", or both; at least one is not 0. */
static void say_losses(struct fact *fact, int64_t refused, int64_t killed)
{
	if (refused)
		fact_more(fact, "{refused} packet{} refused", count_of(refused),
			  text_of(refused == 1 ? "" : "s"));
	if (refused && killed)
		fact_more(fact, ", ");
	if (killed)
		fact_more(fact, "{killed} entr{} killed", count_of(killed),
			  text_of(killed == 1 ? "y" : "ies"));
}

/* How far back losses are known: between two lists, a few seconds */
static int64_t window(const struct tables *ts)
{
	bool listed = tables_listed(ts) && ts->recent.seconds && ts->recent.seconds < TH(RECENT);

	return listed ? ts->recent.seconds : (int64_t)TH(RECENT);
}

static void evidence_now(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	struct fact *cost;

	if (n->row && n->row->id != UNKNOWN)
		facts_add(&f->evidence, "{entries} of {max} entries in use ({share}) [module: "
			  "netns]", count_of(n->count), count_of(n->max),
			  share_of(n->count, n->max));
	else
		facts_add(&f->evidence, "{entries} of {max} entries in use ({share}) [kernel: "
			  "nf_conntrack_count, nf_conntrack_max]", count_of(n->count),
			  count_of(n->max), share_of(n->count, n->max));
	if (n->refused || n->evicted) {
		cost = facts_new(&f->evidence);
		fact_set(cost, "a full table cost at least, in the last {window}: [module: "
			 "sources, history]", seconds_of(window(ts)));
		fact_more(cost, " ");
		say_losses(cost, n->refused, n->evicted);
	} else if (is_over(n) && n->was_refused) {
		facts_add(&f->evidence, "in the last {window} {refused} packets were refused "
			  "because the table was full [module: history]", seconds_of(TH(SPELL)),
			  count_of(n->was_refused));
	}
}

/* What the module counts since it was loaded, and what it knows it missed. */
static void evidence_since(const struct tables *ts, const struct netns_table *n,
			   struct finding *f)
{
	const struct netns_row *r = n->row;
	struct fact *cost;

	if (known(r->refusals) || known(r->evictions)) {
		cost = facts_new(&f->evidence);
		fact_set(cost, "since the module was loaded, {since_load} ago: [module: netns]",
			 seconds_of(known(ts->s->mod.uptime)));
		fact_more(cost, " ");
		say_losses(cost, known(r->refusals), known(r->evictions));
	}
	if (known(r->gc_evictions))
		facts_add(&f->evidence, "the garbage collector killed {killed} live entries more: "
			  "no counter of the kernel shows these [module: netns]",
			  count_of(r->gc_evictions));
	if (known(r->drops_unattr) || known(r->evictions_unattr))
		facts_add(&f->evidence, "the kernel counted {dropped} more drops and {evicted} "
			  "more evictions: before the probes were armed, or for another reason; "
			  "whose isn't known [module: netns]", count_of(known(r->drops_unattr)),
			  count_of(known(r->evictions_unattr)));
}

/* At its pace of now: a ramp that is over fills nothing. */
static void evidence_growth(const struct tables *ts, const struct netns_table *n,
			    struct finding *f)
{
	double pace;

	if (forecast_pace(ts->s, n->netns, &pace) && (n->max - n->count) / pace < TH(SPELL))
		facts_add(&f->evidence, "it grows by {per_second} entries a second: full in "
			  "{full_in} [module: history]", rate_of(pace),
			  seconds_of((n->max - n->count) / pace));
}

/* Every table has the same maximum, for itself. */
static void evidence_others(const struct tables *ts, const struct netns_table *n,
			    struct finding *f)
{
	const struct netns_table *next = ts->fullest[ts->fullest[0] == n];

	if (next)
		facts_add(&f->evidence, "each of {namespaces} namespaces has this maximum for "
			  "itself; the fullest of the others is {share} full [module: netns]",
			  count_of(ts->nr_tables), share_of(next->count, next->max));
}

/* ", 12 % established": a fact that lists shares goes on */
static void say_life(struct fact *fact, enum life life, double entries, double all, bool first)
{
	char pattern[80];

	snprintf(pattern, sizeof(pattern), "%s{%s} %s", first ? " " : ", ", life_name[life],
		 life_words[life]);
	fact_more(fact, pattern, share_of(entries, all));
}

/* "of its 65,530 entries: 79 % never answered, 12 % ..." */
static void evidence_stages(const struct netns_table *n, struct finding *f)
{
	const struct occupancy *o = n->occupancy;
	double all = occupancy_listed(o);
	struct fact *fact = NULL;
	bool first;
	int i;

	for (i = 0; i < LIVES && all > 0; i++) {
		if (share(o->life[i], all) < 1)
			continue;
		first = !fact;
		if (first)
			fact = facts_new(&f->evidence);
		if (first && o->incident)
			fact_set(fact, "in its worst minute, {ago} ago, it held {entries} entries: "
				 "[module: incidents]", seconds_of(known(o->incident->worst_ago)),
				 count_of(all));
		else if (first)
			fact_set(fact, "of its {entries} entries: [module: census]", count_of(all));
		say_life(fact, i, o->life[i], all, first);
	}
}

void pressed_evidence(const struct tables *ts, const struct netns_table *n,
		      struct finding *f)
{
	const struct census_row *t = n->total;

	evidence_now(ts, n, f);
	logged_evidence(ts, n, f);
	if (!n->row)
		return;
	evidence_since(ts, n, f);
	evidence_others(ts, n, f);
	if (n->level == LEVEL_TIGHT)
		evidence_growth(ts, n, f);
	evidence_stages(n, f);
	if (is_over(n) && n->own)
		placed_list(ts->s, &f->evidence);
	if (t && known(t->entries) && n->level != LEVEL_WAS)
		facts_add(&f->evidence, "{share} of the entries are assured, that is, the kernel "
			  "won't evict them [module: census]",
			  share_of(known(t->assured), t->entries));
	if (!ts->s->mod.loaded)
		facts_add(&f->evidence, "refusals and evictions are the kernel's own counters (drop, "
			  "early_drop), which don't tell whose they were [kernel: conntrack's counters]");
	else if (!ts->probes)
		facts_add(&f->evidence, "refusals and evictions are the kernel's own counters "
			  "(drop, early_drop): the module's probes don't attach here, so whose "
			  "they were isn't known [module: status]");
}

/* "60,011 entries, 100 % of them never answered" */
static void member_holds(const struct group *g, struct facts *does)
{
	int i, most = LIFE_UNANSWERED;

	for (i = LIFE_UNANSWERED; i < LIVES; i++)
		if (g->life[i] > g->life[most])
			most = i;
	if (g->entries > 0)
		facts_add(does, "{entries} entries, {most} of them {}", count_of(g->entries),
			  share_of(g->life[most], g->entries), text_of(life_words[most]));
	if (g->kind == GROUP_PREFIX && known(g->row.sources) > 1)
		facts_add(does, "about {addresses} addresses", count_of(g->row.sources));
	if (g->kind != GROUP_DEST && g->kind != GROUP_PAIR && known(g->row.dests) > 1)
		facts_add(does, "to about {destinations} destinations", count_of(g->row.dests));
	if (g->kind != GROUP_SOURCE && g->kind != GROUP_PREFIX && known(g->row.sources) > 1)
		facts_add(does, "from about {sources} sources", count_of(g->row.sources));
}

static void member_opens(const struct netns_table *n, const struct actor *a,
			 struct facts *does)
{
	const struct source_row *in = a->row[SRC_INSERT];
	const char *proto = actor_proto(a, SRC_INSERT);

	if (a->offered >= 0.1)
		facts_add(does, "{new_per_second} new connections a second ({share} of all)",
			  rate_of(a->offered), share_of(a->offered, n->offered));
	if (a->offered >= 0.1 && *proto)
		fact_more(&does->fact[does->nr - 1], ", mostly {proto}", text_of(proto));
	if (in && is_over(n))
		facts_add(does, "{opened} opened, the last {last} ago", count_row(in),
			  seconds_of(known(in->last_ago)));
	if (a->row[SRC_REFUSED])
		facts_add(does, "{refused} refused", count_row(a->row[SRC_REFUSED]));
	if (!is_over(n) && actor_rate(a, SRC_INVALID) >= TH(INVALID_RATE))
		facts_add(does, "{invalid_per_second} INVALID packets a second besides",
			  rate_of(actor_rate(a, SRC_INVALID)));
}

void pressed_members(const struct tables *ts, const struct netns_table *n, const struct part *p,
		     struct finding *f)
{
	struct facts *does;
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		does = party_group(&f->culprit, ts, n, p->member[i]);
		if (p->member[i]->actor)
			member_opens(n, p->member[i]->actor, does);
		member_holds(p->member[i], does);
	}
}

bool pressed_by_host(const struct netns_table *n, const struct part *p)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (p->member[i]->own && p->member[i]->kind == GROUP_SOURCE)
			return true;
	/* those who wait for a service are no members */
	for (i = 0; p->kind == PART_DEAD && i < o->nr[GROUP_SOURCE]; i++)
		if (o->group[GROUP_SOURCE][i].own &&
		    share(group_barren(&o->group[GROUP_SOURCE][i]), p->frees) >= HOST_SHARE)
			return true;
	return false;
}

/* The more of this host's connections a program opens, the sooner it is asked about. */
void pressed_programs(const struct tables *ts, const struct netns_table *n,
		      const struct part *p, struct finding *f)
{
	size_t i, nr = 0;
	bool own = pressed_by_host(n, p);

	for (i = 0; own && i < ts->s->nr_source && nr < PROGRAMS; i++) {
		const struct source_row *row = &ts->s->source[i];
		const struct program *who;
		struct party *by;
		char name[160];

		if (row->class != SRC_PROGRAM || row->netns != n->netns || row->count <= 0)
			continue;
		who = find_program(ts->s, row->source);
		snprintf(name, sizeof(name), "%s%s", who ? who->unit : "cgroup ",
			 who ? "" : row->source);
		by = party_program(&f->culprit, name);
		by->own = true;
		if (who && *who->command)
			party_process(by, who->pid, who->command);
		facts_add(&by->facts, "{opened} connections opened, {new_per_second} a second now "
			  "[module: sources]", count_row(row), rate_of(row->rate));
		nr++;
	}
}

static int victim_cmp(const void *left, const void *right, void *ns)
{
	const struct actor *a = *(const struct actor *const *)left;
	const struct actor *b = *(const struct actor *const *)right;
	int64_t more = minus(victim_losses(ns, b), victim_losses(ns, a));

	return more ? more < 0 ? -1 : 1 : strcmp(a->source, b->source);
}

void pressed_victims(const struct tables *ts, const struct netns_table *n,
		     struct finding *f)
{
	const struct actor **victim = calloc(n->nr_actors + 1, sizeof(*victim));
	int64_t window = known(ts->s->mod.window) > 0 ? ts->s->mod.window : 10;
	size_t i, nr = 0;

	for (i = 0; victim && i < n->nr_actors; i++)
		if (victim_suffers(n, &n->actor[i]))
			victim[nr++] = &n->actor[i];
	if (nr)
		qsort_r(victim, nr, sizeof(*victim), victim_cmp, (void *)n);
	for (i = 0; i < nr && i < VICTIMS; i++) {
		struct fact *lost = facts_new(party_actor(&f->victim, ts, victim[i]));

		say_losses(lost, victim_lost(n, victim[i], SRC_REFUSED),
			   victim_lost(n, victim[i], SRC_EVICTED));
		if (!is_over(n))
			fact_more(lost, " in the last {window}", seconds_of(2 * window));
	}
	if (nr > VICTIMS)
		facts_add(party_nobody(&f->victim), "{}{more_sources} more sources",
			  text_of(n->losers_cut ? "at least " : ""), count_of(nr - VICTIMS));
	free(victim);
}

