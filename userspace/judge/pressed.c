// SPDX-License-Identifier: GPL-2.0
/* Words of a pressed table: see story.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define VICTIMS		5	/* lines; more don't help anybody */

const char *phrase_table(const struct netns_table *n)
{
	static char text[160];

	snprintf(text, sizeof(text), "The connection table%s%s",
		 n->label[0] ? " of " : "", n->label);
	return text;
}

const char *phrase_state(const struct netns_table *n)
{
	static char text[80];

	switch (n->level) {
	case LEVEL_REFUSING:
	case LEVEL_EVICTING:
		return "is full";
	case LEVEL_TIGHT:
		snprintf(text, sizeof(text), "is nearly full (%s)",
			 pct(n->count, n->max));
		return text;
	case LEVEL_WAS:
		snprintf(text, sizeof(text), "was full until %s ago",
			 duration(known(n->last_refused)));
		return text;
	case LEVEL_CALM:
		break;
	}
	return "has room";
}

static bool past(const struct netns_table *n)
{
	return n->level == LEVEL_WAS;
}

/* What a source lost of a class, in the time that the story is about. */
static int64_t lost(const struct netns_table *n, const struct actor *a,
		    enum source_class class)
{
	if (!past(n))
		return actor_recent(a, class);
	return a->row[class] && known(a->row[class]->last_ago) <= TH(SPELL) ?
	       actor_count(a, class) : 0;
}

static int64_t losses(const struct netns_table *n, const struct actor *a)
{
	return plus(lost(n, a, SRC_REFUSED), lost(n, a, SRC_EVICTED));
}

/* Made-up addresses lose connections too, but nobody suffers from that. */
static bool suffers(const struct netns_table *n, const struct actor *a)
{
	if (actor_culprit(n, a) || losses(n, a) <= 0)
		return false;
	if (actor_sends_invalid(a))
		return false;
	if (n->blame != BLAME_SPOOFED && !(past(n) && n->blame == BLAME_UNKNOWN))
		return true;
	return actor_real(a) || actor_count(a, SRC_INSERT) >= 10;
}

static size_t nr_suffering(const struct netns_table *n, const struct actor **worst)
{
	size_t i, nr = 0;

	*worst = NULL;
	for (i = 0; i < n->nr_actors; i++) {
		if (!suffers(n, &n->actor[i]))
			continue;
		nr++;
		if (!*worst || losses(n, &n->actor[i]) > losses(n, *worst))
			*worst = &n->actor[i];
	}
	return nr;
}

const char *phrase_losers(const struct netns_table *n)
{
	static char text[160];
	const struct actor *worst;
	size_t nr = nr_suffering(n, &worst);
	const char *verb = past(n) ? "lost" : nr > 1 ? "are losing" : "is losing";

	if (!nr)
		return "";
	if (nr == 1)
		snprintf(text, sizeof(text), ", and %s %s connections because of it",
			 worst->source, verb);
	else
		snprintf(text, sizeof(text),
			 ", and %s and %s other source%s %s connections because of it",
			 worst->source, num(nr - 1), nr > 2 ? "s" : "", verb);
	return text;
}

const char *phrase_names(const struct actor *a, size_t nr)
{
	static char text[1024];
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < nr && used < sizeof(text) - 80; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s",
				 !i ? "" : i + 1 < nr ? ", " : " and ", a[i].source);
	return text;
}

const char *phrase_count(const struct source_row *row)
{
	static char text[80];

	if (row->err == UNKNOWN)
		snprintf(text, sizeof(text), "at least %s", num(row->count));
	else if (row->err > 0)
		snprintf(text, sizeof(text), "%s to %s", num(row->count),
			 num(plus(row->count, row->err)));
	else
		return num(row->count);
	return text;
}

static enum severity severity_of(const struct netns_table *n)
{
	const struct actor *worst;

	if (n->level == LEVEL_REFUSING)
		return SEV_CRITICAL;
	if (n->level == LEVEL_EVICTING && nr_suffering(n, &worst))
		return SEV_CRITICAL;
	return SEV_WARNING;
}

struct finding *pressed_begin(struct findings *fs, enum cause cause,
			    const struct tables *ts, const struct netns_table *n)
{
	int64_t weight = past(n) ? WEIGHT_PAST : WEIGHT_PRESSED + 100 * n->level;

	weight += (n->own ? 20 : 0) + (int64_t)(share(n->count, ts->entries) / 10);
	return finding_add(fs, cause, severity_of(n), weight);
}

