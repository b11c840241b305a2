// SPDX-License-Identifier: GPL-2.0
/* The day, and the last ten minutes: charts, and their numbers beside them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "judge/forecast.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "report/sections.h"
#include "report/series.h"
#include "report/svg.h"

#define NAMED_MARKS	24	/* incidents; the module keeps fewer */

static const struct {
	const char *name, *head, *class;
} measures[MEASURES] = {
	[MEASURE_ENTRIES] = { "Entries", "Entries", "bar-entries" },
	[MEASURE_INSERTED] = { "New connections a second", "New/s", "bar-inserted" },
	[MEASURE_REFUSED] = { "Packets refused a second", "Refused/s", "bar-refused" },
	[MEASURE_EVICTED] = { "Entries evicted a second", "Evicted/s", "bar-evicted" },
	[MEASURE_INVALID] = { "INVALID packets a second", "INVALID/s", "bar-invalid" },
};

/* A record of the snapshot, and what it is called here */
struct record {
	const char *id, *title;
	const char *format;	/* of moments in it */
	struct series series;
	struct svg_mark mark[NAMED_MARKS];
	size_t nr_marks;
};

static int64_t seconds_of_chart(const struct record *r)
{
	return r->series.step * (int64_t)r->series.nr;
}

static const char *length_of_chart(const struct record *r)
{
	int64_t all = seconds_of_chart(r);

	return all == 86400 ? "24 hours" : duration(all);
}

static void add_marks(struct record *r, const struct snapshot *s)
{
	double all = seconds_of_chart(r);
	size_t i;

	for (i = 0; i < s->nr_incidents && r->nr_marks < NAMED_MARKS; i++) {
		const struct incident_row *inc = &s->incident[i];
		int64_t end = inc->end ? inc->end_ago : 0;
		struct svg_mark *m = &r->mark[r->nr_marks];

		if (inc->begin_ago < 0 || end < 0 || end >= all)
			continue;
		m->from = fmax(0, 1 - inc->begin_ago / all);
		m->to = fmax(m->from, 1 - end / all);
		snprintf(m->name, sizeof(m->name), "%lld", (long long)inc->nr);
		r->nr_marks++;
	}
}

/* Where the highest column is */
static int64_t peak_ago(const struct series *series, enum measure m)
{
	size_t i, at = 0;

	for (i = 0; i < series->nr; i++)
		if (series->value[m][i] >= series->peak[m])
			at = i;
	return series->step * (int64_t)(series->nr - 1 - at);
}

static void caption(struct html *h, const struct snapshot *s, const struct record *r,
		    enum measure m, char *text, size_t size)
{
	const struct series *series = &r->series;
	const char *when = report_when(s, peak_ago(series, m), r->format);

	if (series->peak[m] <= 0)
		snprintf(text, size, "none");
	else if (m == MEASURE_ENTRIES && series->max > 0)
		snprintf(text, size, "at most %s of %s (%s), %s", num(series->peak[m]),
			 num(series->max), pct(series->peak[m], series->max), when);
	else
		snprintf(text, size, "at most %s, %s", per_second(series->peak[m]), when);
	html_open(h, "figcaption", NULL);
	html_element(h, "b", NULL, measures[m].name);
	html_text(h, " ");
	html_text(h, text);
	html_close(h);
}

static void axis(struct html *h, const struct snapshot *s, const struct record *r)
{
	int64_t all = seconds_of_chart(r);

	html_open(h, "p", "class", "axis", "aria-hidden", "true", NULL);
	html_element(h, "span", NULL, report_when(s, all, r->format));
	html_element(h, "span", NULL, report_when(s, all / 2, r->format));
	html_element(h, "span", NULL, report_when(s, 0, r->format));
	html_close(h);
}

static void chart(struct html *h, const struct snapshot *s, const struct record *r,
		  enum measure m)
{
	const struct series *series = &r->series;
	struct svg_chart c = {
		.title = measures[m].name, .class = measures[m].class,
		.value = series->value[m], .nr = series->nr, .top = series->peak[m],
		.mark = r->mark, .nr_marks = r->nr_marks,
	};
	char text[320], words[512];

