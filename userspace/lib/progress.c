// SPDX-License-Identifier: GPL-2.0
/* A line that is written over and over; nothing of it where standard error is no terminal. */
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/progress.h"
#include "lib/terminal.h"

#define ERASE	"\r\033[K"

static bool said, caught;

/* Ctrl-C: the line goes, and the program with it, as it would have */
static void interrupted(int signal)
{
	ssize_t done = write(STDERR_FILENO, ERASE, sizeof(ERASE) - 1);

	(void)done;
	raise(signal);
}

/* Who has its own way with the signal ends the line by progress_end(). */
static void catch_interrupt(void)
{
	const struct sigaction ours = { .sa_handler = interrupted, .sa_flags = SA_RESETHAND };
	struct sigaction now;

	caught = !sigaction(SIGINT, NULL, &now) && now.sa_handler == SIG_DFL &&
		 !sigaction(SIGINT, &ours, NULL);
}

static void release_interrupt(void)
{
	if (caught)
		signal(SIGINT, SIG_DFL);
	caught = false;
}

void progress_say(const char *fmt, ...)
{
	char line[TERMINAL_WIDTH];
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (!said)
		catch_interrupt();
	fprintf(stderr, ERASE "%s", line);
	fflush(stderr);
	said = true;
}

void progress_end(void)
{
	if (!said)
		return;
	fputs(ERASE, stderr);
	fflush(stderr);
	release_interrupt();
	said = false;
}