/* "31 packets refused", "22 entries killed", or both; at least one is not 0. */
static const char *both(int64_t refused, int64_t killed)
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
			  both(n->refused, n->evicted));
	else if (past(n))
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
			  both(known(r->refusals), known(r->evictions)));
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
		if (in && past(n))
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
		if (!past(n) && actor_rate(a, SRC_INVALID) >= TH(INVALID_RATE))
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
	int64_t more = minus(losses(ns, b), losses(ns, a));

	return more ? more < 0 ? -1 : 1 : strcmp(a->source, b->source);
}

void pressed_victims(const struct tables *ts, const struct netns_table *n,
		   struct finding *f)
{
	const struct actor **victim = calloc(n->nr_actors + 1, sizeof(*victim));
	int64_t window = known(ts->s->mod.window) > 0 ? ts->s->mod.window : 10;
	size_t i, nr = 0;

	for (i = 0; victim && i < n->nr_actors; i++)
		if (suffers(n, &n->actor[i]))
			victim[nr++] = &n->actor[i];
	if (nr)
		qsort_r(victim, nr, sizeof(*victim), victim_cmp, (void *)n);
	for (i = 0; i < nr && i < VICTIMS; i++)
		lines_add(&f->victim, "%s: %s%s%s", victim[i]->source,
			  both(lost(n, victim[i], SRC_REFUSED),
			       lost(n, victim[i], SRC_EVICTED)),
			  past(n) ? "" : " in the last ",
			  past(n) ? "" : duration(2 * window));
	if (nr > VICTIMS)
		lines_add(&f->victim, "%s more sources", num(nr - VICTIMS));
	free(victim);
}

const char *limit_proto(const struct netns_table *n)
{
	const char *proto = n->nr_culprits ?
			    actor_proto(&n->actor[0], SRC_INSERT) : "";
	size_t i;

	for (i = 0; i < n->nr_culprits; i++)
		if (actor_part(&n->actor[i], SRC_INSERT, proto) < 0.9)
			return "";
	return strcmp(proto, "tcp") && strcmp(proto, "udp") &&
	       strcmp(proto, "icmp") ? "" : proto;
}

/* How long an entry stays that nobody answers. */
static int64_t stay(const struct tables *ts, const struct netns_table *n,
		    const char *proto)
{
	const struct ct_sysctl *c = NULL;
	int64_t kernel = 120;

	if (!strcmp(proto, "udp") || !strcmp(proto, "icmp"))
		kernel = 30;
	if (n->own)
		c = find_sysctl(ts->s, !strcmp(proto, "udp") ? "udp_timeout" :
				!strcmp(proto, "icmp") ? "icmp_timeout" :
				"tcp_timeout_syn_sent");
	return c && c->value > 0 ? c->value : kernel;
}

/* One significant digit is what one can remember. */
static int64_t rounded(double want, bool up)
{
	int64_t step = 1;

	if (want < 1)
		return 1;
	if (want > 1e9)
		want = 1e9;
	while (step * 10 <= want)
		step *= 10;
	return ((int64_t)(want / step) + (up && (int64_t)want % step)) * step;
}

/*
 * Four times what the busiest of the others opens, but not more than a quarter
 * of what the least of the culprits does; and entries are rate times timeout, so
 * that all culprits together keep to half of the table. If the others need more
 * than that, the table is small: they get what they need, and a half more.
 */
int64_t limit_rate(const struct tables *ts, const struct netns_table *n,
		    const char *proto)
{
	double fits = (double)n->max / 2 / stay(ts, n, proto);
	double least = n->nr_culprits ? n->actor[n->nr_culprits - 1].offered : 0;
	double others = 0, want;
	size_t i;

	for (i = n->nr_culprits; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double rate = a->offered *
			      (*proto ? actor_part(a, SRC_INSERT, proto) : 1);

		if (rate > others)
			others = rate;
	}
	want = 4 * others > 50 ? 4 * others : 50;
	if (n->nr_culprits) {
		fits /= n->nr_culprits;
		if (want > least / 4)
			want = least / 4;
	}
	if (want <= fits && want >= 1)
		return rounded(want, false);
	/* Nobody works with less than five a second. */
	if (fits < 5)
		fits = 5;
	return 1.5 * others > fits ? rounded(1.5 * others, true) :
	       rounded(fits, false);
}