	html_open(h, "figure", NULL);
	caption(h, s, r, m, text, sizeof(text));
	if (m == MEASURE_ENTRIES && series->max > 0) {
		c.limit = series->max;
		c.top = fmax(c.top, series->max);
	}
	if (c.top > 0) {
		snprintf(words, sizeof(words), "over %s, %s. The table has the numbers.",
			 length_of_chart(r), text);
		c.text = words;
		svg_chart(h, &c);
		axis(h, s, r);
	}
	html_close(h);
}

/* Newest first, as who reads from the top wants to know how it is now */
static void numbers(struct html *h, const struct snapshot *s, const struct record *r)
{
	struct html_column columns[MEASURES + 1] = { { "From", false } };
	const struct series *series = &r->series;
	char text[160];
	size_t i;
	int m;

	for (m = 0; m < MEASURES; m++)
		columns[m + 1] = (struct html_column){ measures[m].head, true };
	snprintf(text, sizeof(text), "The numbers: of each %s, the highest second",
		 short_time(series->step));
	html_table(h, text, columns, ARRAY_SIZE(columns));
	for (i = series->nr; i-- > 0; ) {
		html_row(h, report_when(s, series->step * (int64_t)(series->nr - i), r->format));
		for (m = 0; m < MEASURES; m++) {
			double v = series->value[m][i];

			html_number(h, isnan(v) ? "-" : !(v > 0) ? "0" :
				    m == MEASURE_ENTRIES ? num(v) : per_second(v));
		}
		html_close(h);
	}
	html_table_end(h);
}

static void record(struct html *h, const struct snapshot *s, struct record *r)
{
	int m;

	add_marks(r, s);
	html_element(h, "h3", NULL, r->title);
	html_open(h, "p", NULL);
	html_textf(h, "%s up to then; of each %s, the highest second.",
		   length_of_chart(r), short_time(r->series.step));
	if (r->series.max > 0)
		html_text(h, " The dashed line is the maximum.");
	if (r->nr_marks)
		html_text(h, " What is shaded are incidents, with their numbers.");
	if (r->series.gaps)
		html_text(h, " Grey columns: nothing was recorded.");
	html_close(h);
	html_open(h, "div", "class", "beside", NULL);
	html_open(h, "div", NULL);
	for (m = 0; m < MEASURES; m++)
		chart(h, s, r, m);
	html_close(h);
	numbers(h, s, r);
	html_close(h);
}

static void say_forecast(struct html *h, const struct snapshot *s)
{
	struct forecast f;

	if (!forecast(s, &f))
		return;
	html_open(h, "p", NULL);
	html_textf(h, "The table%s will be full in %s (%s to %s): it grew by %s entries a second, "
		   "+- %s (95 %%), over the last %s.", netns_phrase(s, f.netns),
		   duration(f.seconds), duration(f.earliest), duration(f.latest),
		   per_second(f.growth), per_second(f.error), duration(f.window));
	html_close(h);
}

void report_day(struct html *h, const struct snapshot *s)
{
	struct record day = { .title = "By the minute", .format = "%H:%M" };
	struct record now = { .title = "The last minutes", .format = "%H:%M:%S" };
	bool has_day = series_minutes(s, &day.series), has_now = series_seconds(s, &now.series);

	html_open(h, "section", "id", "day", NULL);
	html_element(h, "h2", NULL, "The day");
	if (!has_day && !has_now)
		html_element(h, "p", NULL, "Nothing is recorded of it.");
	else
		html_element(h, "p", "muted", "Entries are those of the fullest network namespace, "
			     "all else is of the whole host.");
	say_forecast(h, s);
	if (has_day)
		record(h, s, &day);
	if (has_now)
		record(h, s, &now);
	html_close(h);
}
