// SPDX-License-Identifier: GPL-2.0
/* How wide the output may be, and prose that keeps to it. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/terminal.h"

unsigned int terminal_columns(FILE *out)
{
	struct winsize size = { .ws_col = 0 };

	return ioctl(fileno(out), TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

unsigned int terminal_width(FILE *out)
{
	unsigned int columns = terminal_columns(out);

	return columns && columns < TERMINAL_WIDTH ? columns : TERMINAL_WIDTH;
}

void print_plain(FILE *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		fputc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?', out);
}

size_t line_length(const char *text, size_t room)
{
	size_t len = strcspn(text, "\n"), at = len;

	if (len > room)
		for (at = room; at > 1 && text[at] != ' '; at--)
			;
	return at > 1 ? at : len;
}

void wrap(FILE *out, const char *text, unsigned int column, unsigned int width)
{
	unsigned int at = column;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (at > column && at + 1 + word > width) {
			fprintf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', out);
			at++;
		}
		print_plain(out, text, word);
		at += word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void prose(FILE *out, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = print_text(fmt, ap);
	va_end(ap);
	wrap(out, text, 0, terminal_width(out));
	free(text);
}
