// SPDX-License-Identifier: GPL-2.0
/*
 * A flood of sources that are ever new: their addresses are made up, or so many
 * that blocking single ones is no use.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once */

/* The kind of flood: what most of the unanswered entries are. */
enum spoof { SPOOF_SYN, SPOOF_ACK, SPOOF_UDP, SPOOF_OTHER };

static int64_t unreplied(const struct tables *ts, const struct netns_table *n,
			 const char *proto, const char *state)
{
	const struct census_row *row = tables_state(ts, n->netns, proto, state);

	return row ? known(row->unreplied) : 0;
}

static enum spoof kind_of(const struct tables *ts, const struct netns_table *n)
{
	int64_t syn = plus(unreplied(ts, n, "tcp", "SYN_SENT"),
			   unreplied(ts, n, "tcp", "SYN_RECV"));
	int64_t ack = unreplied(ts, n, "tcp", "ESTABLISHED");
	int64_t udp = unreplied(ts, n, "udp", "UNREPLIED");
	const struct census_row *row;
	int64_t answered = 0;

	/* Where a server answers the SYNs, entries wait for the last ACK. */
	row = tables_state(ts, n->netns, "tcp", "SYN_RECV");
	if (row)
		answered = known(row->entries);
	syn = plus(syn, answered);
	if (!syn && !ack && !udp)
		return n->nr_actors && !strcmp(actor_proto(&n->actor[0], SRC_INSERT),
					       "udp") ? SPOOF_UDP : SPOOF_OTHER;
	if (syn >= ack && syn >= udp)
		return SPOOF_SYN;
	return ack >= udp ? SPOOF_ACK : SPOOF_UDP;
}

static bool is_handshake(enum stream stream)
{
	return stream == STREAM_SYN_SENT || stream == STREAM_SYN_RECV;
}

/* The attacked port, if most entries go there; digits only, for commands. */
static const char *attacked(const struct tables *ts, const struct netns_table *n,
			    const char *proto)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_SERVICE, n->netns);

	while (row && strcmp(row->proto, proto))
		row = tables_next(ts, row);
	if (!row || share(row->entries, n->count) < TH(CONCENTRATED) ||
	    !row->name[0] || strspn(row->name, "0123456789") != strlen(row->name))
		return NULL;
	return row->name;
}

/* The service that is attacked, as the census has it */
static const struct group *service(const struct netns_table *n, const char *proto,
				   const char *port)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SERVICE]; i++)
		if (!strcmp(o->group[GROUP_SERVICE][i].row.proto, proto) &&
		    !strcmp(o->group[GROUP_SERVICE][i].row.name, port))
			return &o->group[GROUP_SERVICE][i];
	return NULL;
}

static void take_effect(struct effect *e, const struct netns_table *n, enum spoof kind,
			const char *port)
{
	const char *proto = kind == SPOOF_UDP ? "udp" : "tcp";
	const struct group *g = port ? service(n, proto, port) : NULL;

	if (g)
		effect_turn_away(e, g, kind == SPOOF_UDP ? EFFECT_ALL : EFFECT_BARREN, EFFECT_NONE);
	if (g && kind == SPOOF_UDP)
		effect_delete(e, g, EFFECT_BARREN);
	if (kind == SPOOF_SYN && port) {
		effect_delete_all(e, STREAM_SYN_SENT);
		effect_delete_all(e, STREAM_SYN_RECV);
	}
	if (kind == SPOOF_ACK)
		effect_delete_all(e, STREAM_MIDSTREAM);
	/* tcp_loose=0 */
	if (kind == SPOOF_ACK || (kind == SPOOF_SYN && port))
		effect_turn_away_all(e, STREAM_MIDSTREAM);
}

static void cure_spoofed(const struct tables *ts, const struct netns_table *n,
			 struct finding *f)
{
	enum spoof kind = kind_of(ts, n);
	/* SYNPROXY asks the server in its own name, where no DNAT leads it on */
	const char *port = kind == SPOOF_SYN && !(n->own && ts->s->rules.has_dnat) ?
			   attacked(ts, n, "tcp") :
			   kind == SPOOF_UDP && !cure_needs_entries(ts, n) ?
			   attacked(ts, n, "udp") : NULL;
	char options[64];
	struct fix x;

	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	switch (kind) {
	case SPOOF_ACK:
		step_say(&f->fix, STEP_NOW, "packets from the middle of unknown connections "
			  "get no entry any more:");
		fix_sysctl(&x, "tcp_loose", 0);
		step_say(&f->fix, STEP_NOW, "free the room that those take which got one "
			  "and never an answer:");
		fix_delete_kind(&x, "-p tcp --state ESTABLISHED --unanswered");
		facts_add(&f->price, "With tcp_loose=0 connections that this host forgot (a "
			  "restart, a flushed table, a change of route) are cut.");
		break;
	case SPOOF_SYN:
		if (!port) {
			f->effect.within += wait_less(ts, n, is_handshake, &x, f);
			break;
		}
		fix_synproxy(&x, port);
		fix_keep_rules(&x);
		facts_add(&f->price, "SYNPROXY answers in place of the server: it costs CPU time, "
			  "and with tcp_loose=0 connections that this host forgot are cut.");
		break;
	case SPOOF_UDP:
		if (!port) {
			f->effect.within += wait_less(ts, n, wait_in_vain_udp, &x, f);
			break;
		}
		step_say(&f->fix, STEP_NOW, "UDP port %s gets no entries any more:", port);
		fix_notrack_udp(&x, &(struct fix_target) { "", "udp", port, 0 });
		fix_keep_rules(&x);
		facts_add(&f->price, "Untracked packets can't be translated (NAT), and rules for "
			  "established or related don't match them.");
		break;
	case SPOOF_OTHER:
		break;
	}
	if (kind == SPOOF_OTHER) {
		fix_drop_unroutable(&x);
		facts_add(&f->price, "Dropping sources by route breaks asymmetric routing, and "
			  "stops only those that the routes show to be false.");
	}
	if (port && (kind == SPOOF_SYN || kind == SPOOF_UDP))
		step_say(&f->fix, STEP_NOW, "free the room that they take at once:");
	if (port && kind == SPOOF_SYN) {
		fix_delete_kind(&x, "-p tcp --state SYN_SENT");
		fix_delete_kind(&x, "-p tcp --state SYN_RECV");
	} else if (port && kind == SPOOF_UDP) {
		snprintf(options, sizeof(options), "-p udp --dport %s --unanswered", port);
		fix_delete_kind(&x, options);
	}
	facts_add(&f->price, "Blocking single addresses is useless here: there are too many. A "
		  "bigger table would only fill later.");
	step_say(&f->fix, STEP_FOR_GOOD, "ask the network before this host to filter it at the "
		 "source (BCP 38)");
	fix_end(&x);
	placed_say(n, &x, NULL, f);
	take_effect(&f->effect, n, kind, port);
	if (kind == SPOOF_ACK)	/* a setting, and no rule */
		lines_add(&f->verify, "conntriage");
	else
		pressed_rules(&x, f, "raw", "PREROUTING");
}

