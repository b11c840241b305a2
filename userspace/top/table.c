// SPDX-License-Identifier: GPL-2.0
/* The list: who, and how much of what. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "judge/life.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "top/about.h"
#include "top/panels.h"

#define WIDE	140		/* from so many columns on there are totals, too */

static const struct {
	const char *narrow, *wide;
	int columns;		/* with the space before it, where it is narrow */
} metrics[METRICS] = {
	[METRIC_ARRIVALS] = { "NEW/s", "NEW/s", 8 },
	[METRIC_ENTRIES] = { "ENTRIES", "ENTRIES", 10 },
	[METRIC_REFUSED] = { "REF/s", "REFUSED/s", 8 },
	[METRIC_EVICTED] = { "EVI/s", "EVICTED/s", 8 },
	[METRIC_INVALID] = { "INV/s", "INVALID/s", 8 },
};

/* Where the columns stand */
struct columns {
	int name;		/* where it ends */
	int metric[METRICS];	/* where they end */
	int stage, total;	/* where they begin; 0: there is no room */
	int netns, who;
};

static struct columns place(int width)
{
	struct columns at = { .name = width < WIDE ? 24 + (width - LEAST_COLUMNS) / 2 : 42 };
	int i, end = at.name;

	for (i = 0; i < METRICS; i++) {
		end += width < WIDE ? metrics[i].columns : 10;
		at.metric[i] = end;
	}
	at.who = end + 1;
	if (width < WIDE)
		return at;
	at.stage = end;
	at.total = at.stage + 10;
	at.netns = at.total + 3 * 11 + 2;
	at.who = at.netns + 12;
	return at;
}

static void tabs(struct cells *c, int row, int lines, const struct view *v,
		 const struct listing *l)
{
	char text[96];
	int column = 0, i, end;

	for (i = 0; i < LISTS; i++) {
		end = cells_put(c, row, column + 1, c->columns,
				i == (int)v->list ? CELL_HEAD : CELL_DIM, list_name[i]);
		if (i == (int)v->list) {
			cells_reverse(c, row, column, end + 1, CELL_HEAD);
			cells_bold(c, row, column, end + 1);
		}
		column = end + 1;
	}
	if (v->editing || *v->filter) {
		snprintf(text, sizeof(text), " /%s%s %zu of %zu", v->filter,
			 v->editing ? "_" : "", l->nr, l->all);
		cells_right(c, row, c->columns, CELL_WARNING, text);
	} else if (l->nr) {
		end = v->scroll + lines < (int)l->nr ? v->scroll + lines : (int)l->nr;
		snprintf(text, sizeof(text), "%d-%d of %zu", v->scroll + 1, end, l->nr);
		cells_right(c, row, c->columns, CELL_DIM, text);
	}
}

static void head(struct cells *c, int row, const struct columns *at, const struct view *v)
{
	int i;

	cells_put(c, row, 2, at->name, CELL_HEAD, v->list == LIST_SERVICES ? "SERVICE" :
		  v->list == LIST_PROGRAMS ? "PROGRAM" :
		  v->list == LIST_NAMESPACES ? "NAMESPACE" : "ADDRESS");
	for (i = 0; i < METRICS; i++) {
		const char *word = at->total ? metrics[i].wide : metrics[i].narrow;

		cells_right(c, row, at->metric[i], CELL_HEAD, word);
		if (v->sort == (unsigned int)i)
			cells_reverse(c, row, at->metric[i] - (int)strlen(word), at->metric[i],
				      CELL_HEAD);
	}
	if (v->sort == SORT_NAME)
		cells_reverse(c, row, 2, at->name - 1, CELL_HEAD);
	if (at->total) {
		cells_right(c, row, at->stage + 9, CELL_HEAD, "UNUSED");
		cells_right(c, row, at->total + 11, CELL_HEAD, "REFUSED");
		cells_right(c, row, at->total + 22, CELL_HEAD, "EVICTED");
		cells_right(c, row, at->total + 33, CELL_HEAD, "INVALID");
		cells_put(c, row, at->netns, at->who, CELL_HEAD, "NETNS");
	}
	cells_put(c, row, at->who, c->columns, CELL_HEAD, "WHO");
	cells_bold(c, row, 0, c->columns);
}

static enum cell_ink metric_ink(int metric, double value)
{
	if (isnan(value) || value <= 0)
		return CELL_DIM;
	return metric == METRIC_REFUSED ? CELL_CRITICAL :
	       metric == METRIC_EVICTED || metric == METRIC_INVALID ? CELL_WARNING : CELL_PLAIN;
}

