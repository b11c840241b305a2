// SPDX-License-Identifier: GPL-2.0
/*
 * One direction of the traffic passes elsewhere, or the way beyond this host is
 * down: neither side is to blame, and dropping either would end what works.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/barren.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/mute.h"
#include "judge/guard.h"
#include "judge/occupancy.h"
#include "judge/oneway.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/address.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once */

static void where_to(struct fix *x, const char *address)
{
	fix_look(x, "ip route get %.*s", (int)strcspn(address, "/"), address);
}

/*
 * Rules for "established" don't match what isn't tracked: of a session that is its
 * end. Who answers others is met by these rules as they say, and not cut off.
 */
static bool is_needed(const struct tables *ts, const struct netns_table *n,
		      struct fix_source *who)
{
	if (!address_is_network(who->source))
		return guard_named(ts, who->source);
	return !guard_source(ts, n, who) || who->nr_except;
}

/* What others send to a member isn't tracked any more, either. */
static void turn_away_to(struct effect *e, const struct occupancy *o, const struct group *g)
{
	size_t i;

	for (i = 0; g->kind == GROUP_SOURCE && i < o->nr[GROUP_DEST]; i++)
		if (address_in(g->row.name, o->group[GROUP_DEST][i].row.name))
			effect_turn_away(e, &o->group[GROUP_DEST][i], EFFECT_ALL, EFFECT_NONE);
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	const struct occupancy *o = n->occupancy;
	const char *why = cure_needs_entries(ts, n);
	struct fix_source who;
	struct fix x;
	size_t i;
	bool kept = false;

	effect_begin(&f->effect, n, p->nr_members ? SETTLES : 0);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "does the answer take the same way? compare both ends:");
	if (o->nr[GROUP_SOURCE])
		where_to(&x, o->group[GROUP_SOURCE][0].row.name);
	if (o->nr[GROUP_DEST] && !(o->nr[GROUP_SOURCE] && !strcmp(o->group[GROUP_DEST][0].row.name,
								 o->group[GROUP_SOURCE][0].row.name)))
		where_to(&x, o->group[GROUP_DEST][0].row.name);
	if (p->nr_members && why)
		step_say(&f->fix, STEP_NOW, "%s", why);
	else if (p->nr_members)
		step_say(&f->fix, STEP_NOW, "until the routes are mended, this path passes without "
			  "entries:");
	for (i = 0; i < p->nr_members; i++) {
		if (p->member[i]->own || why)
			continue;
		who = cure_group(p->member[i]);
		if (is_needed(ts, n, &who)) {
			step_say(&f->fix, STEP_NOW, "but not that of %s: this host needs it, or "
				  "a part of it", who.source);
			kept = true;
			continue;
		}
		fix_notrack_path(&x, &who);
		effect_turn_away(&f->effect, p->member[i], EFFECT_ALL, EFFECT_NONE);
		turn_away_to(&f->effect, o, p->member[i]);
	}
	if (p->nr_members && why)
		f->effect.within = wait_less(ts, n, wait_in_vain, &x, f);
	if (p->nr_members && !why) {
		step_say(&f->fix, STEP_NOW, "free the room of what was seen from one side:");
		fix_delete_kind(&x, "-p tcp --unanswered");
		fix_delete_kind(&x, "-p udp --unanswered");
		effect_delete_all(&f->effect, STREAM_SYN_SENT);
		effect_delete_all(&f->effect, STREAM_MIDSTREAM);
		effect_delete_all(&f->effect, STREAM_UDP_UNREPLIED);
		if (kept)
			f->effect.within = 0;
		facts_add(&f->price, "Untracked packets can't be translated (NAT), and rules for "
			  "\"established\" or \"related\" don't match them.");
	}
	fix_end(&x);
	if (p->nr_members && !why)
		pressed_rules(&x, f, "raw", "PREROUTING");
	placed_say(n, &x, NULL, f);
	facts_add(&f->price, "A rule that drops INVALID packets cuts all connections that are "
		  "seen from one side; a bigger table only fills later.");
}

static void sentence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	if (p->certainty == POSSIBLE) {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": hardly anything is answered here, whoever asks whom: "
			  "the way beyond is down, or the answers take another");
		phrase_end(&f->sentence, n);
	} else if (p->suspect) {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": {frees} of its {entries} entries were never answered, and "
			  "packets come in that don't fit any connection: one direction passes "
			  "elsewhere, probably", count_of(p->frees), count_of(n->occupancy->entries));
		phrase_end(&f->sentence, n);
	} else {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": {frees} of its {entries} entries are connections that "
			  "this host sees one direction of; the other passes elsewhere",
			  count_of(p->frees), count_of(n->occupancy->entries));
		phrase_end(&f->sentence, n);
	}
}

