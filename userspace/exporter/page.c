// SPDX-License-Identifier: GPL-2.0
/* Texts with a count of who uses them. */
#include <stdlib.h>

#include "exporter/page.h"
#include "lib/memory.h"

struct page *page_new(char *text, size_t len)
{
	struct page *p = malloc(sizeof(*p));

	if (!p)
		no_memory();
	*p = (struct page) { .text = text, .len = len, .users = 1 };
	return p;
}

struct page *page_hold(struct page *p)
{
	if (p)
		p->users++;
	return p;
}

void page_drop(struct page *p)
{
	if (!p || --p->users)
		return;
	free(p->text);
	free(p);
}
