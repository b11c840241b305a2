/* SPDX-License-Identifier: GPL-2.0 */
/* HTTP/1.1, as far as an exporter needs it: the heads of requests and of answers. */
#ifndef CONNTRIAGE_EXPORTER_HTTP_H
#define CONNTRIAGE_EXPORTER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "exporter/page.h"

#define REQUEST_MOST	8192	/* bytes of a head; nobody who scrapes sends half of it */

struct request_head {
	const char *path;	/* without a query, within the text */
	bool head;		/* HEAD: the answer without its body */
	bool openmetrics;	/* its Accept names application/openmetrics-text */
};

/**
 * request_parse() - understand a request, by RFC 9110 and 9112
 * @text: what has come so far, @len bytes, REQUEST_MOST at most; written to once the head
 *	is whole. What is behind the head is left alone
 * @r: what is known of it; its path where it is understood
 *
 * Return: 0: more has to come; 200: understood; else the status of the refusal: 400, 405,
 * 414, 431.
 */
int request_parse(char *text, size_t len, struct request_head *r);

/* What is said to a request */
struct answer {
	int status;
	const char *type;	/* Content-Type; NULL: text/plain */
	struct page *page;	/* NULL: the status is all there is to say */
};

#define ANSWER_MOST	384	/* bytes of a head */

/**
 * answer_head() - what is sent before @a->page, or in its stead
 * @body: false: to HEAD, without the line that an answer without a page has
 * @to: ANSWER_MOST bytes
 *
 * Return: how many there are.
 */
size_t answer_head(const struct answer *a, bool body, char *to);

#endif
