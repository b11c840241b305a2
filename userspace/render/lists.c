// SPDX-License-Identifier: GPL-2.0
/* Sources and namespaces, as the module counts them. */
#include <stdio.h>

#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/render.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define LAST	SCOLS_FL_TRUNC		/* is cut where the terminal is narrow */

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
	table_put(line, column, "%s", text);
}

/* "nginx.service (nginx, 812)" of a program, else as the module has it */
static void put_source(const struct snapshot *s, struct libscols_line *line, size_t column,
		       const struct source_row *row)
{
	const struct program *p = row->class == SRC_PROGRAM ? find_program(s, row->source) : NULL;

	if (!p)
		table_put(line, column, "%s", row->source);
	else if (!*p->command)
		table_put(line, column, "%s", p->unit);
	else
		table_put(line, column, "%s (%s, %lld)", p->unit, p->command, (long long)p->pid);
}

int render_sources(const struct snapshot *s, FILE *out)
{
	static const struct table_column columns[] = {
		{ "CLASS", 0 }, { "SOURCE", 0 }, { "NETNS", RIGHT }, { "PER-SEC", RIGHT },
		{ "RECENT", RIGHT }, { "COUNT", RIGHT }, { "ERROR", RIGHT },
		{ "LAST", RIGHT }, { "KINDS", LAST },
	};
	struct libscols_table *t;
	size_t i;

	if (!s->nr_source)
		return none_seen(s, out, "sources");
	t = table_begin(out, TABLE_CUT, columns, ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];
		struct libscols_line *line = table_line(t);

		table_put(line, 0, "%s", class_name[row->class]);
		put_source(s, line, 1, row);
		table_put(line, 2, "%lld", (long long)row->netns);
		table_put(line, 3, "%s", per_second(row->rate));
		table_num(line, 4, row->recent);
		table_num(line, 5, row->count);
		table_err(line, 6, row->err);
		if (row->last_ago <= 1)
			table_put(line, 7, "now");
		else
			table_put(line, 7, "%s ago", duration(row->last_ago));
		put_kinds(line, 8, row);
	}
	return table_end(t, out);
}

int render_netns(const struct snapshot *s, FILE *out)
{
	static const struct table_column columns[] = {
		{ "NETNS", RIGHT }, { "COUNT", RIGHT }, { "MAX", RIGHT }, { "USED", RIGHT },
		{ "INSERTED", RIGHT }, { "REFUSED", RIGHT }, { "EVICTED", RIGHT },
		{ "BY-GC", RIGHT }, { "FAILED", RIGHT }, { "CLASHES", RIGHT },
		{ "INVALID", RIGHT },
	};
	struct libscols_table *t;
	size_t i;

	if (!s->nr_netns)
		return none_seen(s, out, "network namespaces");
	t = table_begin(out, TABLE_CUT, columns, ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];
		struct libscols_line *line = table_line(t);

		table_put(line, 0, "%lld%s", (long long)row->netns,
			  row->netns == s->own_netns ? "*" : "");
		table_num(line, 1, row->count);
		table_num(line, 2, row->max);
		table_put(line, 3, "%s", row->conntrack == 1 && row->max > 0 ?
			  pct(row->count, row->max) : "off");
		table_num(line, 4, row->inserts);
		table_num(line, 5, row->refusals);
		table_num(line, 6, row->evictions);
		table_num(line, 7, row->gc_evictions);
		table_num(line, 8, row->k_insert_failed);
		table_num(line, 9, row->k_clash);
		table_num(line, 10, row->invalid);
	}
	if (table_end(t, out))
		return -1;
	if (s->own_netns != UNKNOWN)
		fputs("* this namespace; numbers are since the module was loaded\n", out);
	return ferror(out) ? -1 : 0;
}
