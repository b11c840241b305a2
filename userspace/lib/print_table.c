// SPDX-License-Identifier: GPL-2.0
/* Tables for people, by libsmartcols. */
#include <stdarg.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/words.h"

struct libscols_table *table_begin(FILE *out, const struct table_column *column, size_t nr)
{
	struct libscols_table *t;
	size_t i;

	scols_init_debug(0);
	t = scols_new_table();
	if (!t)
		no_memory();
	scols_table_set_stream(t, out);
	scols_table_enable_ascii(t, 1);
	scols_table_enable_nowrap(t, 1);
	/* As in a pipe: libsmartcols would cut columns to a terminal, without a sign. */
	scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
	for (i = 0; i < nr; i++)
		if (!scols_table_new_column(t, column[i].name, 0, column[i].flags))
			no_memory();
	return t;
}

struct libscols_line *table_line(struct libscols_table *t)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	if (!line)
		no_memory();
	return line;
}

void table_put(struct libscols_line *line, size_t column, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = print_text(fmt, ap);
	va_end(ap);
	if (scols_line_refer_data(line, column, text))
		no_memory();
}

void table_num(struct libscols_line *line, size_t column, int64_t n)
{
	table_put(line, column, "%s", n == UNKNOWN ? "-" : num(n));
}

void table_pct(struct libscols_line *line, size_t column, int64_t part,
	       int64_t whole)
{
	double percent = share(part, whole);

	/* Neither "0%" of something nor "100%" of not quite all. */
	if (part == UNKNOWN || whole <= 0)
		table_put(line, column, "-");
	else if (percent > 0 && percent < 1)
		table_put(line, column, "<1%%");
	else if (percent > 99 && percent < 100)
		table_put(line, column, "99%%");
	else
		table_put(line, column, "%.0f%%", percent);
}

int table_end(struct libscols_table *t, FILE *out)
{
	int error = scols_print_table(t);

	scols_unref_table(t);
	return error || ferror(out) ? -1 : 0;
}
