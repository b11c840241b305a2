// SPDX-License-Identifier: GPL-2.0
/*
 * INVALID packets. They are never in the table; they cost because
 * nf_conntrack_in() allocates an entry before it judges the packet, and on a
 * full table that evicts and refuses (docs/conntrack.md, "INVALID"). Those out
 * of window speak of routing instead.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/forgotten.h"
#include "judge/guard.h"
#include "judge/occupancy.h"
#include "judge/oneway.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define HALF		50	/* % */
#define ODD		5	/* %: fewer are late ones of ordinary traffic */
#define ONE_WAY		5	/* SYN-ACKs for each entry, repeated ones too */

/* In the order of the inv_ columns of kmod/abi.h */
enum kind {
	KIND_MALFORMED, KIND_FLAGS, KIND_MIDSTREAM, KIND_RSTFIN, KIND_SYNACK,
	KIND_WINDOW, KIND_ICMP, KIND_OTHER, KIND_UNSAMPLED
};

static const struct {
	const char *name, *words;
} kinds[INV_KINDS] = {
	[KIND_MALFORMED] = { "inv_malformed", "broken (too short, or a bad checksum)" },
	[KIND_FLAGS] = { "inv_flags", "TCP flags that never occur together" },
	[KIND_MIDSTREAM] = { "inv_midstream", "TCP from the middle of connections "
			     "that nobody knows" },
	[KIND_RSTFIN] = { "inv_rstfin", "TCP RST or FIN of connections that are gone" },
	[KIND_SYNACK] = { "inv_synack", "TCP answers (SYN-ACK) to requests that never "
			  "came by" },
	[KIND_WINDOW] = { "inv_window", "TCP of known connections, but outside of their "
			  "window" },
	[KIND_ICMP] = { "inv_icmp", "ICMP without a connection that it could belong to" },
	[KIND_OTHER] = { "inv_other", "other" },
	[KIND_UNSAMPLED] = { "inv_unsampled", "not looked into: too many, or in too many zones" },
};

/* INVALID packets of one namespace, a second. */
struct invalid {
	double rate;		/* all */
	double kind[INV_KINDS];	/* of the heavy sources */
	double known;		/* sum of the kinds, without unsampled */
	const struct actor *top;	/* or NULL */
	double top_share;	/* % */
	const struct actor *few[PART_MEMBERS];	/* who have most of them, heaviest first */
	size_t nr_few;		/* 0: no so few have */
};

/*
 * SYNPROXY answers SYNs for the server, without conntrack: that answer and the
 * ACK that comes back to it are INVALID by design, one each for a connection.
 * Where its counters can't be read, at least the host's own answers tell of it.
 */
static bool by_design(const struct tables *ts, const struct actor *a, enum kind k)
{
	bool proxy = a->netns == ts->s->own_netns && known(ts->s->synproxy_syns) > 0;

	return (k == KIND_SYNACK && (proxy || a->local)) || (k == KIND_MIDSTREAM && proxy);
}

/* The part of an actor's INVALID packets that is no fault, 0 to 1 */
static double intended_part(const struct tables *ts, const struct actor *a)
{
	double meant = 0, sampled = 0;
	int k;

	for (k = 0; k < KIND_UNSAMPLED; k++) {
		double part = actor_part(a, SRC_INVALID, kinds[k].name);

		sampled += part;
		if (by_design(ts, a, k))
			meant += part;
	}
	/* Those that weren't looked into are of the same kinds. */
	return sampled > 0 ? meant / sampled : 0;
}

/* The rest of them, a second: all, and of a kind */
static double faulty_rate(const struct tables *ts, const struct actor *a)
{
	return actor_rate(a, SRC_INVALID) * (1 - intended_part(ts, a));
}

static double kind_rate(const struct tables *ts, const struct actor *a, enum kind k)
{
	double part = actor_part(a, SRC_INVALID, kinds[k].name);

	if (by_design(ts, a, k))
		return 0;
	return part * (k == KIND_UNSAMPLED ? faulty_rate(ts, a) : actor_rate(a, SRC_INVALID));
}

/* Real addresses that could be blocked: the few who have most, and send little else. */
static void find_few(const struct tables *ts, const struct netns_table *n, struct invalid *t)
{
	double sum = 0;
	size_t i, k;

	while (t->nr_few < PART_MEMBERS && share(sum, t->rate) < TH(CONCENTRATED)) {
		const struct actor *most = NULL;

		for (i = 0; i < n->nr_actors; i++) {
			const struct actor *a = &n->actor[i];
			bool had = a->local || !actor_sends_invalid(a);

			for (k = 0; k < t->nr_few; k++)
				had |= t->few[k] == a;
			if (!had && (!most || faulty_rate(ts, a) > faulty_rate(ts, most)))
				most = a;
		}
		if (!most)
			break;
		t->few[t->nr_few++] = most;
		sum += faulty_rate(ts, most);
	}
	if (share(sum, t->rate) < TH(CONCENTRATED))
		t->nr_few = 0;
}

