// SPDX-License-Identifier: GPL-2.0
/*
 * In place of lib/utf8.c: the host may have no locales, or those of another C library,
 * so that a locale's name has to do: LANGUAGE_COUNTRY.CODESET@MODIFIER.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/terminal.h"

bool terminal_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *name = NULL, *codeset;
	size_t i;

	/* setlocale(3): the first that is set and not empty */
	for (i = 0; i < ARRAY_SIZE(variables) && !(name && *name); i++)
		name = getenv(variables[i]);
	codeset = name ? strchr(name, '.') : NULL;
	return codeset && (!strncasecmp(codeset, ".UTF-8", 6) || !strncasecmp(codeset, ".utf8", 5));
}
