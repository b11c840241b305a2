// SPDX-License-Identifier: GPL-2.0
/* Growing lists of lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"

char *print_text(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		no_memory();
	return text;
}

void lines_add(struct lines *l, const char *fmt, ...)
{
	char **line = grow(&l->line, &l->nr, sizeof(*line));
	va_list ap;

	va_start(ap, fmt);
	*line = print_text(fmt, ap);
	va_end(ap);
}

bool lines_has(const struct lines *l, const char *line)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (!strcmp(l->line[i], line))
			return true;
	return false;
}

void lines_free(struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		free(l->line[i]);
	free(l->line);
	memset(l, 0, sizeof(*l));
}
