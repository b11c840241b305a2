// SPDX-License-Identifier: GPL-2.0
/* What a finding about a pressed table says, whatever the cause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/victims.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* Ranks: before those of all causes; what is over comes after what goes on. */
#define WEIGHT_PRESSED	10000
#define WEIGHT_PAST	250

#define VICTIMS		5	/* lines; nobody reads more */

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
			      const struct tables *ts, const struct netns_table *n)
{
	struct finding *f = finding_add(fs, cause, severity_of(n));

	f->weight = is_over(n) ? WEIGHT_PAST : WEIGHT_PRESSED + 100 * n->level;
	f->weight += (n->own ? 20 : 0) + (int64_t)(share(n->count, ts->entries) / 10);
	return f;
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
		  num(n->max), pct(n->count, n->max), n->row ? "module: netns" :
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

/* At the pace of the last minute. */
static void evidence_growth(const struct tables *ts, const struct netns_table *n,
			    struct finding *f)
{
	const struct history_row *first = NULL, *last = NULL;
	double pace;
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];

		if (h->netns != n->netns || known(h->ago) > 60)
			continue;
		if (!first)
			first = h;
		last = h;
	}
	if (!first || known(first->ago) <= known(last->ago))
		return;
	pace = (double)minus(last->count, first->count) / (first->ago - last->ago);
	if (pace > 0 && (n->max - n->count) / pace < TH(SPELL))
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
	if (t && known(t->entries))
		lines_add(&f->evidence, "%s of the entries were never answered; %s are "
			  "assured, that is, the kernel won't evict them [module: census]",
			  pct(known(t->unreplied), t->entries),
			  pct(known(t->assured), t->entries));
	if (!ts->probes)
		lines_add(&f->evidence, "refusals and evictions are the kernel's own "
			  "counters (drop, early_drop): the module's probes don't attach "
			  "here, so whose they were isn't known [module: status]");
}

void pressed_culprits(const struct netns_table *n, struct finding *f)
{
	size_t i;

	for (i = 0; i < n->nr_culprits; i++) {
		const struct actor *a = &n->actor[i];
		const struct source_row *in = a->row[SRC_INSERT];
		const char *proto = actor_proto(a, SRC_INSERT);
		struct lines part = { 0 };

		lines_add(&part, "%s%s: %s new connections a second (%s of all)%s%s",
			  a->source, a->local ? " (this host)" : "",
			  per_second(a->offered), pct(a->offered, n->offered),
			  *proto ? ", mostly " : "", proto);
		if (in && is_over(n))
			lines_add(&part, "; %s opened, the last %s ago", phrase_count(in),
				  duration(known(in->last_ago)));
		else if (in)
			lines_add(&part, "; %s opened in %s", phrase_count(in),
				  duration(known(in->first_ago)));
		if (a->row[SRC_REFUSED])
			lines_add(&part, "; %s refused",
				  phrase_count(a->row[SRC_REFUSED]));
		if (a->held)
			lines_add(&part, "; holds %s entries, %s of them never answered",
				  num(a->held->entries),
				  pct(known(a->held->unreplied), a->held->entries));
		if (!is_over(n) && actor_rate(a, SRC_INVALID) >= TH(INVALID_RATE))
			lines_add(&part, "; %s INVALID packets a second besides",
				  per_second(actor_rate(a, SRC_INVALID)));
		lines_add(&f->culprit, "%s%s%s%s%s", part.line[0],
			  part.nr > 1 ? part.line[1] : "",
			  part.nr > 2 ? part.line[2] : "",
			  part.nr > 3 ? part.line[3] : "",
			  part.nr > 4 ? part.line[4] : "");
		lines_free(&part);
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
		lines_add(&f->victim, "%s more sources", num(nr - VICTIMS));
	free(victim);
}

