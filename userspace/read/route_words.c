// SPDX-License-Identifier: GPL-2.0
/* Which order of bytes the numbers of /proc/net/route have. */
#include <endian.h>
#include <byteswap.h>
#include <stdio.h>
#include <string.h>

#include "read/route_words.h"

/* Set bits above, clear ones below, and both */
static bool is_mask(uint32_t number)
{
	return number && ~number && !(~number & (~number + 1));
}

bool routes_little(const char *text, bool captured)
{
	unsigned int mask;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (sscanf(text, "%*15[^ \t\n] %*8x %*8x %*4x %*d %*d %*d %8x", &mask) != 1)
			continue;
		if (is_mask(mask) != is_mask(bswap_32(mask)))
			return is_mask(bswap_32(mask));
	}
	return captured || BYTE_ORDER == LITTLE_ENDIAN;
}

uint32_t route_word(uint32_t number, bool little)
{
	return little ? htole32(number) : htobe32(number);
}
