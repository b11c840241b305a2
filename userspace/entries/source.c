// SPDX-License-Identifier: GPL-2.0
/* Sources: from an entry, and into text. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "entries/census_user.h"
#include "entries/source.h"
#include "kmod/table.h"

void entry_source(const struct entry *e, struct ctri_source *src)
{
	uint32_t address;

	*src = (struct ctri_source) { .netns = 1 };
	if (e->family == AF_INET) {
		memcpy(&address, e->source, sizeof(address));
		src->family = CTRI_FAMILY_IPV4;
		src->addr[0] = ctri_addr4(ctri_ipv4_source(address));
	} else {
		memcpy(src->addr, e->source, sizeof(src->addr));
		src->family = CTRI_FAMILY_IPV6;
		src->addr[0] &= ctri_source_masks.ip6[0];
		src->addr[1] &= ctri_source_masks.ip6[1];
	}
}

void source_name(const struct ctri_source *src, char *text, size_t size, int *family)
{
	char address[INET6_ADDRSTRLEN];

	*family = src->family == CTRI_FAMILY_IPV4 ? 4 : 6;
	inet_ntop(*family == 4 ? AF_INET : AF_INET6, src->addr, address, sizeof(address));
	if (*family == 4)
		snprintf(text, size, "%s", address);
	else
		snprintf(text, size, "%s/%u", address, ctri_source_masks.prefix6);
}