static void measure(const struct tables *ts, const struct netns_table *n,
		    struct invalid *t)
{
	double seen = 0;
	size_t i;
	int k;

	memset(t, 0, sizeof(*t));
	t->top = actors_top(n, SRC_INVALID);
	for (i = 0; i < ts->nr_actors; i++)
		seen += actor_rate(&ts->actor[i], SRC_INVALID);
	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];

		if (!a->row[SRC_INVALID])
			continue;
		t->rate += faulty_rate(ts, a);
		for (k = 0; k < INV_KINDS; k++)
			t->kind[k] += kind_rate(ts, a, k);
	}
	/* Sources beyond the heavy ones show in history alone, for all namespaces. */
	if (seen > 0 && ts->invalid > seen)
		t->rate *= ts->invalid / seen;
	for (k = 0; k < KIND_UNSAMPLED; k++)
		t->known += t->kind[k];
	if (t->top)
		t->top_share = share(faulty_rate(ts, t->top), t->rate);
	find_few(ts, n, t);
}

static enum kind most(const struct invalid *t)
{
	enum kind k, best = KIND_OTHER;

	for (k = 0; k < KIND_UNSAMPLED; k++)
		if (t->kind[k] > t->kind[best])
			best = k;
	return best;
}

/* As if one direction of the traffic took another way. */
static bool asymmetric(const struct invalid *t)
{
	double odd = t->kind[KIND_WINDOW] + t->kind[KIND_SYNACK];

	return share(odd, t->known) >= TH(WINDOW_SHARE) &&
	       odd >= t->kind[KIND_FLAGS] && odd >= t->kind[KIND_MIDSTREAM];
}

/*
 * Every busy host gets late RST and FIN; many of them from one source are
 * something else.
 */
static bool alarming(const struct netns_table *n, const struct invalid *t)
{
	double rate = t->rate;

	if (!t->top || t->top_share < TH(CONCENTRATED))
		rate -= t->kind[KIND_RSTFIN];
	/*
	 * Servers answer again and again requests whose entry a full table has
	 * lost.
	 */
	if (n->level != LEVEL_CALM)
		rate -= t->kind[KIND_SYNACK];
	return rate >= TH(INVALID_RATE) && share(rate, n->offered_now) >= TH(INVALID_SHARE);
}

static void evidence(const struct tables *ts, const struct netns_table *n,
		     const struct invalid *t, struct finding *f)
{
	const struct ct_sysctl *loose = find_sysctl(ts->s, "tcp_loose");
	const struct rules *r = &ts->s->rules;
	size_t i;
	int k;

	facts_add(&f->evidence, "{invalid_per_second} INVALID packets a second, against "
		  "{new_per_second} new connections a second [module: sources, history]",
		  rate_of(t->rate), rate_of(n->offered_now));
	for (k = 0; k < INV_KINDS; k++)
		if (share(t->kind[k], t->rate) >= 5)
			facts_add(&f->evidence, "{share} of them: {} ({})",
				  share_of(t->kind[k], t->rate), text_of(kinds[k].words),
				  text_of(kinds[k].name));
	for (i = 0; i < n->nr_actors && f->culprit.nr < 5; i++) {
		const struct actor *a = &n->actor[i];

		if (share(faulty_rate(ts, a), t->rate) >= 5)
			facts_add(party_actor(&f->culprit, ts, a), "{invalid_per_second} a second "
				  "({share}), {invalid} in all", rate_of(faulty_rate(ts, a)),
				  share_of(faulty_rate(ts, a), t->rate),
				  count_row(a->row[SRC_INVALID]));
	}
	if (!f->culprit.nr)
		facts_add(party_nobody(&f->culprit), "many sources, none of them with 5 % or more");
	if (n->own && loose && !loose->value && t->kind[KIND_MIDSTREAM] > 0)
		facts_add(&f->evidence, "nf_conntrack_tcp_loose is 0: those from the middle of "
			  "connections get no entry [kernel: sysctl]");
	if (n->own && r->invalid_drop[0] && !r->invalid_drop_raw)
		facts_add(&f->evidence, "{} drops INVALID packets: that keeps them from others, "
			  "but comes after conntrack has allocated an entry for each [rules]",
			  text_of(r->invalid_drop));
}

