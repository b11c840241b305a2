// SPDX-License-Identifier: GPL-2.0
/* What a finding about a pressed table says, whatever the cause. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/forecast.h"
#include "judge/life.h"
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
#include "lib/words.h"
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
static const char *losses_words(int64_t refused, int64_t killed)
{
	static char text[120];

	snprintf(text, sizeof(text), "%s%s%s%s%s", refused ? num(refused) : "",
		 refused == 1 ? " packet refused" : refused ? " packets refused" : "",
		 refused && killed ? ", " : "", killed ? num(killed) : "",
		 killed == 1 ? " entry killed" : killed ? " entries killed" : "");
	return text;
}

static void evidence_now(const struct netns_table *n, struct finding *f)
{
	lines_add(&f->evidence, "%s of %s entries in use (%s) [%s]", num(n->count),
		  num(n->max), pct(n->count, n->max),
		  n->row && n->row->id != UNKNOWN ? "module: netns" :
		  "kernel: nf_conntrack_count, nf_conntrack_max");
	if (n->refused || n->evicted)
		lines_add(&f->evidence, "a full table cost at least, in the last %s: %s "
			  "[module: sources, history]", duration(TH(RECENT)),
			  losses_words(n->refused, n->evicted));
	else if (is_over(n))
		lines_add(&f->evidence, "in the last %s %s packets were refused because "
			  "the table was full [module: history]", duration(TH(SPELL)),
			  num(n->was_refused));
}

/* What the module counts since it was loaded, and what it knows it missed. */
static void evidence_since(const struct tables *ts, const struct netns_table *n,
			   struct finding *f)
{
	const struct netns_row *r = n->row;

	if (known(r->refusals) || known(r->evictions))
		lines_add(&f->evidence, "since the module was loaded, %s ago: %s [module: "
			  "netns]", duration(known(ts->s->mod.uptime)),
			  losses_words(known(r->refusals), known(r->evictions)));
	if (known(r->gc_evictions))
		lines_add(&f->evidence, "the garbage collector killed %s live entries more: "
			  "no counter of the kernel shows these [module: netns]",
			  num(r->gc_evictions));
	if (known(r->drops_unattr) || known(r->evictions_unattr))
		lines_add(&f->evidence, "the kernel counted %s more drops and %s more "
			  "evictions: before the probes were armed, or for another reason; "
			  "whose isn't known [module: netns]",
			  num(known(r->drops_unattr)), num(known(r->evictions_unattr)));
}

/* At its pace of now: a ramp that is over fills nothing. */
static void evidence_growth(const struct tables *ts, const struct netns_table *n,
			    struct finding *f)
{
	double pace;

	if (forecast_pace(ts->s, n->netns, &pace) && (n->max - n->count) / pace < TH(SPELL))
		lines_add(&f->evidence, "it grows by %s entries a second: full in %s "
			  "[module: history]", per_second(pace),
			  duration((n->max - n->count) / pace));
}

/* Every table has the same maximum, for itself. */
static void evidence_others(const struct tables *ts, const struct netns_table *n,
			    struct finding *f)
{
	const struct netns_table *next = ts->fullest[ts->fullest[0] == n];

	if (next)
		lines_add(&f->evidence, "each of %s namespaces has this maximum for itself; "
			  "the fullest of the others is %s full [module: netns]",
			  num(ts->nr_tables), pct(next->count, next->max));
}

/* "79 % of the 65,530 entries were never answered, 12 % ..." */
static void evidence_stages(const struct netns_table *n, struct finding *f)
{
	const struct occupancy *o = n->occupancy;
	double all = o ? o->entries + o->life[LIFE_EXPIRED] : 0;
	char text[512] = "";
	size_t used = 0;
	int i;

	for (i = 0; i < LIVES && all > 0; i++)
		if (share(o->life[i], all) >= 1 && used < sizeof(text))
			used += snprintf(text + used, sizeof(text) - used, "%s%s %s",
					 used ? ", " : "", pct(o->life[i], all), life_words[i]);
	if (!used)
		return;
	if (o->incident)
		lines_add(&f->evidence, "in its worst minute, %s ago, it held %s entries: %s "
			  "[module: incidents]", duration(known(o->incident->worst_ago)),
			  num(all), text);
	else
		lines_add(&f->evidence, "of its %s entries: %s [module: census]", num(all), text);
}

