/* SPDX-License-Identifier: GPL-2.0 */
/* Which entries are meant. */
#ifndef CONNTRIAGE_DELETE_SELECT_H
#define CONNTRIAGE_DELETE_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "entries/entry.h"

struct network {
	int family;			/* AF_UNSPEC: any */
	uint8_t address[16];
	unsigned int bits;
};

/* What of an entry's status is asked for, as the module's census calls it */
enum answer { ANSWER_ANY, ANSWER_UNREPLIED, ANSWER_REPLIED, ANSWER_ASSURED };

/* All that is given has to fit. */
struct selection {
	int proto, dport, tcp_state;	/* or ANY; the last is TCP's alone */
	enum answer answer;
	bool unanswered;
	struct network source, dest;
	int64_t left_min, left_max;	/* s; left_max ANY: however much */
};

/** selects() - whether @e is one of those that are to be deleted */
bool selects(const struct selection *s, const struct entry *e);

#endif
