/* SPDX-License-Identifier: GPL-2.0 */
/* Which entries are meant. */
#ifndef CONNTRIAGE_DELETE_SELECT_H
#define CONNTRIAGE_DELETE_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#define ANY		(-1)

/* An entry as ctnetlink tells it: addresses and ports are those of the first packet. */
struct entry {
	int family;			/* AF_INET, AF_INET6 */
	int proto;			/* IPPROTO_* */
	uint8_t source[16], dest[16];
	int dport;			/* or ANY: the protocol has none */
	uint32_t status;		/* IPS_* */
	int64_t left;			/* s of its timeout */
	int tcp_state;			/* TCP_CONNTRACK_*, or ANY */
};

struct network {
	int family;			/* AF_UNSPEC: any */
	uint8_t address[16];
	unsigned int bits;
};

/* What of an entry's status is asked for, as the module's census calls it */
enum answer { ANSWER_ANY, ANSWER_UNREPLIED, ANSWER_REPLIED, ANSWER_ASSURED };

/* All that is given has to fit. */
struct selection {
	int proto, dport, tcp_state;	/* or ANY */
	enum answer answer;
	bool unanswered;
	struct network source, dest;
	int64_t left_min, left_max;	/* s; left_max ANY: however much */
};

/** selects() - whether @e is one of those that are to be deleted */
bool selects(const struct selection *s, const struct entry *e);

#endif
