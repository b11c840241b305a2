// SPDX-License-Identifier: GPL-2.0
/* Words of anybody's making as values of labels. */
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "metrics/label.h"

#define REPLACEMENT	"\xef\xbf\xbd"	/* U+FFFD */

/*
 * Bytes of the character that a text begins with, or 0: none does. Shortest form only,
 * no surrogates, nothing above U+10FFFF: table 3-7 of the Unicode standard.
 */
static size_t character(const unsigned char *c)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len, i;

	if (c[0] < 0x80)
		return (c[0] >= ' ' && c[0] != 0x7f) || c[0] == '\n';
	len = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	if (c[0] == 0xc2)
		low = 0xa0;		/* below: the control characters U+0080 to U+009F */
	else if (c[0] == 0xe0)
		low = 0xa0;
	else if (c[0] == 0xed)
		high = 0x9f;
	else if (c[0] == 0xf0)
		low = 0x90;
	else if (c[0] == 0xf4)
		high = 0x8f;
	for (i = 1; i < len; i++) {
		if (c[i] < low || c[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return len;
}

char *label_clean(const char *value)
{
	char *clean = malloc(3 * strlen(value) + 1), *to = clean;

	if (!clean)
		no_memory();
	while (*value) {
		size_t len = character((const unsigned char *)value);

		if (!len) {
			memcpy(to, REPLACEMENT, 3);
			to += 3;
			value++;
			continue;
		}
		memcpy(to, value, len);
		to += len;
		value += len;
	}
	*to = '\0';
	return clean;
}

void label_print(FILE *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		if (*value == '\n')
			fputs("\\n", out);
		else
			fputc(*value, out);
	}
}
