// SPDX-License-Identifier: GPL-2.0
/* The address in what the module calls a source, a destination or a service. */
#include <stdio.h>
#include <string.h>

#include "lib/endpoint.h"

void endpoint_address(const char *word, char *text)
{
	const char *from = strchr(word, '['), *slash = strchr(word, '/'), *end = NULL;

	if (from) {
		end = strchr(++from, ']');
	} else if (slash) {
		from = slash + 1;
		end = strchr(from, ':');
	}
	if (!end) {
		from = word;
		end = word + strcspn(word, "/");
	}
	snprintf(text, ENDPOINT_ADDRESS, "%.*s", (int)(end - from), from);
}
