/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one writer of markup. Tags, names of attributes and classes are constants of this
 * program; whatever else goes in is text, and stays text whoever chose it.
 */
#ifndef CONNTRIAGE_REPORT_HTML_H
#define CONNTRIAGE_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HTML_DEPTH	32	/* elements within each other */

struct html {
	FILE *out;
	const char *open[HTML_DEPTH];	/* tags that wait for their end */
	unsigned int depth;
};

/**
 * html_open() - begin an element, for html_close()
 * @...: names and values of attributes, and NULL. A name whose value is "" stands alone
 */
void html_open(struct html *h, const char *tag, ...) __attribute__((sentinel));

/** html_void() - an element that has no end, such as meta */
void html_void(struct html *h, const char *tag, ...) __attribute__((sentinel));

/** html_close() - end the element that was begun last */
void html_close(struct html *h);

/** html_text() - text, with anything but printable ASCII as '?' */
void html_text(struct html *h, const char *text);

/** html_textf() - the same, put together */
void html_textf(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** html_element() - an element with nothing but text; @class may be NULL */
void html_element(struct html *h, const char *tag, const char *class, const char *text);

/** html_style() - the style sheet, as it is: our own constant */
void html_style(struct html *h, const char *css);

struct html_column {
	const char *head;
	bool number;
};

/**
 * html_table() - begin a table, for html_table_end()
 * @caption: also what a reader of screens says of the region that it scrolls in
 */
void html_table(struct html *h, const char *caption, const struct html_column *column,
		size_t nr);

/** html_row() - begin a row, whose first cell names it; for html_close() */
void html_row(struct html *h, const char *name);

/** html_cell(), html_number() - the next cell: words, or a number ("-": not known) */
void html_cell(struct html *h, const char *text);
void html_number(struct html *h, const char *text);
void html_count(struct html *h, int64_t n);

void html_table_end(struct html *h);

#endif
