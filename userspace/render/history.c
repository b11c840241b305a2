// SPDX-License-Identifier: GPL-2.0
/* The flight recorder's seconds and minutes: chart, rows and forecast. */
#include <string.h>
#include <unistd.h>

#include "judge/forecast.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/filter.h"
#include "render/json_values.h"
#include "render/list.h"
#include "render/render.h"
#include "snapshot.h"

#define USUAL		20	/* rows without --all: below a chart they fill a screen */

/* Forecasts of some minutes say the seconds as well. */
static const char *until(int64_t seconds)
{
	static char text[3][32];
	static unsigned int turn;
	char *out = text[turn++ % 3];

	if (seconds < 120 || seconds >= 1200)
		return duration(seconds);
	snprintf(out, sizeof(text[0]), "%d min %d s", (int)seconds / 60,
		 (int)seconds % 60);
	return out;
}

static int say_forecast(const struct snapshot *s, FILE *out)
{
	const char *early, *late;
	struct forecast f;

	if (!forecast(s, &f))
		return ferror(out) ? -1 : 0;
	early = until(f.earliest);
	late = until(f.latest);
	fputc('\n', out);
	if (strcmp(early, late))
		prose(out, "The table%s will be full in %s (%s to %s).",
		      netns_phrase(s, f.netns), until(f.seconds), early, late);
	else
		prose(out, "The table%s will be full in %s.",
		      netns_phrase(s, f.netns), early);
	prose(out, "It grew by %s entries a second, +- %s (95 %%), over the last %s.",
	      per_second(f.growth), per_second(f.error), duration(f.window));
	return ferror(out) ? -1 : 0;
}

/* NULL where there is nothing to say */
static struct json_object *forecast_json(const struct snapshot *s)
{
	struct json_object *o;
	struct forecast f;

	if (!forecast(s, &f))
		return NULL;
	o = json_fields();
	json_object_object_add(o, "netns", json_integer(f.netns));
	json_object_object_add(o, "netns_name", json_string(netns_name(s, f.netns)));
	json_object_object_add(o, "count", json_integer(f.count));
	json_object_object_add(o, "max", json_integer(f.max));
	json_object_object_add(o, "growth", json_real(f.growth));
	json_object_object_add(o, "error", json_real(f.error));
	json_object_object_add(o, "window", json_integer(f.window));
	json_object_object_add(o, "seconds", json_integer(f.seconds));
	json_object_object_add(o, "earliest", json_integer(f.earliest));
	json_object_object_add(o, "latest", json_integer(f.latest));
	return o;
}

/* When a row was written, by the clock on the wall; in JSON as seconds since 1970 */
static void fill_time(const struct list *l, int64_t ago, const char *format, struct cell *c)
{
	int64_t present = present_of(l->s), when = UNKNOWN;
	char text[32];

	if (present != UNKNOWN && ago != UNKNOWN)
		when = minus(present, ago);
	cell_number(l, c, when);
	local_time(when, format, text, sizeof(text));
	cell_words(c, text);
}

static void second_time(const struct list *l, const void *row, struct cell *c)
{
	fill_time(l, ((const struct history_row *)row)->ago, "%H:%M:%S", c);
}

static void second_ago(const struct list *l, const void *row, struct cell *c)
{
	int64_t ago = ((const struct history_row *)row)->ago;
	char text[32];

	cell_number(l, c, ago);
	snprintf(text, sizeof(text), "%lld s", (long long)ago);
	if (ago != UNKNOWN)
		cell_words(c, text);
}

/* A row stands for its tick, and tells of its span where others were missed. */
static void fill_span(const struct list *l, int64_t span, int64_t tick, struct cell *c)
{
	char text[32];

	cell_number(l, c, span);
	snprintf(text, sizeof(text), "%.1f s", (double)span / 1000);
	if (span != UNKNOWN)
		cell_words(c, tick == 1 ? text : short_time(span / 1000));
	c->tells = span / 1000 >= 2 * tick;
}

