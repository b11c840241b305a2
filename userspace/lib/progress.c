// SPDX-License-Identifier: GPL-2.0
/* A line that is written over and over; nothing of it where standard error is no terminal. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/progress.h"
#include "lib/terminal.h"

static bool said;

void progress_say(const char *fmt, ...)
{
	char line[TERMINAL_WIDTH];
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	said = true;
}

void progress_end(void)
{
	if (!said)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	said = false;
}
