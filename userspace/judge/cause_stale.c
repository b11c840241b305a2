// SPDX-License-Identifier: GPL-2.0
/*
 * Entries whose NAT is out of date and that unanswered traffic keeps alive: NAT is
 * decided once, with an entry's first packet, and each further packet renews the
 * timeout (docs/beside-conntrack.md, "NAT and ports"). So a client that goes on sending
 * from one port goes on reaching a target that is gone.
 */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/ports.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define WARN	10	/* entries: as many clients are worth an alarm */
#define LONGEST	300	/* s: history goes back for two of these */

/* Entries that live as long as packets come, answered or not */
static bool is_renewed(const char *proto)
{
	return strcmp(proto, "tcp") && strcmp(proto, "icmp") && strcmp(proto, "icmpv6") &&
	       strcmp(proto, "sctp");
}

static int64_t unanswered(const struct census_row *row)
{
	return row->has_stages ? plus(row->stage[STAGE_UNANSWERED],
				      row->stage[STAGE_UNANSWERED_60]) : 0;
}

/* The share of new connections that aren't TCP, as the sources tell it since load */
static double renewed_share(const struct snapshot *s)
{
	double sum = 0, tcp = 0;
	size_t i;
	int k;

	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];

		if (row->class != SRC_INSERT)
			continue;
		for (k = 0; k < row->nr_kinds; k++) {
			sum += row->kind[k].count;
			tcp += strcmp(row->kind[k].name, "tcp") ? 0 : row->kind[k].count;
		}
	}
	return sum > 0 ? 1 - tcp / sum : 1;
}

/* New connections within the last @seconds, or -1: history doesn't go back so far */
static double arrivals(const struct snapshot *s, int64_t seconds)
{
	double sum = 0;
	int64_t span = 0;
	size_t i;

	for (i = 0; i < s->nr_history; i++)
		if (s->history[i].ago < seconds) {
			sum += known(s->history[i].inserts);
			span = plus(span, s->history[i].span);
		}
	return span >= 900 * seconds ? sum : -1;
}

/*
 * An entry without an answer ends with its timeout, if nothing comes. Where fewer
 * connections began within two timeouts than stand unanswered to this destination,
 * most of these are older than that: packets keep them.
 */
static bool kept_alive(const struct tables *ts, const struct netns_table *n,
		       const struct census_row *row)
{
	int64_t timeout = setting_now(ts, n, !strcmp(row->proto, "udp") ? "udp_timeout" :
				      !strcmp(row->proto, "gre") ? "gre_timeout" :
				      "generic_timeout");
	double came;

	if (timeout <= 0 || timeout > LONGEST)
		return false;
	came = arrivals(ts->s, 2 * timeout);
	return came >= 0 && 2 * came * renewed_share(ts->s) <= unanswered(row);
}

static void judge_pair(const struct tables *ts, const struct netns_table *n,
		       const struct census_row *row, struct findings *fs)
{
	char address[64], port[8], where[120], options[160];
	int64_t nr = unanswered(row);
	struct finding *f;
	struct fix x;

	if (!is_renewed(row->proto) || !nr || share(nr, row->entries) < 50 ||
	    !ports_split(row->name, address, sizeof(address), port, sizeof(port)) ||
	    !kept_alive(ts, n, row))
		return;
	f = finding_add(fs, &cause_stale, nr >= WARN ? SEV_WARNING : SEV_OK);
	f->certainty = POSSIBLE;
	fact_set(&f->sentence, "{unanswered} {} entr{} for {}:{} without an answer never end{}: "
		 "senders keep alive what NAT decided long ago.", count_of(nr),
		 text_of(strcmp(row->proto, "udp") ? row->proto : "UDP"),
		 text_of(nr > 1 ? "ies" : "y"), text_of(address), text_of(port),
		 text_of(nr > 1 ? "" : "s"));
	facts_add(&f->evidence, "{unanswered} of {entries} entries to it are unanswered, and fewer "
		  "connections began in the last two timeouts than that [module: census, history]",
		  count_of(nr), count_of(row->entries));
	facts_add(&f->evidence, "rules translate destinations here [nft]");
	if (row->sources == 1)
		facts_add(party_nobody(&f->culprit), "one source goes on sending [module: census]");
	else if (row->sources > 0)
		facts_add(party_nobody(&f->culprit), "about {sources} sources go on sending "
			  "[module: census]", count_of(row->sources));
	facts_add(&f->against, "traffic that expects no answer (syslog, metrics) looks the same. "
		  "What decides: whether dst= and src= of the two halves name a target that is "
		  "still there");
	cure_begin(&x, ts, n, f);
	snprintf(where, sizeof(where), "-p %s -d %s%s%s", row->proto, address,
		 strcmp(port, "0") ? " --dport " : "", strcmp(port, "0") ? port : "");
	fix_line(&x, &f->verify, "conntrack -L %s", where);
	snprintf(options, sizeof(options), "%s --unanswered", where);
	fix_delete_kind(&x, options);
	fix_end(&x);
	facts_add(&f->price, "The next packet of each makes a new entry, by the rules as they are "
		  "now.");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct census_row *row;
	size_t i;

	if (!ts->s->rules.has_dnat)
		return;
	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (!n->own)
			continue;
		for (row = tables_heaviest(ts, CENSUS_PAIR, n->netns); row;
		     row = tables_next(ts, row))
			judge_pair(ts, n, row, fs);
	}
}

const struct cause cause_stale = {
	.name = "stale",
	.title = "NAT that is out of date, and kept alive",
	.text =
"Where a packet is sent to is decided once, when its entry is made; rules that\n"
"change later don't matter to it. TCP finds out, as its peer doesn't answer. UDP\n"
"and tunnels don't: each packet, answered or not, renews the entry, so a client\n"
"that sends from one port more often than every 30 seconds goes on reaching a\n"
"server that has moved. A Kubernetes service whose endpoint has gone, a SIP phone\n"
"or a VPN after a failover are the classic victims. Restarting the client helps\n"
"(it takes a new port), or deleting exactly these entries.\n"
"\n"
"They fill no table. Answered ones aren't these.\n",
	.weight = 150,
	.judge = judge,
};
