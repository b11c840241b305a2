// SPDX-License-Identifier: GPL-2.0
/* Ports that NAT has for connections to one destination and service. */
#include <string.h>

#include "judge/ports.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

#define NOW	30	/* s: what history says of the present */
#define MARGIN	2	/* % that a count may be off */

bool ports_split(const char *pair, char *address, size_t size, char *port, size_t port_size)
{
	const char *colon = strrchr(pair, ':');
	bool v6 = *pair == '[';
	size_t len;

	if (!text_pair(pair) || strlen(colon + 1) >= port_size)
		return false;
	len = colon - pair - 2 * v6;
	if (len >= size)
		return false;
	memcpy(address, pair + v6, len);
	address[len] = '\0';
	strcpy(port, colon + 1);
	return true;
}

static bool is_local(const struct snapshot *s, const char *address)
{
	size_t i;

	for (i = 0; i < s->nr_local; i++)
		if (!strcmp(s->local[i], address))
			return true;
	return false;
}

/* The rule that can hold most connections to one destination; NULL: it isn't known */
static const struct source_nat *widest(const struct rules *rules, int64_t *room)
{
	const struct source_nat *best = NULL;
	size_t i;

	*room = 0;
	for (i = 0; i < rules->nr_source_nat && i < NAMED_SOURCE_NATS; i++) {
		const struct source_nat *nat = &rules->source_nat[i];
		int64_t range = PORTS_MAX - PORTS_MIN + 1;

		if (nat->addresses == UNKNOWN)
			return NULL;
		if (nat->port_min != UNKNOWN)
			range = nat->port_max - nat->port_min + 1;
		if (nat->addresses * range <= *room)
			continue;
		*room = nat->addresses * range;
		best = nat;
	}
	return best;
}

/* Insertions that failed, a second; long chains aren't counted. */
static double failed_now(const struct snapshot *s)
{
	int64_t failed = 0, span = 0, chains = 0, all = 0;
	size_t i;

	for (i = 0; i < s->nr_netns; i++) {
		all = plus(all, s->netns[i].k_insert_failed);
		chains = plus(chains, s->netns[i].k_chaintoolong);
	}
	for (i = 0; i < s->nr_history; i++)
		if (s->history[i].ago <= NOW) {
			failed = plus(failed, s->history[i].insert_failed);
			span = plus(span, s->history[i].span);
		}
	return span > 0 && 2 * (double)chains <= all ? 1000.0 * failed / span : 0;
}

/* With more entries than there are ports, most of them aren't translated. */
static bool is_near(const struct census_row *row, int64_t room)
{
	return share(row->entries, room) >= TH(PORTS_SHARE) &&
	       share(row->entries, room) <= 100 + MARGIN;
}

static bool has_ports(const char *proto)
{
	return !strcmp(proto, "tcp") || !strcmp(proto, "udp") || !strcmp(proto, "sctp");
}

struct ports ports_used_up(const struct tables *ts, const struct netns_table *n)
{
	struct ports p = { .pair = NULL };
	const struct census_row *row;
	char address[64], port[8];

	p.rule = widest(&ts->s->rules, &p.room);
	if (!n->own || !p.rule || p.room <= 0)
		return p;
	for (row = tables_heaviest(ts, CENSUS_PAIR, n->netns); row; row = tables_next(ts, row)) {
		if (!is_near(row, p.room) || !has_ports(row->proto) ||
		    !ports_split(row->name, address, sizeof(address), port, sizeof(port)) ||
		    is_local(ts->s, address))
			continue;
		p.pair = row;
		memcpy(p.address, address, sizeof(address));
		memcpy(p.port, port, sizeof(port));
		p.failed = failed_now(ts->s);
		break;
	}
	return p;
}
