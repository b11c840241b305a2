// SPDX-License-Identifier: GPL-2.0
/* Which bits of an address make a source, and a prefix, where the reader counts itself. */
#include "entries/census_user.h"

/* As the module's parameters are if nobody sets them: prefix4 and the like of kmod/main.c */
struct ctri_masks ctri_source_masks = { .prefix4 = 32, .prefix6 = 64 };
struct ctri_masks ctri_census_masks = { .prefix4 = 24, .prefix6 = 48 };

static void set_mask(struct ctri_masks *m)
{
	uint8_t bytes[16] = { 0 };
	unsigned int i;

	for (i = 0; i < m->prefix6; i++)
		bytes[i / 8] |= 0x80 >> i % 8;
	memcpy(m->ip6, bytes, sizeof(m->ip6));
	m->ip = htonl(UINT32_MAX << (32 - m->prefix4));
}

void masks_begin(void)
{
	set_mask(&ctri_source_masks);
	set_mask(&ctri_census_masks);
}
