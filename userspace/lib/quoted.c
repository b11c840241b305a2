// SPDX-License-Identifier: GPL-2.0
/* Names of others' making as words of a table, and back. */
#include <string.h>

#include "lib/quoted.h"
#include "lib/text.h"

void quoted_print(FILE *to, const char *name)
{
	char one[2] = "";

	if (!*name)
		fputc('-', to);
	/* The name "-" isn't no name */
	if (!strcmp(name, "-")) {
		fputs("=2D", to);
		return;
	}
	for (; *name; name++) {
		one[0] = *name;
		if (*name != '=' && text_plain(one))
			fputc(*name, to);
		else
			fprintf(to, "=%02X", (unsigned char)*name);
	}
}

static int digit(char c)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *at = c ? strchr(hex, c) : NULL;

	return at ? (int)(at - hex) : -1;
}

bool quoted_read(const char *word, char *to, size_t size)
{
	for (; *word && size > 1; word++, size--) {
		char one[2] = { *word };

		if (*word == '=') {
			int high = digit(word[1]), low = high < 0 ? -1 : digit(word[2]);

			if (low < 0)
				return false;
			one[0] = 16 * high + low;
			word += 2;
			if (one[0] < ' ' || one[0] > '~')
				return false;
		} else if (!text_plain(one)) {
			return false;
		}
		*to++ = one[0];
	}
	*to = '\0';
	return !*word;
}