static void second_span(const struct list *l, const void *row, struct cell *c)
{
	fill_span(l, ((const struct history_row *)row)->span, 1, c);
}

static void second_netns(const struct list *l, const void *row, struct cell *c)
{
	cell_netns(l, c, ((const struct history_row *)row)->netns);
}

static void second_inode(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct history_row *)row)->netns);
}

static const struct list_column second_columns[] = {
	{ "TIME", "time", LIST_NUMBER, 0, second_time },
	{ "AGO", "ago", LIST_SHOWN | LIST_NUMBER, 0, second_ago },
	{ "SPAN", "span_ms", LIST_IF_TELLS | LIST_NUMBER, 0, second_span },
	LIST_MEMBER("COUNT", "count", history_row, count, LIST_SHOWN),
	LIST_MEMBER("MAX", "max", history_row, max, LIST_SHOWN),
	{ "NETNS", "netns_name", LIST_RIGHT, 0, second_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, second_inode },
	LIST_MEMBER("INSERTED", "inserts", history_row, inserts, LIST_SHOWN),
	LIST_MEMBER("REFUSED", "refusals", history_row, refusals, LIST_SHOWN),
	LIST_MEMBER("EVICTED", "evictions", history_row, evictions, LIST_SHOWN),
	LIST_MEMBER("BY-GC", "gc_evictions", history_row, gc_evictions, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("FAILED", "insert_failed", history_row, insert_failed,
		    LIST_IF_TELLS | LIST_LEAVE),
	LIST_MEMBER("INVALID", "invalid", history_row, invalid, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("SOURCES", "sources", history_row, distinct, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("K-DROP", "drop_kernel", history_row, k_drop, 0),
	LIST_MEMBER("K-EVICTED", "early_drop_kernel", history_row, k_early_drop, 0),
};

static void minute_time(const struct list *l, const void *row, struct cell *c)
{
	fill_time(l, ((const struct minute_row *)row)->ago, "%m-%d %H:%M", c);
}

static void minute_ago(const struct list *l, const void *row, struct cell *c)
{
	cell_seconds(l, c, ((const struct minute_row *)row)->ago);
}

static void minute_span(const struct list *l, const void *row, struct cell *c)
{
	fill_span(l, ((const struct minute_row *)row)->span, 60, c);
}

static void minute_evicted(const struct list *l, const void *row, struct cell *c)
{
	const struct minute_row *r = row;

	cell_number(l, c, plus(r->evictions.mean, r->gc_evictions.mean));
}

static void minute_evicted_most(const struct list *l, const void *row, struct cell *c)
{
	const struct minute_row *r = row;

	cell_number(l, c, plus(r->evictions.max, r->gc_evictions.max));
}

/* Means are of all seconds of a minute, -MAX is the highest of these. */
static const struct list_column minute_columns[] = {
	{ "TIME", "time", LIST_NUMBER, 0, minute_time },
	{ "AGO", "ago", LIST_SHOWN | LIST_NUMBER, 0, minute_ago },
	{ "SPAN", "span_ms", LIST_IF_TELLS | LIST_NUMBER, 0, minute_span },
	LIST_MEMBER("COUNT", "count_mean", minute_row, count.mean, LIST_SHOWN),
	LIST_MEMBER("PEAK", "count_max", minute_row, count.max, LIST_SHOWN),
	LIST_MEMBER("MIN", "count_min", minute_row, count.min, 0),
	LIST_MEMBER("MAX", "max", minute_row, max, LIST_SHOWN),
	LIST_MEMBER("INS/S", "inserts_mean", minute_row, inserts.mean, LIST_SHOWN),
	LIST_MEMBER("INS-MAX", "inserts_max", minute_row, inserts.max, LIST_SHOWN),
	LIST_MEMBER("REF/S", "refusals_mean", minute_row, refusals.mean, LIST_SHOWN),
	LIST_MEMBER("REF-MAX", "refusals_max", minute_row, refusals.max, LIST_SHOWN),
	{ "EVI/S", "evicted_mean", LIST_SHOWN | LIST_NUMBER, 0, minute_evicted },
	{ "EVI-MAX", "evicted_max", LIST_SHOWN | LIST_NUMBER | LIST_LEAVE, 0,
	  minute_evicted_most },
	LIST_MEMBER("INV/S", "invalid_mean", minute_row, invalid.mean, LIST_LEAVE),
	LIST_MEMBER("INV-MAX", "invalid_max", minute_row, invalid.max, 0),
	LIST_MEMBER("FAIL/S", "insert_failed_mean", minute_row, insert_failed.mean, 0),
	LIST_MEMBER("FAIL-MAX", "insert_failed_max", minute_row, insert_failed.max, 0),
	LIST_MEMBER("K-DROP/S", "drop_kernel_mean", minute_row, k_drop.mean, 0),
	LIST_MEMBER("K-DROP-MAX", "drop_kernel_max", minute_row, k_drop.max, 0),
	LIST_MEMBER("SOURCES", "sources", minute_row, distinct, 0),
};

enum { TIME, AGO };	/* of both */

/* Who asks by the clock gets it, where it is known. */
static void show_clock(const struct snapshot *s, const struct list_request *ask,
		       struct list_column *column)
{
	if ((!ask->since && !ask->until) || present_of(s) == UNKNOWN)
		return;
	column[TIME].flags |= LIST_SHOWN;
	column[AGO].flags &= ~LIST_SHOWN;
}

static void add_seconds(const struct snapshot *s, const struct filter *f, struct list *l)
{
	size_t i;

	for (i = 0; i < s->nr_history; i++)
		if (filter_time(f, s->history[i].ago, s->history[i].ago))
			list_add(l, &s->history[i]);
}

/* A minute counts if any of its seconds does. */
static void add_minutes(const struct snapshot *s, const struct filter *f, struct list *l)
{
	size_t i;

	for (i = 0; i < s->nr_minutes; i++) {
		int64_t ago = s->minute[i].ago, span = known(s->minute[i].span) / 1000;

		if (filter_time(f, plus(ago, span > 0 ? span - 1 : 0), ago))
			list_add(l, &s->minute[i]);
	}
}

static int show_json(const struct snapshot *s, struct list *l, FILE *out)
{
	const char *missing = none_reason(s, true, true);
	struct json_object *top = list_object(l, missing);

	json_object_object_add(top, "period",
			       json_string(l->ask->minutes ? "minutes" : "seconds"));
	json_object_object_add(top, "forecast", forecast_json(s));
	return json_print(top, out) || missing ? -1 : 0;
}

static int show_text(const struct snapshot *s, struct list *l, FILE *out)
{
	const struct list_request *ask = l->ask;

	if (!ask->no_headings && isatty(fileno(out))) {
		ask->minutes ? chart_minutes(s, out) : chart_seconds(s, out);
		fputc('\n', out);
	}
	if (list_text(l, out))
		return -1;
	return ask->no_headings ? 0 : say_forecast(s, out);
}

int render_history(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	const bool minutes = ask->minutes;
	struct list_column column[LIST_COLUMNS];
	struct list l = {
		.s = s, .ask = ask, .command = "history", .column = column, .usual = USUAL,
		.columns = minutes ? ARRAY_SIZE(minute_columns) : ARRAY_SIZE(second_columns),
		.last = true, .whole = minutes ? "conntriage history --minutes -o all" :
						 "conntriage history -o all",
	};
	struct filter f;
	int error;

	memcpy(column, minutes ? minute_columns : second_columns, l.columns * sizeof(*column));
	show_clock(s, ask, column);
	if (filter_read(s, ask, l.command, NULL, 0, &f) || list_check(&l))
		return -1;
	if (!(minutes ? s->nr_minutes : s->nr_history) && !ask->json)
		return none_recorded(s, out, minutes ? "minutes" : "history", true);
	minutes ? add_minutes(s, &f, &l) : add_seconds(s, &f, &l);
	error = ask->json ? show_json(s, &l, out) : show_text(s, &l, out);
	list_free(&l);
	return error;
}
