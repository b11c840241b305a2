// SPDX-License-Identifier: GPL-2.0
/* Tables of what the module recorded, by libsmartcols. */
#include <err.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/finding.h"
#include "kmod/abi.h"
#include "render/render.h"

struct column {
	const char *name;
	int flags;
};

#define RIGHT	SCOLS_FL_RIGHT
#define LAST	SCOLS_FL_TRUNC		/* gives way where the terminal is narrow */

static const char *const class_words[SRC_CLASSES] = {
	[SRC_INSERT] = CTRI_CLASS_INSERT,
	[SRC_INVALID] = CTRI_CLASS_INVALID,
	[SRC_REFUSED] = CTRI_CLASS_REFUSED,
	[SRC_EVICTED] = CTRI_CLASS_EVICTED,
	[SRC_EVICTING] = CTRI_CLASS_EVICTING,
	[SRC_INSERT_FAILED] = CTRI_CLASS_INSERT_FAILED,
};

static struct libscols_table *new_table(FILE *out, const struct column *c,
					      size_t nr)
{
	struct libscols_table *t;
	size_t i;

	scols_init_debug(0);
	t = scols_new_table();
	if (!t)
		err(SEV_UNKNOWN, "conntriage");
	scols_table_set_stream(t, out);
	/* In a pipe nothing may be cut off, and nobody needs colour or UTF-8. */
	scols_table_enable_ascii(t, 1);
	scols_table_enable_nowrap(t, 1);
	if (!isatty(fileno(out)))
		scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
	for (i = 0; i < nr; i++)
		if (!scols_table_new_column(t, c[i].name, 0, c[i].flags))
			err(SEV_UNKNOWN, "conntriage");
	return t;
}

static void put(struct libscols_line *line, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void put(struct libscols_line *line, size_t column, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0 || scols_line_refer_data(line, column, text))
		err(SEV_UNKNOWN, "conntriage");
}

static void put_num(struct libscols_line *line, size_t column, int64_t n)
{
	put(line, column, "%s", n == UNKNOWN ? "-" : num(n));
}

static struct libscols_line *new_line(struct libscols_table *t)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	if (!line)
		err(SEV_UNKNOWN, "conntriage");
	return line;
}

static int table_end(struct libscols_table *t, FILE *out)
{
	int error = scols_print_table(t);

	scols_unref_table(t);
	return error || ferror(out) ? -1 : 0;
}

/* Why a table is empty, and what to do about it. */
static int nothing(const struct snapshot *s, FILE *out, const char *what)
{
	if (s->mod.loaded)
		fprintf(out, "No %s recorded yet.\n", what);
	else
		fprintf(out, "No %s: %s.\n", what, s->mod.why_not[0] ?
			s->mod.why_not : "the conntriage module isn't loaded");
	return s->mod.loaded && !ferror(out) ? 0 : -1;
}

/* "tcp 98 %, udp 2 %" */
static void put_kinds(struct libscols_line *line, size_t column,
		      const struct source_row *row)
{
	char text[320] = "";
	size_t used = 0;
	double sum = 0;
	int i;

	for (i = 0; i < row->nr_kinds; i++)
		sum += row->kind[i].count;
	for (i = 0; i < row->nr_kinds && used + 48 < sizeof(text); i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s %s",
				 i ? ", " : "", row->kind[i].name,
				 pct(row->kind[i].count, sum));
	put(line, column, "%s", text);
}

int render_sources(const struct snapshot *s, FILE *out)
{
	static const struct column columns[] = {
		{ "CLASS", 0 }, { "SOURCE", 0 }, { "NETNS", RIGHT }, { "PER-SEC", RIGHT },
		{ "RECENT", RIGHT }, { "COUNT", RIGHT }, { "ERROR", RIGHT },
		{ "LAST", RIGHT }, { "KINDS", LAST },
	};
	struct libscols_table *t;
	size_t i;

	if (!s->nr_source)
		return nothing(s, out, "sources");
	t = new_table(out, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];
		struct libscols_line *line = new_line(t);

		put(line, 0, "%s", class_words[row->class]);
		put(line, 1, "%s", row->source);
		put(line, 2, "%lld", (long long)row->netns);
		put(line, 3, "%s", per_second(row->rate));
		put_num(line, 4, row->recent);
		put_num(line, 5, row->count);
		if (row->err == UNKNOWN)
			put(line, 6, "any");
		else
			put(line, 6, "%s%s", row->err ? "+" : "", num(row->err));
		if (row->last_ago <= 1)
			put(line, 7, "now");
		else
			put(line, 7, "%s ago", duration(row->last_ago));
		put_kinds(line, 8, row);
	}
	return table_end(t, out);
}

int render_netns(const struct snapshot *s, FILE *out)
{
	static const struct column columns[] = {
		{ "NETNS", RIGHT }, { "COUNT", RIGHT }, { "MAX", RIGHT }, { "USED", RIGHT },
		{ "INSERTED", RIGHT }, { "REFUSED", RIGHT }, { "EVICTED", RIGHT },
		{ "BY-GC", RIGHT }, { "FAILED", RIGHT }, { "CLASHES", RIGHT },
		{ "INVALID", RIGHT },
	};
	struct libscols_table *t;
	size_t i;

	if (!s->nr_netns)
		return nothing(s, out, "network namespaces");
	t = new_table(out, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];
		struct libscols_line *line = new_line(t);

		put(line, 0, "%lld%s", (long long)row->netns,
		    row->netns == s->own_netns ? "*" : "");
		put_num(line, 1, row->count);
		put_num(line, 2, row->max);
		put(line, 3, "%s", row->conntrack == 1 && row->max > 0 ?
		    pct(row->count, row->max) : "off");
		put_num(line, 4, row->inserts);
		put_num(line, 5, row->refusals);
		put_num(line, 6, row->evictions);
		put_num(line, 7, row->gc_evictions);
		put_num(line, 8, row->k_insert_failed);
		put_num(line, 9, row->k_clash);
		put_num(line, 10, row->invalid);
	}
	if (table_end(t, out))
		return -1;
	if (s->own_netns != UNKNOWN)
		fputs("* this namespace; numbers are since the module was loaded\n", out);
	return ferror(out) ? -1 : 0;
}

int render_history(const struct snapshot *s, FILE *out)
{
	static const struct column columns[] = {
		{ "AGO", RIGHT }, { "SPAN", RIGHT }, { "COUNT", RIGHT }, { "MAX", RIGHT },
		{ "INSERTED", RIGHT }, { "REFUSED", RIGHT }, { "EVICTED", RIGHT },
		{ "BY-GC", RIGHT }, { "FAILED", RIGHT }, { "INVALID", RIGHT },
		{ "SOURCES", RIGHT },
	};
	struct libscols_table *t;
	size_t i;

	if (!s->nr_history)
		return nothing(s, out, "history");
	t = new_table(out, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < s->nr_history; i++) {
		const struct history_row *row = &s->history[i];
		struct libscols_line *line = new_line(t);

		put(line, 0, "%llds", (long long)row->ago);
		put(line, 1, "%.1fs", (double)row->span / 1000);
		put_num(line, 2, row->count);
		put_num(line, 3, row->max);
		put_num(line, 4, row->inserts);
		put_num(line, 5, row->refusals);
		put_num(line, 6, row->evictions);
		put_num(line, 7, row->gc_evictions);
		put_num(line, 8, row->insert_failed);
		put_num(line, 9, row->invalid);
		put_num(line, 10, row->distinct);
	}
	return table_end(t, out);
}