/* They are of connections that are seen from one side. */
static bool oneway_covers(const struct netns_table *n)
{
	return verdict_part(n, PART_ONEWAY) ||
	       (occupancy_known(n->occupancy) && oneway_is_much(n));
}

/* A server whose SYN-ACKs belong to connections that get an entry here a little later */
static bool serves_one_way(const struct actor *a)
{
	return actor_answers(a) && ONE_WAY * actor_rate(a, SRC_INSERT) >=
				   actor_rate(a, SRC_INVALID);
}

/* Its packets are of connections that this host has forgotten, as tcp_loose=0 keeps them. */
static bool is_forgotten(const struct actor *a)
{
	return actor_part(a, SRC_INVALID, "inv_midstream") >= 0.5 && !actor_sends_invalid(a);
}

/* Out of window, of those who open connections: their answers pass elsewhere. */
static double out_of_window(const struct netns_table *n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		sum += actor_rate(&n->actor[i], SRC_INVALID) *
		       actor_part(&n->actor[i], SRC_INVALID, "inv_window");
	return sum;
}

/*
 * Dropping what doesn't fit cuts connections that pass here on one side, or that were
 * forgotten.
 */
static bool one_sided(const struct tables *ts, const struct netns_table *n)
{
	const struct ct_sysctl *loose = n->own ? find_sysctl(ts->s, "tcp_loose") : NULL;
	double forgotten = 0;
	size_t i;

	/* with tcp_loose=0 whatever was forgotten is among them, and SYNPROXY needs it */
	if (loose && !loose->value && known(ts->s->synproxy_syns) <= 0)
		return true;
	if (share(out_of_window(n), n->offered_now) >= TH(WINDOW_SHARE))
		return true;
	for (i = 0; i < n->nr_actors; i++) {
		if (serves_one_way(&n->actor[i]))
			return true;
		if (is_forgotten(&n->actor[i]))
			forgotten += actor_rate(&n->actor[i], SRC_INVALID);
	}
	return forgotten > 0 || oneway_covers(n);
}

/* What the few send doesn't reach conntrack any more, but for whom no rule may cut off */
static void drop_few(const struct tables *ts, const struct netns_table *n,
		     const struct invalid *t, struct fix *x, struct finding *f)
{
	struct fix_source who[PART_MEMBERS];
	size_t i, nr = 0;

	for (i = 0; i < t->nr_few; i++) {
		who[nr] = cure_source(t->few[i]);
		if (guard_source(ts, n, &who[nr])) {
			nr++;
			continue;
		}
		step_say(&f->fix, STEP_NOW, "no rule here cuts off %s: look there who sends them",
			  t->few[i]->source);
		guard_say(ts, n, &who[nr], false, f);
	}
	if (!nr)
		return;
	if (nr == 1)
		step_say(&f->fix, STEP_NOW, "all that %s sends, before conntrack sees it:", who[0].source);
	else
		step_say(&f->fix, STEP_NOW, "all that these %s send, before conntrack sees it:", num(nr));
	fix_drop_sources(x, who, nr);
	for (i = 0; i < nr; i++)
		guard_say(ts, n, &who[i], true, f);
	facts_add(&f->price, "{}{} nothing through here any more. If the address is made up, that "
		  "helps little and may hit its owner.", text_of(who[0].source),
		  text_of(nr > 1 ? " and the others get" : " gets"));
}

/* Real addresses can be blocked before conntrack; made-up ones can't. */
static void fill_cure(const struct tables *ts, const struct netns_table *n,
		      const struct invalid *t, struct finding *f)
{
	bool spares = one_sided(ts, n), calm = n->level < LEVEL_TIGHT;
	double odd = t->kind[KIND_WINDOW] + t->kind[KIND_SYNACK];
	const struct rules *r = &ts->s->rules;
	struct fix x;

	cure_begin(&x, ts, n, f);
	if (most(t) == KIND_FLAGS) {
		fix_drop_bad_flags(&x);
		fix_keep_rules(&x);
	}
	if (t->nr_few)
		drop_few(ts, n, t, &x, f);
	else if (calm && !spares)
		step_say(&f->fix, STEP_NOW, "they get no entry, and the table has room: no rule is needed "
			  "for its sake");
	else if (most(t) != KIND_FLAGS && !spares)
		fix_drop_unroutable(&x);
	/* Some belong to connections of which only one direction passes here. */
	if (spares)
		step_say(&f->fix, STEP_NOW, "some connections are seen from one side or were forgotten: a rule against "
			  "what doesn't fit cuts them; ask the network before this host to filter "
			  "the others");
	else if ((!n->own || !r->invalid_drop[0]) && share(odd, t->known) < ODD &&
		 !t->nr_few && !calm)
		fix_drop_invalid(&x);
	fix_end(&x);
	placed_say(n, &x, NULL, f);
	if (!t->nr_few)
		facts_add(&f->price, "Single addresses of such a flood are not worth blocking: "
			  "they are probably made up.");
	facts_add(&f->price, "\"ct state invalid\" in INPUT or FORWARD is no cure for the table: "
		  "only a drop before conntrack (priority below -200) spares the entry. conntrack "
		  "-L never shows INVALID packets.");
	if (*x.table)
		fix_line(&x, &f->verify, "nft list table inet %s", x.table);
	lines_add(&f->verify, "conntriage sources");
}

