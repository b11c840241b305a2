// SPDX-License-Identifier: GPL-2.0
/* What an incident amounts to: who did it, who lost by it, told in a few sentences. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/incident.h"
#include "judge/life.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define MAX_CULPRITS	3
#define CULPRIT_SHARE	50	/* % of all that was opened: together they did it */
#define CULPRIT_EACH	5	/* % of what the first opened: a source below is no culprit */
#define WINDOW		10	/* s; lists are made at the end of a window */
#define LOOK_BACK	600	/* s, for how fast the table filled */
#define FILLED_SHARE	20	/* % of the maximum: less is no filling */
#define HELD_SHARE	1	/* %: of what the table held less isn't told */
#define HELD_TOLD	3	/* parts of it are */
#define START_SHARE	5	/* % of the maximum above the low point */

/* What one source opened: with success, and refused */
struct opener {
	const struct incident_top *top;
	int64_t opened;
};

struct account {
	const struct snapshot *s;
	const struct incident_row *inc;
	FILE *text;
	struct opener *opener;		/* most first */
	size_t nr_openers, nr_culprits;
	int64_t opened;			/* by the culprits */
};

int64_t incident_seconds(const struct incident_row *inc)
{
	int64_t seconds = minus(inc->begin_ago, inc->end_ago);

	return seconds > 0 ? seconds : 1;
}

int64_t incident_killed(const struct incident_row *inc)
{
	return plus(inc->evictions, inc->gc_evictions);
}

int64_t incident_refused(const struct incident_row *inc)
{
	int64_t refused = known(inc->refusals), dropped = known(inc->k_drop);

	return refused > dropped ? refused : dropped;
}

int64_t incident_worst(const struct incident_row *inc)
{
	if (inc->worst_ago == UNKNOWN || inc->begin_ago == UNKNOWN || inc->begin <= 0)
		return UNKNOWN;
	return minus(plus(inc->begin, inc->begin_ago), inc->worst_ago);
}

static bool same_source(const struct incident_top *a, const struct incident_top *b)
{
	return a->id == b->id && !strcmp(a->source, b->source);
}

static int most_opened(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	return (x->opened < y->opened) - (x->opened > y->opened);
}

static void add_opener(struct account *st, const struct incident_top *top)
{
	size_t i;

	for (i = 0; i < st->nr_openers; i++)
		if (same_source(st->opener[i].top, top))
			break;
	if (i == st->nr_openers)
		st->nr_openers++;
	st->opener[i].top = top;
	st->opener[i].opened = plus(st->opener[i].opened, top->count);
}

static bool is_during(const struct account *st, const struct incident_top *top,
		      enum incident_class class)
{
	return top->nr == st->inc->nr && top->phase == PHASE_DURING &&
	       top->class == class;
}

/*
 * What was opened in all while the lists were made: of an incident that lasts,
 * the window that isn't over is missing.
 */
static double listed(const struct account *st)
{
	double all = plus(st->inc->inserts, incident_refused(st->inc));
	double seconds = incident_seconds(st->inc);

	if (st->inc->end)
		return all;
	return all * (seconds > 2 * WINDOW ? (seconds - WINDOW) / seconds : 0.5);
}

static void find_culprits(struct account *st)
{
	const struct snapshot *s = st->s;
	int64_t all = plus(st->inc->inserts, incident_refused(st->inc));
	size_t i;

	for (i = 0; i < s->nr_incident_tops; i++) {
		const struct incident_top *top = &s->incident_top[i];

		if (top->family && (is_during(st, top, INC_INSERT) ||
				    is_during(st, top, INC_REFUSED)))
			add_opener(st, top);
	}
	qsort(st->opener, st->nr_openers, sizeof(*st->opener), most_opened);
	while (st->nr_culprits < st->nr_openers &&
	       st->nr_culprits < MAX_CULPRITS &&
	       share(st->opened, listed(st)) < CULPRIT_SHARE &&
	       share(st->opener[st->nr_culprits].opened,
		     st->opener[0].opened) >= CULPRIT_EACH)
		st->opened = plus(st->opened, st->opener[st->nr_culprits++].opened);
	/* A window of the source table reaches beyond the end. */
	if (st->opened > all)
		st->opened = all;
}

static bool is_culprit(const struct account *st, const struct incident_top *top)
{
	size_t i;

	for (i = 0; i < st->nr_culprits; i++)
		if (same_source(st->opener[i].top, top))
			return true;
	return false;
}

/*
 * How fast the table filled: back from the begin to its lowest count, and from
 * there on to where it rose. Seconds, or UNKNOWN where no record has it.
 */
static int64_t filled_within(const struct account *st, int64_t *low)
{
	const struct incident_row *inc = st->inc;
	double rise = (double)inc->max * START_SHARE / 100;
	int64_t start = UNKNOWN;
	size_t i;

	*low = UNKNOWN;
	for (i = 0; i < st->s->nr_history; i++) {
		const struct history_row *row = &st->s->history[i];

		if (row->netns != inc->netns || row->count == UNKNOWN ||
		    row->ago < inc->begin_ago ||
		    row->ago - inc->begin_ago > LOOK_BACK)
			continue;
		if (*low == UNKNOWN || row->count < *low)
			*low = row->count;
		if (row->count <= *low + rise)
			start = row->ago;
	}
	if (start == UNKNOWN ||
	    share((double)inc->count_peak - *low, inc->max) < FILLED_SHARE)
		return UNKNOWN;
	return start - inc->begin_ago + 1;
}

