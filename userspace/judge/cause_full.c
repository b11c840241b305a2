// SPDX-License-Identifier: GPL-2.0
/* A table that is full, of what nobody here can see. */
#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/logged.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define HALF		50	/* % */

/* Far fewer are listed than counted, and it hasn't lasted (see unlisted.h). */
static bool emptied(const struct netns_table *n)
{
	return occupancy_known(n->occupancy) && !n->occupancy->incident &&
	       share(occupancy_listed(n->occupancy), n->count) < HALF;
}

static void sentence(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	const struct log_spell *logged = ts->s->mod.loaded ? NULL : logged_full(ts, n);

	if (n->level == LEVEL_WAS) {
		phrase_table_is(&f->sentence, n);
		phrase_losers(&f->sentence, n);
		fact_more(&f->sentence, "; what filled it wasn't kept.");
		return;
	}
	fact_set(&f->sentence, "{} is {}full ({entries} of {max} entries)",
		 text_of(phrase_table(n)), text_of(n->level == LEVEL_TIGHT ? "nearly " : ""),
		 count_of(n->count), count_of(n->max));
	if (logged_within(logged, TH(RECENT)))
		fact_more(&f->sentence, " and has refused packets for {refuses}",
			  seconds_of(logged->first_ago));
	fact_more(&f->sentence, "; {}.", text_of(emptied(n) ?
		  "a moment later most of it wasn't there: it was flushed, or it isn't listed yet" :
		  n->row ? "who fills it isn't known: there is no census of it, or nothing in it stands out" :
		  ts->s->dump.why_not[0] ? "who fills it isn't known, as it couldn't be listed" :
		  !*ts->s->root ? "who fills it isn't known, as it wasn't listed" :
		  "who fills it can't be seen without the conntriage module"));
}

/* By their number alone nobody is to blame: it doesn't tell who was answered. */
static void busiest(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	size_t i;

	for (i = 0; i < n->nr_actors && i < 3; i++)
		if (n->actor[i].offered >= 1)
			facts_add(party_actor(&f->culprit, ts, &n->actor[i]),
				  "{new_per_second} new connections a second ({share} of all), "
				  "answered or not", rate_of(n->actor[i].offered),
				  share_of(n->actor[i].offered, n->offered));
}

static void without_module(const struct tables *ts, struct finding *f)
{
	const struct ct_stat *st = &ts->s->stat;
	const struct ct_sysctl *t = find_sysctl(ts->s, "tcp_timeout_established");

	if ((known(st->drop) || known(st->early_drop)) && ts->s->boot_age == UNKNOWN)
		facts_add(&f->evidence, "since boot: {dropped} packets dropped, by a full table or "
			  "for other reasons, and {evicted} entries evicted; there may be more "
			  "that no counter shows [kernel: /proc/net/stat/nf_conntrack]",
			  count_of(known(st->drop)), count_of(known(st->early_drop)));
	else if (known(st->drop) || known(st->early_drop))
		facts_add(&f->evidence, "since boot ({since_boot} ago): {dropped} packets dropped, "
			  "by a full table or for other reasons, and {evicted} entries "
			  "evicted; there may be more that no counter shows [kernel: "
			  "/proc/net/stat/nf_conntrack]", seconds_of(known(ts->s->boot_age)),
			  count_of(known(st->drop)), count_of(known(st->early_drop)));
	if (t && t->value >= 86400)
		facts_add(&f->evidence, "the entry of a TCP connection that died silently stays "
			  "for {timeout} [kernel: nf_conntrack_tcp_timeout_established]",
			  seconds_of(t->value));
	if (ts->s->dump.why_not[0])
		facts_add(&f->evidence, "{}", text_of(ts->s->dump.why_not));
	/* This host, for who looks often, isn't listed: --check, watch, top */
	if (ts->s->dump.why_not[0] || !*ts->s->root) {
		step_say(&f->fix, STEP_NOW, "as root, this lists the table and tells who it is:");
		step_look(&f->fix, STEP_NOW, "conntriage");
		step_say(&f->fix, STEP_NOW, "or have it counted from now on:");
	} else {
		step_say(&f->fix, STEP_NOW, "see who it is, before you change anything:");
	}
	step_module(&f->fix, "modprobe conntriage && sleep 20 && conntriage");
	step_say(&f->fix, STEP_NOW, "without it: how many there are, what each CPU lost, and some:");
	step_look(&f->fix, STEP_NOW, "conntrack -C");
	step_look(&f->fix, STEP_NOW, "conntrack -S");
	step_look(&f->fix, STEP_NOW, "conntrack -L 2>/dev/null | head -n 20");
	facts_add(&f->price, "Raising the maximum before that would feed a flood, if it is one.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_count "
		  "net.netfilter.nf_conntrack_max");
}

/* What the kernel's log has of a table that has room: history, and no alarm */
static void once(const struct tables *ts, const struct netns_table *n, struct findings *fs)
{
	const struct log_spell *spell = ts->s->mod.loaded ? NULL : logged_full(ts, n);
	struct finding *f;

	if (!spell || n->level != LEVEL_CALM)
		return;
	f = finding_add(fs, &cause_full, SEV_OK);
	f->certainty = LIKELY;
	fact_set(&f->sentence, "{} has room, and was full", text_of(phrase_table(n)));
	if (spell->last_ago != UNKNOWN)
		fact_more(&f->sentence, " until {ended} ago", seconds_of(spell->last_ago));
	else if (*spell->last)
		fact_more(&f->sentence, " until {ended_at} by the log's clock",
			  text_of(spell->last));
	fact_more(&f->sentence, "; what filled it wasn't kept.");
	logged_evidence(ts, n, f);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_UNKNOWN);
		struct finding *f;

		if (!p) {
			once(ts, n, fs);
			continue;
		}
		f = pressed_begin(fs, &cause_full, ts, n, p);
		sentence(ts, n, f);
		pressed_evidence(ts, n, f);
		busiest(ts, n, f);
		pressed_victims(ts, n, f);
		if (emptied(n)) {
			step_say(&f->fix, STEP_NOW, "ask again: it is known within a few seconds");
			step_look(&f->fix, STEP_NOW, "conntriage");
		} else if (n->row) {
			step_look(&f->fix, STEP_NOW, "conntriage census");
		} else {
			without_module(ts, f);
		}
	}
}

const struct cause cause_full = {
	.name = "full",
	.title = "a full table, of what can't be seen",
	.text =
"Every connection that passes this host takes an entry in the connection table\n"
"until it ends or falls silent. When the table has as many entries as\n"
"nf_conntrack_max allows, a new connection makes the kernel look into 8 hash\n"
"buckets for an entry that it may kill (one that isn't ASSURED: it has not\n"
"carried traffic both ways for long enough). If there is none, the packet is\n"
"dropped: \"nf_conntrack: table full, dropping packet\".\n"
"\n"
"What to do depends on the stage that the entries are in, and on who has them in\n"
"common: a flood wants a rule, a leak a mended program, real work a bigger table.\n"
"Without the module, or where its census found nothing, neither is known.\n",
	.weight = 380,
	.judge = judge,
};