static void add_asymmetric(const struct tables *ts, const struct netns_table *n,
			   const struct invalid *t, struct findings *fs)
{
	struct finding *f = finding_add(fs, &cause_invalid, SEV_WARNING);
	bool helps = t->kind[KIND_WINDOW] >= t->kind[KIND_SYNACK];
	struct fix x;

	fact_set(&f->sentence, "{packets_per_second} TCP packets a second don't fit the "
		 "connections that this host knows{}{}: probably it sees only one direction of "
		 "them (asymmetric routing).",
		 rate_of(t->kind[KIND_WINDOW] + t->kind[KIND_SYNACK]),
		 text_of(n->label[0] ? " in " : ""), text_of(n->label));
	evidence(ts, n, t, f);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "does the answer take the same way? compare both ends:");
	if (t->top)
		fix_look(&x, "ip route get %.*s",
			 (int)strcspn(t->top->source, "/"), t->top->source);
	if (helps) {
		step_say(&f->fix, STEP_NOW, "while the routes can't be mended, accept what is "
			  "out of window:");
		fix_sysctl(&x, "tcp_be_liberal", 1);
		facts_add(&f->price, "With tcp_be_liberal=1 only RST out of the window is "
			  "INVALID: injected packets pass the firewall more easily.");
	}
	fix_end(&x);
	facts_add(&f->price, "Connections of which one direction never comes by, not even its "
		  "first packet, need the routes mended: no setting of conntrack helps. A rule "
		  "that drops INVALID packets cuts all of these connections.");
	lines_add(&f->verify, "conntriage sources");
}

/* They never stay in the table, so they aren't what fills it. */
static void fill_holder(const struct netns_table *n, struct finding *f)
{
	const struct actor *a = actors_holder(n);

	if (a)
		facts_add(&f->evidence, "INVALID packets hold no entries themselves: of those in "
			  "the table {} has the most, {entries} ({share}) [module: census]",
			  text_of(a->source), count_of(a->held->entries),
			  share_of(a->held->entries, n->count));
}

/*
 * The flooder sends them as well: the finding about the flood names it, and its
 * cure ends both.
 */
static bool flood_covers(const struct netns_table *n, const struct invalid *t)
{
	return (verdict_part(n, PART_FLOOD) || verdict_part(n, PART_SCAN)) &&
	       n->level >= LEVEL_TIGHT && t->top_share >= TH(CONCENTRATED) &&
	       verdict_accuses(n, t->top);
}

static void judge_table(const struct tables *ts, const struct netns_table *n,
			struct findings *fs)
{
	const char *worse = n->level >= LEVEL_TIGHT ?
			    ", which makes the full table worse" : "";
	const struct part *p = verdict_part(n, PART_INVALID);
	struct finding *f;
	struct invalid t;

	measure(ts, n, &t);
	if (p) {
		f = pressed_begin(fs, &cause_invalid, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ", and {invalid_per_second} INVALID packets a second make "
			  "it worse: the kernel makes room for each before it looks at it",
			  rate_of(t.rate));
		phrase_end(&f->sentence, n);
		pressed_evidence(ts, n, f);
		evidence(ts, n, &t, f);
		fill_holder(n, f);
		pressed_victims(ts, n, f);
		fill_cure(ts, n, &t, f);
		return;
	}
	if (!alarming(n, &t) || flood_covers(n, &t) || oneway_covers(n) ||
	    forgotten_rate(ts, n) > 0)
		return;
	if (asymmetric(&t)) {
		add_asymmetric(ts, n, &t, fs);
		return;
	}
	f = finding_add(fs, &cause_invalid, SEV_WARNING);
	if (t.top && t.top_share >= TH(CONCENTRATED))
		fact_set(&f->sentence, "{source} sends {invalid_per_second} INVALID packets a "
			 "second{}{}, mostly {}{}.", text_of(t.top->source),
			 rate_of(faulty_rate(ts, t.top)), text_of(n->label[0] ? " into " : ""),
			 text_of(n->label), text_of(kinds[most(&t)].words), text_of(worse));
	else
		fact_set(&f->sentence, "{invalid_per_second} INVALID packets a second come from "
			 "many addresses{}{}, mostly {}{}.", rate_of(t.rate),
			 text_of(n->label[0] ? " into " : ""), text_of(n->label),
			 text_of(kinds[most(&t)].words), text_of(worse));
	evidence(ts, n, &t, f);
	if (*worse)
		facts_add(&f->evidence, "the kernel makes room for each before it looks at it; "
			  "what fills the table is told above");
	else
		facts_add(&f->evidence, "the table has room ({share} full), so nobody loses "
			  "entries by it yet", share_of(n->count, n->max));
	fill_cure(ts, n, &t, f);
}