static const char *metric_text(int metric, double value)
{
	if (isnan(value))
		return "-";
	if (value >= (metric == METRIC_ENTRIES ? 1e7 : 1e6)) {
		char *out = word_buffer();

		snprintf(out, WORD_SIZE, "%.1f M", fmin(value, 1e12) / 1e6);
		return out;
	}
	if (value <= 0)
		return "0";
	return metric == METRIC_ENTRIES ? num(value) : per_second(value);
}

static const char *total_text(int64_t n)
{
	return n == UNKNOWN ? "-" : n > 9999999 ? metric_text(METRIC_ENTRIES, n) : num(n);
}

/* Entries that nobody uses: unanswered, half-open, silent or over */
static const char *unused(const struct census_row *census)
{
	const int64_t *stage;

	if (!census || !census->has_stages)
		return "-";
	stage = census->stage;
	return pct(plus(plus(life_count(stage, LIFE_UNANSWERED),
			     life_count(stage, LIFE_HALF_OPEN)),
			plus(life_count(stage, LIFE_SILENT), life_count(stage, LIFE_EXPIRED))),
		   life_sum(stage));
}

/* 'v' before who suffers, '!' before whom the findings name otherwise */
static char mark_of(const struct scene *sc, const struct view *v, const struct identity *who)
{
	const struct findings *fs = sc->findings;
	char mark = ' ';
	size_t i;

	for (i = 0; i < fs->nr; i++) {
		if (fs->finding[i].severity == SEV_OK)
			continue;
		if (about_any(sc->s, &fs->finding[i].victim, v->list, who))
			return 'v';
		if (about_any(sc->s, &fs->finding[i].culprit, v->list, who))
			mark = '!';
	}
	return mark;
}

static void row_draw(struct cells *c, int row, const struct columns *at, const struct scene *sc,
		     const struct view *v, const struct listed *l)
{
	char mark = mark_of(sc, v, &l->who), text[3] = { mark, ' ', '\0' };
	enum cell_ink ink = mark == '!' ? CELL_CRITICAL : mark == 'v' ? CELL_WARNING : CELL_PLAIN;
	int i;

	cells_put(c, row, 0, 2, ink, text);
	cells_put(c, row, 2, at->name, ink, listed_name(sc->s, v->list, &l->who));
	if (mark == '!')
		cells_bold(c, row, 0, at->name);
	for (i = 0; i < METRICS; i++)
		cells_right(c, row, at->metric[i], metric_ink(i, l->now[i]),
			    metric_text(i, l->now[i]));
	if (at->total) {
		cells_right(c, row, at->stage + 9, CELL_PLAIN, unused(l->census));
		cells_right(c, row, at->total + 11, CELL_PLAIN,
			    total_text(l->total[METRIC_REFUSED]));
		cells_right(c, row, at->total + 22, CELL_PLAIN,
			    total_text(l->total[METRIC_EVICTED]));
		cells_right(c, row, at->total + 33, CELL_PLAIN,
			    total_text(l->total[METRIC_INVALID]));
		cells_put(c, row, at->netns, at->who - 1, CELL_DIM,
			  netns_word(sc->s, l->who.netns));
	}
	cells_put(c, row, at->who, c->columns, CELL_PLAIN, listed_who(sc->s, v->list, l));
	if (v->has_selected && same_identity(&l->who, &v->selected))
		cells_reverse(c, row, 0, c->columns, CELL_PLAIN);
}

/* Why there is nothing, and what to do about it */
static void empty(struct cells *c, int row, int lines, const struct scene *sc,
		  const struct view *v, const struct listing *l)
{
	const char *why = "none has been seen yet";

	if (l->all)
		why = "none passes the filter; Esc takes it away";
	else if (!sc->s->mod.loaded && sc->s->origin <= ORIGIN_MODULE && sc->delay > 0)
		why = "the module isn't loaded; c lists the table once: who holds entries";
	else if (!sc->s->mod.loaded && (sc->s->origin <= ORIGIN_MODULE || v->list == LIST_PROGRAMS))
		why = *sc->s->dump.why_not ? sc->s->dump.why_not : sc->s->mod.why_not;
	else if (v->list == LIST_DESTINATIONS || v->list == LIST_SERVICES)
		why = "none was refused, evicted or INVALID; a census (c) has those with entries";
	cells_wrap(c, row, 2, c->columns, lines, CELL_DIM, why);
}

void table_draw(struct cells *c, int row, int lines, const struct scene *sc,
		const struct view *v, const struct listing *l)
{
	struct columns at = place(c->columns);
	int i;

	tabs(c, row, lines, v, l);
	head(c, row + 1, &at, v);
	if (!l->nr)
		empty(c, row + TABLE_HEAD, lines, sc, v, l);
	for (i = 0; i < lines && v->scroll + i < (int)l->nr; i++)
		row_draw(c, row + TABLE_HEAD + i, &at, sc, v, &l->row[v->scroll + i]);
}
