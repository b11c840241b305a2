// SPDX-License-Identifier: GPL-2.0
/* Whether the terminal takes UTF-8. */
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "lib/terminal.h"

bool terminal_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", NULL);
	bool utf8;

	if (!locale)
		return false;
	utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return utf8;
}
