// SPDX-License-Identifier: GPL-2.0
/* Markup, with all that isn't ours escaped. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "report/html.h"

/*
 * Good for text and for attributes in double quotes. Bytes that are no printable ASCII
 * can't be meant: no parser of read/ lets them pass.
 */
static void escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\n':
			fputc('\n', out);
			break;
		default:
			fputc(*text >= ' ' && *text <= '~' ? *text : '?', out);
		}
	}
}

static void start(struct html *h, const char *tag, va_list ap)
{
	const char *name, *value;

	fprintf(h->out, "<%s", tag);
	while ((name = va_arg(ap, const char *))) {
		value = va_arg(ap, const char *);
		fprintf(h->out, " %s", name);
		if (!*value)
			continue;
		fputs("=\"", h->out);
		escape(h->out, value);
		fputc('"', h->out);
	}
	fputc('>', h->out);
}

void html_open(struct html *h, const char *tag, ...)
{
	va_list ap;

	if (h->depth == HTML_DEPTH)
		abort();	/* our own mistake, whatever the data */
	va_start(ap, tag);
	start(h, tag, ap);
	va_end(ap);
	h->open[h->depth++] = tag;
}

void html_void(struct html *h, const char *tag, ...)
{
	va_list ap;

	va_start(ap, tag);
	start(h, tag, ap);
	va_end(ap);
	fputc('\n', h->out);
}

/* Where a line may end without a space that shows */
static bool is_block(const char *tag)
{
	static const char *const inner[] = {
		"a", "b", "code", "span", "th", "td", "text", "title", "desc", "rect", "path",
		"line", "caption",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(inner); i++)
		if (!strcmp(tag, inner[i]))
			return false;
	return true;
}

void html_close(struct html *h)
{
	const char *tag = h->open[--h->depth];

	fprintf(h->out, "</%s>%s", tag, is_block(tag) ? "\n" : "");
}

void html_text(struct html *h, const char *text)
{
	escape(h->out, text);
}

void html_textf(struct html *h, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = print_text(fmt, ap);
	va_end(ap);
	html_text(h, text);
	free(text);
}

void html_element(struct html *h, const char *tag, const char *class, const char *text)
{
	if (class)
		html_open(h, tag, "class", class, NULL);
	else
		html_open(h, tag, NULL);
	html_text(h, text);
	html_close(h);
}

void html_style(struct html *h, const char *css)
{
	fprintf(h->out, "<style>%s</style>\n", css);
}

void html_table(struct html *h, const char *caption, const struct html_column *column, size_t nr)
{
	size_t i;

	/* It scrolls by itself, by keys as well, so that a phone's page doesn't. */
	html_open(h, "div", "class", "scroll", "role", "region", "aria-label", caption,
		  "tabindex", "0", NULL);
	html_open(h, "table", NULL);
	html_element(h, "caption", NULL, caption);
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (i = 0; i < nr; i++) {
		html_open(h, "th", "scope", "col", "class", column[i].number ? "n" : "w", NULL);
		html_text(h, column[i].head);
		html_close(h);
	}
	html_close(h);
	html_close(h);
	html_open(h, "tbody", NULL);
}

void html_row(struct html *h, const char *name)
{
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", NULL);
	html_text(h, name);
	html_close(h);
}

void html_cell(struct html *h, const char *text)
{
	html_element(h, "td", NULL, text);
}

void html_number(struct html *h, const char *text)
{
	html_element(h, "td", "n", text);
}

void html_count(struct html *h, int64_t n)
{
	html_number(h, n == UNKNOWN ? "-" : num(n));
}

void html_table_end(struct html *h)
{
	html_close(h);
	html_close(h);
	html_close(h);
}