static void evidence(const struct tables *ts, const struct netns_table *n,
		     const struct part *p, struct finding *f)
{
	const struct spell *sp = &ts->recent;

	if (sp->seconds && n->level != LEVEL_WAS && n->fresh >= TH(SPOOF_NEW))
		facts_add(&f->evidence, "in the last {seconds} {share} of {inserts} new "
			  "connections came from addresses never seen before (about 2 % off): "
			  "real clients come back [module: history]", seconds_of(sp->seconds),
			  share_of(n->fresh, 100), count_of(sp->inserts));
	if (p->narrow && known(p->narrow->row.sources) > 1)
		facts_add(&f->evidence, "{entries} entries to {} are from about {sources} sources "
			  "[module: census]", count_of(p->narrow->entries),
			  text_of(phrase_who(p->narrow)), count_of(p->narrow->row.sources));
	if (n->nr_actors && n->level != LEVEL_WAS)
		facts_add(&f->evidence, "the heaviest single source, {}, has only {share} of "
			  "them; they are spread as widely as over at least {spread} sources with "
			  "equal shares (entropy {entropy} bits) [module: sources]",
			  text_of(n->actor[0].source), share_of(n->actor[0].offered, n->offered),
			  count_of(n->spread), mean_of(log2(n->spread)));
	if (p->certainty != SURE)
		facts_add(&f->against, "many real clients of a service that doesn't answer look "
			  "the same at first; ask again in a minute: those come back");
}

static void spoofed(const struct tables *ts, const struct netns_table *n,
		    const struct part *p, struct findings *fs)
{
	static const char *const what[] = {
		[SPOOF_SYN] = "TCP connection attempts (SYN)",
		[SPOOF_ACK] = "TCP packets from the middle of connections (ACK)",
		[SPOOF_UDP] = "UDP packets",
		[SPOOF_OTHER] = "packets",
	};
	struct finding *f = pressed_begin(fs, &cause_spoofed, ts, n, p);
	bool made_up = n->fresh >= TH(SPOOF_NEW);

	phrase_table_is(&f->sentence, n);
	fact_more(&f->sentence, ": a flood of {} from {} addresses {} {frees} of its {entries} "
		  "entries, {new_per_second} new ones a second",
		  text_of(what[n->level == LEVEL_WAS ? SPOOF_OTHER : kind_of(ts, n)]),
		  text_of(made_up ? "made-up" : "very many"),
		  text_of(n->level == LEVEL_WAS ? "had" : "has"), count_of(p->frees),
		  count_of(n->occupancy->entries), rate_of(n->offered));
	phrase_end(&f->sentence, n);
	evidence(ts, n, p, f);
	pressed_evidence(ts, n, f);
	facts_add(party_nobody(&f->culprit), "{}", text_of(made_up ?
		  "whoever sends them: the addresses say nothing about that" :
		  "too many addresses to block; they may be made up"));
	pressed_victims(ts, n, f);
	/* What is in the table now doesn't tell the kind of a flood that is over. */
	if (n->level == LEVEL_WAS)
		step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
	else
		cure_spoofed(ts, n, f);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct part *p = verdict_part(&ts->netns[i], PART_SPOOFED);

		if (p)
			spoofed(ts, &ts->netns[i], p, fs);
	}
}

const struct cause cause_spoofed = {
	.name = "spoofed",
	.title = "a flood from made-up addresses",
	.text =
"Made-up addresses are told by this: most new connections come from addresses\n"
"never seen before, none and no few of them stand out, and the entries get no\n"
"answer, or (SYN_RECV) the server's answer is never confirmed. Real clients come\n"
"back.\n"
"\n"
"What helps depends on the packet: SYNPROXY for SYNs to one port, tcp_loose=0 for\n"
"packets from the middle of nowhere, no tracking for a UDP port, and a filter on\n"
"the reverse path. Blocking single addresses is useless, and a bigger table fills\n"
"as well.\n",
	.weight = 400,
	.judge = judge,
};
