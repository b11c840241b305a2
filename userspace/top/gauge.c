// SPDX-License-Identifier: GPL-2.0
/* How full the fullest table is, when it will be full, what its entries are. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/forecast.h"
#include "judge/life.h"
#include "judge/thresholds.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/sentence.h"
#include "top/panels.h"

/* The table with the least room */
struct fullest {
	int64_t netns, count, max;
};

static struct fullest fullest_table(const struct snapshot *s)
{
	struct fullest f = { s->own_netns, s->count, s->max };
	double least = -1;
	size_t i;

	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *n = &s->netns[i];

		if (n->conntrack != 1 || share(n->count, n->max) <= least)
			continue;
		least = share(n->count, n->max);
		f = (struct fullest) { n->netns, n->count, n->max };
	}
	return f;
}

static enum cell_ink ink_of(double used)
{
	return used >= TH(FULL) ? CELL_CRITICAL : used >= TH(TIGHT) ? CELL_WARNING : CELL_OK;
}

static void bar(struct cells *c, int row, int from, int to, double used)
{
	int room = to - from - 2, i;

	cells_put(c, row, from, to, CELL_DIM, "[");
	for (i = 0; i < room; i++) {
		double part = used / 100 * room - i;

		/* Not full is seen not to be. */
		if (part > 0 && (i + 1 < room || used >= 99.5))
			cells_put(c, row, from + 1 + i, to, ink_of(used), "#");
		else
			cells_put(c, row, from + 1 + i, to, CELL_DIM, "-");
	}
	cells_put(c, row, to - 1, to, CELL_DIM, "]");
}

static void fullness(struct cells *c, int row, const struct snapshot *s)
{
	struct fullest f = fullest_table(s);
	double used = share(f.count, f.max);
	char text[160];

	cells_put(c, row, 0, LABEL_WIDTH, CELL_HEAD, "table");
	if (f.count == UNKNOWN) {
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_PLAIN,
			  "connection tracking is not in use here");
		return;
	}
	if (f.max == UNKNOWN || f.max <= 0) {
		snprintf(text, sizeof(text), "%s entries, no maximum", num(f.count));
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_PLAIN, text);
		return;
	}
	snprintf(text, sizeof(text), " %s of %s, %s", num(f.count), num(f.max),
		 pct(f.count, f.max));
	if (f.netns != s->own_netns && f.netns != UNKNOWN)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " in %s",
			 netns_word(s, f.netns));
	bar(c, row, LABEL_WIDTH, c->columns - (int)strlen(text), used);
	cells_right(c, row, c->columns, ink_of(used), text);
	cells_bold(c, row, c->columns - (int)strlen(text), c->columns);
}

/* "41 s", "4 min 22 s", "3 h" */
static const char *until(int64_t seconds)
{
	char *out;

	if (seconds < 120 || seconds >= 1200)
		return short_time(seconds);
	out = word_buffer();
	snprintf(out, WORD_SIZE, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
	return out;
}

static void when_full(struct cells *c, int row, const struct snapshot *s)
{
	struct fullest now = fullest_table(s);
	struct forecast f;
	char text[160];
	int column;

	cells_put(c, row, 0, LABEL_WIDTH, CELL_HEAD, "full");
	if (share(now.count, now.max) >= TH(FULL)) {
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_CRITICAL, "now");
		cells_bold(c, row, LABEL_WIDTH, LABEL_WIDTH + 3);
	} else if (forecast(s, &f)) {
		snprintf(text, sizeof(text), "in %s", until(f.seconds));
		column = cells_put(c, row, LABEL_WIDTH, c->columns, CELL_CRITICAL, text);
		cells_bold(c, row, LABEL_WIDTH, column);
		snprintf(text, sizeof(text), " (%s to %s), +%s entries/s", until(f.earliest),
			 until(f.latest), per_second(f.growth));
		cells_put(c, row, column, c->columns, CELL_PLAIN, text);
	} else if (s->nr_history) {
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_PLAIN,
			  "not soon: it doesn't grow beyond chance");
	} else {
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_DIM,
			  "not known: nothing is recorded");
	}
}

void gauge_draw(struct cells *c, int row, const struct scene *sc)
{
	fullness(c, row, sc->s);
	when_full(c, row + 1, sc->s);
}

static const struct census_row *stages_of(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == CENSUS_NETNS && s->census[i].netns == netns &&
		    s->census[i].has_stages)
			return &s->census[i];
	return NULL;
}

/* "unanswered 96 %  once 2 %", most first, as far as there is room */
static void lives(struct cells *c, int row, const int64_t *stage)
{
	bool said[LIVES] = { false };
	int column = LABEL_WIDTH, i, nr;
	char text[64];

	for (nr = 0; nr < LIVES; nr++) {
		enum cell_ink ink;
		int most = -1;

		for (i = 0; i < LIVES; i++)
			if (!said[i] && (most < 0 || life_count(stage, i) >
						     life_count(stage, most)))
				most = i;
		said[most] = true;
		if (!life_count(stage, most))
			break;
		snprintf(text, sizeof(text), "%s %s", life_name[most],
			 pct(life_count(stage, most), life_sum(stage)));
		if (column + (int)strlen(text) > c->columns - 16)
			break;
		ink = most == LIFE_UNANSWERED || most == LIFE_HALF_OPEN ? CELL_WARNING :
		      most == LIFE_EXPIRED ? CELL_DIM : CELL_PLAIN;
		column = cells_put(c, row, column, c->columns, ink, text) + 2;
	}
}

void stages_draw(struct cells *c, int row, const struct scene *sc)
{
	const struct census_row *census = stages_of(sc->s, fullest_table(sc->s).netns);
	char text[64];

	cells_put(c, row, 0, LABEL_WIDTH, CELL_HEAD, "entries");
	if (!census) {
		cells_put(c, row, LABEL_WIDTH, c->columns, CELL_DIM, sc->delay > 0 ?
			  "c walks the table once: entries by stage, and whose they are" :
			  "by stage: not known without a census");
		return;
	}
	lives(c, row, census->stage);
	if (sc->census_age != UNKNOWN && sc->census_age > 0) {
		snprintf(text, sizeof(text), "census %s ago", short_time(sc->census_age));
		cells_right(c, row, c->columns, CELL_DIM, text);
	}
}

void verdict_draw(struct cells *c, int row, int rows, const struct scene *sc)
{
	const struct findings *fs = sc->findings;
	const struct fact *fact = &fs->clear;
	enum cell_ink ink = CELL_OK;
	char *text;

	if (fs->worst != SEV_OK && fs->nr) {
		fact = &fs->finding[0].sentence;
		ink = fs->worst == SEV_CRITICAL ? CELL_CRITICAL : CELL_WARNING;
	}
	cells_put(c, row, 0, LABEL_WIDTH - 1, ink, severity_words[fs->worst].upper);
	cells_bold(c, row, 0, LABEL_WIDTH);
	text = sentence(fact);
	cells_wrap(c, row, LABEL_WIDTH, c->columns, rows, CELL_PLAIN, text);
	free(text);
}
