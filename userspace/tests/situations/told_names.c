// SPDX-License-Identifier: GPL-2.0
/* What the module calls protocols and rows. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "tests/situations/told.h"

const char *proto_name(int proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "icmp";
}

/* A destination is whole, a source of IPv6 and a prefix have bits. */
char *row_name(char *text, const struct member_row *r)
{
	bool v6 = r->address.family == 6;
	size_t len;

	if (r->kind == ROW_CLASS + SRC_PROGRAM) {
		snprintf(text, ROW_NAME, "%d", r->port);
	} else if (!r->address.family && r->kind == ROW_SERVICE) {
		snprintf(text, ROW_NAME, "%d", r->port);
	} else if (!r->address.family) {
		snprintf(text, ROW_NAME, "%s/%d", proto_name(r->proto), r->port);
	} else if (r->kind == ROW_PAIR) {
		text[0] = '[';
		address_text(text + v6, &r->address, 0);
		len = strlen(text);
		snprintf(text + len, ROW_NAME - len, v6 ? "]:%d" : ":%d", r->port);
	} else {
		address_text(text, &r->address, r->kind == ROW_PREFIX ? (v6 ? 48 : 24) :
			     v6 && !r->address.low ? 64 : 0);
	}
	return text;
}
