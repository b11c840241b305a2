/* SPDX-License-Identifier: GPL-2.0 */
/* Growing lists of lines; their text is owned by the list. */
#ifndef CONNTRIAGE_LIB_LINES_H
#define CONNTRIAGE_LIB_LINES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct lines {
	char **line;
	size_t nr;
};

/** lines_add() - append a line */
void lines_add(struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** lines_has() - whether a line stands there already */
bool lines_has(const struct lines *l, const char *line);

/** lines_free() - free the lines; the list is empty then */
void lines_free(struct lines *l);

/** print_text() - as vasprintf(), but returns the text; free() it */
char *print_text(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

#endif
