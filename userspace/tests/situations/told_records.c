// SPDX-License-Identifier: GPL-2.0
/* The files history, history_minutes, incidents and incident_top. */
#include <math.h>

#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "tests/situations/told.h"

#define NOW		1795529887	/* s since 1970 */
#define TOP		16		/* rows a phase and class */
#define CALM		60		/* s that end a spell */

static int recorded(const struct told *t)
{
	return t->s->host.uptime < RECORDED ? t->s->host.uptime : RECORDED;
}

static const struct second *second_at(const struct told *t, int ago)
{
	return &t->q->history[RECORDED - 1 - ago];
}

static double lost(const struct second *h)
{
	return h->evictions + h->gc_evictions + h->refusals;
}

void tell_history(const struct told *t, struct sheet *sheet)
{
	double distinct = t->v->distinct[SRC_INSERT] * (1 + 0.03 * chance_normal(t->c));
	double newcomers = t->q->newcomers, known = distinct;
	int ago;

	sheet_put(sheet, CTRI_HEAD_HISTORY "\n");
	for (ago = recorded(t) - 1; ago >= 0; ago--) {
		const struct second *h = second_at(t, ago);
		int64_t early = llround(h->evictions), refused = llround(h->refusals);

		if (ago % WINDOW == 0 || ago == recorded(t) - 1)
			known = fmax(distinct - (newcomers - h->newcomers), 0);
		{
			const int64_t row[] = {
				ago, told_at(t, ago), 1000 + chance_int(t->c, 0, 12), llround(h->count),
				t->s->host.max, NETNS, llround(h->inserts), 0, early,
				llround(h->gc_evictions), refused, refused, early,
				llround(h->invalid), llround(known),
			};
			size_t i;

			for (i = 0; i < ARRAY_SIZE(row); i++)
				sheet_number(sheet, row[i]);
		}
		sheet_end(sheet);
	}
}

void tell_minutes(const struct told *t, struct sheet *sheet)
{
	(void)t;
	sheet_put(sheet, CTRI_HEAD_MINUTES "\n");
}

/* The last spell: its first and last second, or false */
static bool last_spell(const struct told *t, int *begin, int *end)
{
	int ago, calm = 0;

	*begin = *end = -1;
	for (ago = 0; ago < recorded(t); ago++) {
		if (lost(second_at(t, ago)) >= 0.5) {
			if (*end < 0)
				*end = ago;
			*begin = ago;
			calm = 0;
		} else if (*end >= 0 && ++calm >= CALM) {
			break;
		}
	}
	return *end >= 0;
}

void tell_incidents(const struct told *t, struct sheet *sheet)
{
	double sum[6] = { 0 }, peak[6] = { 0 }, count = 0;
	int begin, end, ago, i;

	sheet_put(sheet, CTRI_HEAD_INCIDENTS "\n");
	if (!last_spell(t, &begin, &end))
		return;
	for (ago = end; ago <= begin; ago++) {
		const struct second *h = second_at(t, ago);
		const double of[] = { h->inserts, h->evictions, h->gc_evictions, h->refusals,
				      0, h->invalid };

		for (i = 0; i < 6; i++) {
			sum[i] += of[i];
			peak[i] = fmax(peak[i], of[i]);
		}
		count = fmax(count, h->count);
	}
	/* It has lasted for longer than there is a history. */
	if (begin == recorded(t) - 1 && t->q->pressed_for > begin) {
		for (i = 0; i < 6; i++)
			sum[i] *= (double)t->q->pressed_for / (begin + 1);
		begin = t->q->pressed_for;
	}
	{
		const int64_t row[] = {
			1, NOW - begin, end < CALM ? 0 : NOW - end, begin, end, NETNS,
			llround(count), t->s->host.max, llround(sum[0]), llround(peak[0]),
			llround(sum[1]), llround(peak[1]), llround(sum[2]), llround(peak[2]),
			llround(sum[3]), llround(peak[3]), 0, llround(sum[5]), llround(sum[1]),
			llround(sum[3]), t->worst_ago,
		};

		for (i = 0; i < (int)ARRAY_SIZE(row); i++)
			sheet_number(sheet, row[i]);
	}
	sheet_named(sheet, stage_name, t->worst->all.stage, STAGES);
	sheet_number(sheet, told_at(t, begin));
	sheet_number(sheet, end < CALM ? UNKNOWN : told_at(t, end));
	sheet_number(sheet, told_at(t, t->worst_ago));
	sheet_end(sheet);
}