static void evidence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	const struct occupancy *o = n->occupancy;

	if (p->certainty == SURE)
		facts_add(&f->evidence, "those who open them also send packets that don't fit "
			  "what was seen (out of window, or SYN-ACK without a SYN): answers pass "
			  "elsewhere [module: sources]");
	if (p->nr_members && oneway_answers(p->member[0]))
		facts_add(&f->evidence, "all that {} sends is from its port {port}, to about {ports} "
			  "ports of others: it answers what passed elsewhere [module: census]",
			  text_of(p->member[0]->row.name), as_it_is(p->member[0]->row.sport),
			  count_of(p->member[0]->row.ports));
	if (o->stage[STAGE_MIDSTREAM])
		facts_add(&f->evidence, "{midstream} entries were picked up in the middle, "
			  "and never got an answer here [module: census]",
			  count_of(o->stage[STAGE_MIDSTREAM]));
	if (p->suspect) {
		facts_add(&f->evidence, "{invalid_per_second} INVALID packets a second came in, as a "
			  "client's answer to what passed elsewhere is; whose they are isn't known "
			  "[kernel: conntrack's counters]", rate_of(n->invalid_whose));
		facts_add(&f->against, "a flood, and INVALID packets of somebody else, look the same: "
			  "with the module (modprobe conntriage) it is told whose they are");
	}
	if (p->certainty != SURE)
		facts_add(&f->against, "where the peers are down or filtered, it looks the same; "
			  "a packet capture on both interfaces decides");
}

/* A rule that drops too much shows by what it met. */
static void suspects(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	const struct placed_rule *r = NULL;

	if (!n->own)
		return;
	while ((r = placed_next(ts->s, r)) && f->culprit.nr < PLACED_TOLD)
		placed_tell(party_nobody(&f->culprit), r);
	if (f->culprit.nr)
		step_say(&f->fix, STEP_NOW, "does one of the rules meet too much? without them: "
			  "conntriage fix --undo | sudo sh");
}

/* There is room, and nothing works: no all-clear. */
static void judge_mute(const struct tables *ts, const struct netns_table *n,
		       struct findings *fs)
{
	const struct census_row *to = tables_heaviest(ts, CENSUS_DEST, n->netns);
	struct finding *f;
	struct mute m;
	struct fix x;

	if (!mute_table(ts, n, &m))
		return;
	f = finding_add(fs, &cause_oneway, SEV_WARNING);
	f->certainty = POSSIBLE;
	fact_set(&f->sentence, "{}{}nothing works: of {expecting} connections that wait for an "
		 "answer hardly one has got any.", text_of(phrase_table(n)),
		 text_of(n->max > 0 ? " has room, and yet " : ": "), count_of(m.expecting));
	if (n->max > 0)
		facts_add(&f->evidence, "{entries} of {max} entries in use ({share}), {answered} "
			  "of them answered [module: netns, census]", count_of(n->count),
			  count_of(n->max), share_of(n->count, n->max), count_of(m.answered));
	else
		facts_add(&f->evidence, "{entries} entries in use, {answered} of them answered "
			  "[module: netns, census]", count_of(n->count), count_of(m.answered));
	facts_add(&f->against, "a host that only one direction passes by design (direct server "
		  "return, a mirror port) looks the same");
	suspects(ts, n, f);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "does a rule drop the answers, or what asks? which ones meet packets?");
	fix_look(&x, "nft list ruleset");
	if (to) {
		step_say(&f->fix, STEP_NOW, "and where does the way lead?");
		where_to(&x, to->name);
	}
	fix_end(&x);
	lines_add(&f->verify, "conntriage census");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_ONEWAY);
		struct part calm[BARREN_PARTS];
		struct finding *f;

		if (!p && n->level == LEVEL_CALM && occupancy_known(n->occupancy) &&
		    oneway_is_much(n) && barren_parts(n, calm))
			p = calm;
		if (!p) {
			judge_mute(ts, n, fs);
			continue;
		}
		f = p == calm ? finding_add(fs, &cause_oneway, SEV_WARNING) :
				pressed_begin(fs, &cause_oneway, ts, n, p);
		sentence(n, p, f);
		evidence(n, p, f);
		pressed_evidence(ts, n, f);
		pressed_members(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
		else
			cure(ts, n, p, f);
	}
}

const struct cause cause_oneway = {
	.name = "oneway",
	.title = "only one direction passes here",
	.text =
"Where requests pass this host and answers don't, or the other way round, every\n"
"connection looks unanswered: an entry waits in SYN_SENT, or was picked up in the\n"
"middle and stays without a reply. The other side's packets, where some of them\n"
"pass, are INVALID: out of window, or a SYN-ACK to a SYN that was never seen.\n"
"\n"
"It looks like a flood from the busiest side, which is often a server. Dropping it\n"
"ends what works. Mend the routes; until then don't track that path. If the first\n"
"packets do pass here and only later ones don't, tcp_be_liberal=1 helps.\n",
	.weight = 400,
	.judge = judge,
};