static void say_filled(struct account *st)
{
	const struct incident_row *inc = st->inc;
	int64_t low, seconds = filled_within(st, &low);
	char when[32];

	local_time(inc->begin, "%H:%M:%S", when, sizeof(when));
	fprintf(st->text, "At %s the table%s ", when, netns_phrase(st->s, inc->netns));
	if (inc->max <= 0 || inc->count_peak == UNKNOWN)
		fputs("killed entries or refused packets", st->text);
	else if (seconds == UNKNOWN)
		fprintf(st->text, "was full (%s of %s entries)",
			num(inc->count_peak), num(inc->max));
	else
		fprintf(st->text, "filled within %s, from %s to %s of %s entries",
			short_time(seconds), num(low), num(inc->count_peak),
			num(inc->max));
}

static void say_culprits(struct account *st)
{
	int64_t seconds = incident_seconds(st->inc);
	int64_t all = plus(st->inc->inserts, incident_refused(st->inc));
	bool did_it = share(st->opened, listed(st)) >= CULPRIT_SHARE;
	size_t i;

	if (!st->nr_culprits || st->opened <= 0)
		return;
	fputs(did_it ? ": " : "; nobody did it alone: ", st->text);
	for (i = 0; i < st->nr_culprits; i++)
		fprintf(st->text, "%s%s", !i ? "" : i + 1 < st->nr_culprits ?
			", " : " and ", st->opener[i].top->source);
	fprintf(st->text, " opened %s%s%s of %s connections%s",
		did_it ? "" : "most, ", st->inc->end ? "" : "at least ",
		per_second((double)st->opened / seconds),
		per_second((double)all / seconds),
		seconds > 1 ? " a second" : "");
}

/* The one who lost most of a kind, and wasn't the cause */
static const struct incident_top *victim(const struct account *st,
					 enum incident_class class)
{
	const struct incident_top *most = NULL;
	size_t i;

	for (i = 0; i < st->s->nr_incident_tops; i++) {
		const struct incident_top *top = &st->s->incident_top[i];

		if (is_during(st, top, class) && top->family &&
		    !is_culprit(st, top) && (!most || top->count > most->count))
			most = top;
	}
	return most;
}

static void say_victims(struct account *st)
{
	const struct incident_top *refused = victim(st, INC_REFUSED);
	const struct incident_top *evicted = victim(st, INC_EVICTED);

	if (refused)
		fprintf(st->text, "; %s lost %s packets", refused->source,
			num(refused->count));
	if (evicted)
		fprintf(st->text, "%s %s lost %s entries", refused ? "," : ";",
			evicted->source, num(evicted->count));
	fputs(".", st->text);
}

/* An incident that began and ended within a window has no lists. */
static void say_before(struct account *st)
{
	const struct incident_top *most = NULL;
	size_t i;

	for (i = 0; i < st->s->nr_incident_tops; i++) {
		const struct incident_top *top = &st->s->incident_top[i];

		if (top->nr == st->inc->nr && top->phase == PHASE_BEFORE &&
		    top->class == INC_INSERT &&
		    (!most || top->count > most->count))
			most = top;
	}
	if (most && !st->nr_culprits)
		fprintf(st->text, " In the minute before, %s opened most connections: %s.",
			most->source, num(most->count));
}

struct held_part {
	int64_t entries;
	enum life life;
};

static int most_entries(const void *a, const void *b)
{
	const struct held_part *x = a, *y = b;

	return (x->entries < y->entries) - (x->entries > y->entries) ?: (int)x->life - (int)y->life;
}

/* What the table held in its worst minute: the greatest parts */
static void say_held(struct account *st)
{
	const struct incident_row *inc = st->inc;
	int64_t all = life_sum(inc->stage);
	struct held_part part[LIVES];
	size_t i, told = 0;
	char when[32];

	if (!inc->has_stages || all <= 0)
		return;
	for (i = 0; i < LIVES; i++)
		part[i] = (struct held_part) { life_count(inc->stage, i), i };
	qsort(part, LIVES, sizeof(*part), most_entries);
	while (told < HELD_TOLD && share(part[told].entries, all) >= HELD_SHARE)
		told++;
	local_time(incident_worst(inc), " (%H:%M:%S)", when, sizeof(when));
	fprintf(st->text, " Of the %s entries in its worst minute%s, ", num(all),
		incident_worst(inc) == UNKNOWN ? "" : when);
	for (i = 0; i < told; i++)
		fprintf(st->text, "%s%s%s %s", !i ? "" : i + 1 < told ? ", " : " and ",
			pct(part[i].entries, all), i ? "" : " were", life_words[part[i].life]);
	fputs(".", st->text);
}

static void say_totals(struct account *st)
{
	int64_t refused = incident_refused(st->inc);
	int64_t killed = incident_killed(st->inc);

	if (refused > 0 && killed > 0)
		fprintf(st->text, " In all %s packets were refused and %s live entries killed.",
			num(refused), num(killed));
	else if (refused > 0)
		fprintf(st->text, " In all %s packets were refused.", num(refused));
	else if (killed > 0)
		fprintf(st->text, " In all %s live entries were killed, and no packet refused.",
			num(killed));
	if (!st->inc->end)
		fputs(" It isn't over.", st->text);
}

char *incident_summary(const struct snapshot *s, const struct incident_row *inc)
{
	struct account st = { .s = s, .inc = inc };
	size_t len;
	char *text;

	st.opener = calloc(s->nr_incident_tops + 1, sizeof(*st.opener));
	st.text = open_memstream(&text, &len);
	if (!st.opener || !st.text)
		no_memory();
	find_culprits(&st);
	say_filled(&st);
	say_culprits(&st);
	say_victims(&st);
	say_before(&st);
	say_held(&st);
	say_totals(&st);
	free(st.opener);
	if (fclose(st.text))
		no_memory();
	return text;
}
