// SPDX-License-Identifier: GPL-2.0
/* Tables by libsmartcols, and what is written around them. */
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "judge/finding.h"
#include "lib/print_table.h"

#define NR_BUFS		32
#define BUF_LEN		128

static char *next_buf(void)
{
	static char buf[NR_BUFS][BUF_LEN];
	static unsigned int turn;

	return buf[turn++ % NR_BUFS];
}

unsigned int out_columns(FILE *out)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(fileno(out), TIOCGWINSZ, &size) || !size.ws_col ||
	    size.ws_col > OUT_WIDTH)
		return OUT_WIDTH;
	return size.ws_col;
}

struct libscols_table *out_begin(FILE *out, const struct out_column *column,
				 size_t nr)
{
	struct libscols_table *t;
	size_t i;

	scols_init_debug(0);
	t = scols_new_table();
	if (!t)
		err(SEV_UNKNOWN, "conntriage");
	scols_table_set_stream(t, out);
	scols_table_enable_ascii(t, 1);
	scols_table_enable_nowrap(t, 1);
	if (!isatty(fileno(out)) || out_columns(out) < OUT_WIDTH)
		scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
	for (i = 0; i < nr; i++)
		if (!scols_table_new_column(t, column[i].name, 0, column[i].flags))
			err(SEV_UNKNOWN, "conntriage");
	return t;
}

struct libscols_line *out_line(struct libscols_table *t)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	if (!line)
		err(SEV_UNKNOWN, "conntriage");
	return line;
}

void out_put(struct libscols_line *line, size_t column, const char *fmt, ...)
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

void out_num(struct libscols_line *line, size_t column, int64_t n)
{
	out_put(line, column, "%s", n == UNKNOWN ? "-" : num(n));
}

void out_pct(struct libscols_line *line, size_t column, int64_t part,
	     int64_t whole)
{
	double share = whole > 0 ? 100.0 * part / whole : 0;

	/* Neither "0%" of something nor "100%" of not quite all. */
	if (part == UNKNOWN || whole <= 0)
		out_put(line, column, "-");
	else if (share > 0 && share < 1)
		out_put(line, column, "<1%%");
	else if (share > 99 && share < 100)
		out_put(line, column, "99%%");
	else
		out_put(line, column, "%.0f%%", share);
}

int out_end(struct libscols_table *t, FILE *out)
{
	int error = scols_print_table(t);

	scols_unref_table(t);
	return error || ferror(out) ? -1 : 0;
}

void out_text(FILE *out, const char *fmt, ...)
{
	char *text, *word, *next;
	size_t at = 0, len, width = out_columns(out);
	va_list ap;
	int error;

	va_start(ap, fmt);
	error = vasprintf(&text, fmt, ap) < 0;
	va_end(ap);
	if (error)
		err(SEV_UNKNOWN, "conntriage");
	for (next = text; (word = strsep(&next, " ")); at += len) {
		len = strlen(word);
		if (at && at + 1 + len > width) {
			fputc('\n', out);
			at = 0;
		} else if (at) {
			fputc(' ', out);
			at++;
		}
		fputs(word, out);
	}
	fputc('\n', out);
	free(text);
}

int out_nothing(const struct snapshot *s, FILE *out, const char *what)
{
	bool whole = s->mod.loaded && !s->mod.partial;

	if (whole)
		out_text(out, "No %s recorded yet.", what);
	else
		out_text(out, "No %s: %s.", what, s->mod.why_not[0] ?
			 s->mod.why_not : "the conntriage module isn't loaded");
	return whole && !ferror(out) ? 0 : -1;
}

const char *short_time(int64_t seconds)
{
	char *out = next_buf();

	if (seconds == UNKNOWN)
		return "-";
	if (seconds < 120)
		snprintf(out, BUF_LEN, "%" PRId64 " s", seconds);
	else if (seconds < 7200)
		snprintf(out, BUF_LEN, "%" PRId64 " min", seconds / 60);
	else if (seconds < 172800)
		snprintf(out, BUF_LEN, "%" PRId64 " h", seconds / 3600);
	else
		snprintf(out, BUF_LEN, "%" PRId64 " d", seconds / 86400);
	return out;
}

static const char *given_name(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_netns_names; i++)
		if (s->netns_name[i].netns == netns)
			return s->netns_name[i].name;
	return NULL;
}

const char *netns_word(const struct snapshot *s, int64_t netns)
{
	const char *name = given_name(s, netns);
	char *out;

	if (netns == UNKNOWN)
		return "-";
	if (!netns)
		return "gone";
	if (name)
		return name;
	out = next_buf();
	snprintf(out, BUF_LEN, "%" PRId64, netns);
	return out;
}

const char *netns_phrase(const struct snapshot *s, int64_t netns)
{
	const char *name = given_name(s, netns);
	char *out = next_buf();

	if (netns == UNKNOWN || netns == s->own_netns)
		return "";
	if (!netns)
		return " of a namespace that is gone";
	if (name)
		snprintf(out, BUF_LEN, " of namespace %s (%" PRId64 ")", name,
			 netns);
	else
		snprintf(out, BUF_LEN, " of namespace %" PRId64, netns);
	return out;
}