void pressed_evidence(const struct tables *ts, const struct netns_table *n,
		      struct finding *f)
{
	const struct census_row *t = n->total;

	evidence_now(n, f);
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
		lines_add(&f->evidence, "%s of the entries are assured, that is, the kernel "
			  "won't evict them [module: census]",
			  pct(known(t->assured), t->entries));
	if (!ts->probes)
		lines_add(&f->evidence, "refusals and evictions are the kernel's own "
			  "counters (drop, early_drop): the module's probes don't attach "
			  "here, so whose they were isn't known [module: status]");
}

/* "holds 60,011 entries, 100 % of them never answered" */
static void member_holds(const struct group *g, struct lines *part)
{
	int i, most = LIFE_UNANSWERED;

	for (i = LIFE_UNANSWERED; i < LIVES; i++)
		if (g->life[i] > g->life[most])
			most = i;
	if (g->entries > 0)
		lines_add(part, "%s entries, %s of them %s", num(g->entries),
			  pct(g->life[most], g->entries), life_words[most]);
	if (g->kind == GROUP_PREFIX && known(g->row.sources) > 1)
		lines_add(part, "about %s addresses", num(g->row.sources));
	if (g->kind != GROUP_DEST && g->kind != GROUP_PAIR && known(g->row.dests) > 1)
		lines_add(part, "to about %s destinations", num(g->row.dests));
	if (g->kind != GROUP_SOURCE && g->kind != GROUP_PREFIX && known(g->row.sources) > 1)
		lines_add(part, "from about %s sources", num(g->row.sources));
}

static void member_opens(const struct netns_table *n, const struct actor *a,
			 struct lines *part)
{
	const struct source_row *in = a->row[SRC_INSERT];
	const char *proto = actor_proto(a, SRC_INSERT);

	if (a->offered >= 0.1)
		lines_add(part, "%s new connections a second (%s of all)%s%s",
			  per_second(a->offered), pct(a->offered, n->offered),
			  *proto ? ", mostly " : "", proto);
	if (in && is_over(n))
		lines_add(part, "%s opened, the last %s ago", phrase_count(in),
			  duration(known(in->last_ago)));
	if (a->row[SRC_REFUSED])
		lines_add(part, "%s refused", phrase_count(a->row[SRC_REFUSED]));
	if (!is_over(n) && actor_rate(a, SRC_INVALID) >= TH(INVALID_RATE))
		lines_add(part, "%s INVALID packets a second besides",
			  per_second(actor_rate(a, SRC_INVALID)));
}

void pressed_members(const struct netns_table *n, const struct part *p, struct finding *f)
{
	size_t i, k;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];
		struct lines part = { 0 };
		char text[512];
		size_t used;

		if (g->actor)
			member_opens(n, g->actor, &part);
		member_holds(g, &part);
		used = snprintf(text, sizeof(text), "%s%s", phrase_group(g),
				g->own ? " (this host)" : "");
		for (k = 0; k < part.nr && used < sizeof(text); k++)
			used += snprintf(text + used, sizeof(text) - used, "%s%s",
					 k ? "; " : ": ", part.line[k]);
		lines_add(&f->culprit, "%s", text);
		lines_free(&part);
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
		char name[256];

		if (row->class != SRC_PROGRAM || row->netns != n->netns || row->count <= 0)
			continue;
		who = find_program(ts->s, row->source);
		if (who && *who->command)
			snprintf(name, sizeof(name), "%s (%s, process %" PRId64 ")", who->unit,
				 who->command, who->pid);
		else
			snprintf(name, sizeof(name), "%s%s", who ? who->unit : "cgroup ",
				 who ? "" : row->source);
		lines_add(&f->culprit, "on this host, %s: %s connections opened, %s a second now "
			  "[module: sources]", name, phrase_count(row), per_second(row->rate));
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
	for (i = 0; i < nr && i < VICTIMS; i++)
		lines_add(&f->victim, "%s: %s%s%s", victim[i]->source,
			  losses_words(victim_lost(n, victim[i], SRC_REFUSED),
				       victim_lost(n, victim[i], SRC_EVICTED)),
			  is_over(n) ? "" : " in the last ",
			  is_over(n) ? "" : duration(2 * window));
	if (nr > VICTIMS)
		lines_add(&f->victim, "%s%s more sources", n->losers_cut ? "at least " : "",
			  num(nr - VICTIMS));
	free(victim);
}

