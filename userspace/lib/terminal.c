// SPDX-License-Identifier: GPL-2.0
/* How wide the output may be, and prose that keeps to it. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/terminal.h"

unsigned int terminal_width(FILE *out)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(fileno(out), TIOCGWINSZ, &size) || !size.ws_col ||
	    size.ws_col > TERMINAL_WIDTH)
		return TERMINAL_WIDTH;
	return size.ws_col;
}

void prose(FILE *out, const char *fmt, ...)
{
	char *text, *word, *next;
	size_t at = 0, len, width = terminal_width(out);
	va_list ap;

	va_start(ap, fmt);
	text = print_text(fmt, ap);
	va_end(ap);
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