static void tell_top(const struct member_row *r, const char *phase, const char *class,
		     int64_t count, struct sheet *sheet)
{
	char text[ROW_NAME];

	sheet_put(sheet, "1 ");
	sheet_word(sheet, phase);
	sheet_word(sheet, class);
	sheet_number(sheet, NETNS);
	sheet_number(sheet, CTRI_ID_INIT);
	sheet_number(sheet, r->kind == ROW_PAIR ? 0 : r->address.family);
	if (r->kind == ROW_PAIR || r->kind == ROW_SERVICE) {
		sheet_put(sheet, proto_name(r->proto));
		sheet_put(sheet, "/");
	}
	sheet_word(sheet, row_name(text, r));
	sheet_number(sheet, count);
	sheet_number(sheet, r->err);
	if (r->kind < ROW_CLASS)
		sheet_named(sheet, stage_name, r->stage, STAGES);
	else
		sheet_put(sheet, "- ");
	sheet_end(sheet);
}

void tell_incident_top(const struct told *t, struct sheet *sheet)
{
	static const struct {
		const char *phase, *class;
		enum row_kind kind;
	} lists[] = {
		{ CTRI_PHASE_BEFORE, CTRI_CLASS_INSERT, ROW_CLASS + SRC_INSERT },
		{ CTRI_PHASE_DURING, CTRI_CLASS_INSERT, ROW_CLASS + SRC_INSERT },
		{ CTRI_PHASE_DURING, CTRI_CLASS_EVICTED, ROW_CLASS + SRC_EVICTED },
		{ CTRI_PHASE_DURING, CTRI_CLASS_REFUSED, ROW_CLASS + SRC_REFUSED },
		{ CTRI_PHASE_DURING, CTRI_CLASS_EVICTING, ROW_CLASS + SRC_EVICTING },
		{ CTRI_PHASE_DURING, CTRI_CLASS_REFUSED_TO, ROW_CLASS + SRC_REFUSED_TO },
		{ CTRI_PHASE_DURING, CTRI_CLASS_EVICTED_TO, ROW_CLASS + SRC_EVICTED_TO },
		{ CTRI_PHASE_DURING, CTRI_CLASS_PROGRAM, ROW_CLASS + SRC_PROGRAM },
		{ CTRI_PHASE_WORST, CTRI_CENSUS_SOURCE, ROW_SOURCE },
		{ CTRI_PHASE_WORST, CTRI_CENSUS_DEST, ROW_DEST },
		{ CTRI_PHASE_WORST, CTRI_CENSUS_SERVICE, ROW_SERVICE },
		{ CTRI_PHASE_WORST, CTRI_CENSUS_PREFIX, ROW_PREFIX },
		{ CTRI_PHASE_WORST, CTRI_CENSUS_PAIR, ROW_PAIR },
	};
	int begin, end, i;
	size_t k;

	sheet_put(sheet, CTRI_HEAD_INC_TOP "\n");
	if (!last_spell(t, &begin, &end))
		return;
	for (k = 0; k < ARRAY_SIZE(lists); k++)
		for (i = 0; i < t->worst->nr_heavy[lists[k].kind] && i < TOP; i++) {
			const struct member_row *r = t->worst->heavy[lists[k].kind][i];
			int64_t count = r->kind < ROW_CLASS ? r->entries :
					llround(r->seen.rate * (k ? begin - end + 1 : CALM));

			if (count)
				tell_top(r, lists[k].phase, lists[k].class, count, sheet);
		}
}
