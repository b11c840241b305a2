// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace whose table is full of real work while the maximum is out of its
 * reach: nf_conntrack_max is one value for all, which only the initial
 * namespace may write, and the limit of each (docs/conntrack.md, "Maximum and
 * buckets").
 */
#include <inttypes.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/logged.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define NAMED		8	/* namespaces; nobody looks into more at once */

/* Where to look, as nothing of it can be seen from here. */
static void look_there(const struct tables *ts, int64_t netns, struct finding *f)
{
	const struct netns_table there = {
		.netns = netns, .name = netns_name(ts->s, netns),
	};
	struct fix x;

	if (netns != UNKNOWN) {
		cure_begin(&x, ts, &there, f);
		fix_say(&x, "look there: how full it is, and what fills it");
		fix_look(&x, "conntriage");
		fix_end(&x);
		lines_add(&f->verify, "dmesg | grep 'table full in netns %" PRId64 "' | tail -n 1",
			  netns);
		return;
	}
	step_say(&f->fix, STEP_NOW, "which one: entries by namespace, each with a process in it");
	step_look(&f->fix, STEP_NOW, "for p in $(lsns -nr -t net -o PID); do echo \"$p $(nsenter -n "
		  "-t $p sysctl -n net.netfilter.nf_conntrack_count)\"; done");
	lines_add(&f->verify, "dmesg | grep 'table full' | tail -n 1");
}

/* The kernel's log says that another table is full, and nothing else does. */
static bool judge_logged(const struct tables *ts, const struct log_spell *spell,
			 struct findings *fs)
{
	bool now = logged_within(spell, TH(RECENT));
	struct finding *f;

	if (!logged_within(spell, TH(SPELL)))
		return false;
	/* a line without a number may be of before conntrack was loaded anew */
	f = finding_add(fs, &cause_netns, now && spell->netns != UNKNOWN ? SEV_CRITICAL :
			SEV_WARNING);
	f->certainty = spell->netns == UNKNOWN ? LIKELY : SURE;
	f->netns = spell->netns;
	fact_set(&f->sentence, "The connection table of {} {} full, by the kernel's log: its new "
		 "connections {} refused, and this namespace has no part in it.",
		 text_of(spell->netns == UNKNOWN ? "another namespace" :
			 netns_label(ts->s, spell->netns)), text_of(now ? "is" : "was"),
		 text_of(now ? "are" : "were"));
	logged_fact(spell, "packets were refused", "table full", &f->evidence);
	if (spell->netns == UNKNOWN)
		facts_add(&f->evidence, "this namespace has dropped none, so it was another one; "
			  "which one the line doesn't say [kernel: /proc/net/stat/nf_conntrack]");
	if (spell->netns == UNKNOWN)
		facts_add(&f->against, "if nf_conntrack was loaded anew since, the counter began anew, "
			  "and it may have been this one");
	look_there(ts, spell->netns, f);
	step_say(&f->fix, STEP_NOW, "or list all of them, and what fills each:");
	step_look(&f->fix, STEP_NOW, "conntriage --all-netns");
	step_module(&f->fix, "modprobe conntriage && sleep 20 && conntriage");
	return true;
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct log_spell *spell = NULL;
	size_t i, nr = 0;

	while (nr < NAMED && (spell = logged_elsewhere(ts, spell)))
		nr += judge_logged(ts, spell, fs);
	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_GROWTH);
		struct raise r;
		struct finding *f;

		if (!p || n->init)
			continue;
		r = raise_possible(ts, n);
		if (!r.enough)
			continue;
		f = pressed_begin(fs, &cause_netns, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with real work, and it can't raise its maximum: only "
			  "the initial namespace can, for all at once");
		phrase_end(&f->sentence, n);
		raise_cure(ts, n, p, f, &r);
	}
}

const struct cause cause_netns = {
	.name = "netns",
	.title = "one namespace and the others",
	.text =
"nf_conntrack_max is one number that each network namespace has for itself. A\n"
"container's table can be full while the host's is empty; the container can\n"
"neither see that of the host nor raise the number: only the initial namespace\n"
"can, for all at once. Rules against a source belong into the namespace whose\n"
"table it fills.\n"
"\n"
"Shared are the memory and the hash buckets: see \"memory\" and \"buckets\".\n"
"\n"
"The module sees all namespaces. Without it, what is known of another one's table\n"
"may be a line in the kernel's log, which all share: \"table full in netns NUMBER\"\n"
"since Linux 6.17, before that without the number.\n",
	.weight = 700,
	.judge = judge,
};
