// SPDX-License-Identifier: GPL-2.0
/* Errors, in one line. */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/complain.h"
#include "lib/lines.h"

static void (*also)(const char *line);

void complain_also(void (*listener)(const char *line))
{
	also = listener;
}

void complain(const char *fmt, ...)
{
	va_list ap;
	char *line;

	va_start(ap, fmt);
	line = print_text(fmt, ap);
	va_end(ap);
	warnx("%s", line);
	if (also)
		also(line);
	free(line);
}
