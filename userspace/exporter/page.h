/* SPDX-License-Identifier: GPL-2.0 */
/* A text that several connections may be sending while a newer one is current already. */
#ifndef CONNTRIAGE_EXPORTER_PAGE_H
#define CONNTRIAGE_EXPORTER_PAGE_H

#include <stddef.h>

struct page {
	char *text;
	size_t len;
	unsigned int users;	/* it goes with the last of them */
};

/** page_new() - one with one user; @text: of malloc(), is the page's then */
struct page *page_new(char *text, size_t len);

/** page_hold() - another user; of NULL there is none. Return: @p */
struct page *page_hold(struct page *p);

/** page_drop() - one user less */
void page_drop(struct page *p);

#endif