/*
 * Some packets of connections that end, or that were evicted, fit nothing any more; and of
 * a table that is pressed another finding tells, with what isn't known of them.
 */
static bool told_elsewhere(const struct tables *ts, double rate)
{
	double opened = 0;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		if (ts->netns[i].level != LEVEL_CALM)
			return true;
		opened += ts->netns[i].offered;
	}
	return share(rate, opened) < HALF && opened > 0;
}

/* Without the module there is only a counter, since boot or between two lists. */
static void judge_blind(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	struct finding *f;
	double rate;

	if (s->nr_history) {
		rate = ts->invalid;
		if (told_elsewhere(ts, rate))
			return;
	} else {
		if (s->stat.invalid == UNKNOWN || s->boot_age == UNKNOWN || s->boot_age <= 0)
			return;
		rate = (double)s->stat.invalid / s->boot_age;
	}
	if (rate < TH(INVALID_RATE))
		return;
	f = finding_add(fs, &cause_invalid, SEV_WARNING);
	if (s->nr_history)
		fact_set(&f->sentence, "{invalid_per_second} INVALID packets a second come in; whose "
			 "and why can't be seen without the conntriage module.", rate_of(rate));
	else
		fact_set(&f->sentence, "Since boot {invalid_per_second} INVALID packets a second came "
			 "in on average; whose and why can't be seen without the conntriage module.",
			 rate_of(rate));
	if (s->stat.invalid != UNKNOWN && s->boot_age != UNKNOWN)
		facts_add(&f->evidence, "{invalid} INVALID packets in {since_boot} [kernel: "
			  "/proc/net/stat/nf_conntrack]", count_of(s->stat.invalid),
			  seconds_of(s->boot_age));
	step_module(&f->fix, "modprobe conntriage && sleep 20 && conntriage");
	step_say(&f->fix, STEP_NOW, "or have the kernel log them, 6: TCP alone:");
	step_look(&f->fix, STEP_NOW, "sysctl -w net.netfilter.nf_conntrack_log_invalid=6");
	lines_add(&f->verify, "conntrack -S");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (ts->netns[i].row)
			judge_table(ts, &ts->netns[i], fs);
	if (!ts->s->mod.loaded)
		judge_blind(ts, fs);
}

const struct cause cause_invalid = {
	.name = "invalid",
	.title = "packets that fit no connection",
	.text =
"conntrack calls a packet INVALID that can't belong to any connection: TCP\n"
"flags that never occur together, a bad checksum, TCP from the middle of a\n"
"connection that nobody knows (with tcp_loose=0), data outside of the window.\n"
"Such packets are never in the table: conntrack -L | grep INVALID finds\n"
"nothing, ever. They do harm all the same, because an entry is allocated before\n"
"the packet is judged; in a full table that evicts somebody, or is refused.\n"
"They never fill a table: where it is full, look for what holds the entries.\n"
"\n"
"So a drop of \"ct state invalid\" in INPUT or FORWARD protects the hosts behind,\n"
"not the table. Only what is dropped before conntrack (priority below -200: raw)\n"
"costs no entry, and there a packet has no state yet: it must be told by its\n"
"flags or its source. \"ct state invalid\" at that place matches every packet.\n"
"\n"
"Bare ACKs with made-up sources are not INVALID while tcp_loose=1, the default:\n"
"they make entries, of 300 seconds. tcp_loose=0 ends that.\n"
"\n"
"Packets outside of the window, or answers whose request never came by, mostly\n"
"mean that this host sees one direction only (asymmetric routing).\n"
"tcp_be_liberal=1 lets the former pass, at the price of a check less. Where the\n"
"first answer never came by, it doesn't help: the routes have to be mended.\n",
	.weight = 500,
	.judge = judge,
};
