// SPDX-License-Identifier: GPL-2.0
/*
 * What this diagnosis could not see. A note, not an alarm; only where not
 * even the number of entries is known there is no diagnosis at all.
 */
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

static void probes(const struct module_status *m, struct lines *l)
{
	if (!strcmp(m->probe_drop, CTRI_PROBE_ABSENT))
		lines_add(l, "evictions and refusals themselves: the probe early_drop doesn't "
			  "attach to this kernel; only the kernel's own counters are left "
			  "[module: status]");
	else if (!strcmp(m->probe_alloc, CTRI_PROBE_ABSENT))
		lines_add(l, "who is refused and who makes the kernel evict: the probe alloc "
			  "doesn't attach to this kernel [module: status]");
	if (!strcmp(m->probe_delete, CTRI_PROBE_ABSENT))
		lines_add(l, "whose entries are evicted: the probe delete doesn't attach to "
			  "this kernel [module: status]");
	if (!strcmp(m->insert, CTRI_BY_NONE))
		lines_add(l, "whose entries ctnetlink or BPF inserts: the place doesn't attach to "
			  "this kernel [module: status]");
	if (!strcmp(m->probe_gc, CTRI_PROBE_ABSENT))
		lines_add(l, "entries that the garbage collector kills: the probe gc doesn't "
			  "attach to this kernel [module: status]");
}

static void losses(const struct tables *ts, struct lines *l)
{
	const struct module_status *m = &ts->s->mod;
	int64_t inserts = 0, lost = plus(m->lost_probe, plus(m->lost_cause,
							     m->lost_netns));
	int64_t seen = 0;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_row *r = ts->netns[i].row;

		if (!r)
			continue;
		inserts = plus(inserts, r->inserts);
		seen = plus(seen, plus(r->refusals, r->evictions));
	}
	if (lost && !find_fault(ts->s, CTRI_FILE_NETNS) &&
	    share(lost, plus(seen, lost)) >= TH(LOST_SHARE))
		lines_add(l, "%s of %s evictions and refusals: the module couldn't tell whose "
			  "they were [module: status]", num(lost), num(plus(seen, lost)));
	for (i = 0; i < SRC_CLASSES; i++) {
		const struct class_row *c = &ts->s->class[i];

		if (ts->s->has_class[i] && i == SRC_INSERT &&
		    share(known(c->missed), inserts) >= TH(LOST_SHARE))
			lines_add(l, "the sources of %s of %s insertions: more sources than the "
				  "module's memory holds; the heavy ones are known [module: "
				  "classes]", num(c->missed), num(inserts));
		if (ts->s->has_class[i] && known(c->torn))
			lines_add(l, "%s parts of the source table, class %s, changed too fast "
				  "to be read: ask again [module: classes]", num(c->torn),
				  class_name[i]);
	}
	if (!ts->s->nr_census)
		lines_add(l, "what the table holds: there is no census");
}

/* The kernel alone counts, but doesn't say when or whose. */
static void without_module(const struct tables *ts, struct finding *f)
{
	const struct snapshot *s = ts->s;
	bool unread = find_fault(s, CTRI_FILE_ABI) || find_fault(s, CTRI_PROC_NAME);

	finding_sentence(f, "The conntriage module %s: who fills the table, who is refused or "
			 "evicted and what INVALID packets are can't be seen.",
			 unread ? "can't be read" : "isn't loaded");
	if (s->mod.why_not[0])
		lines_add(&f->evidence, "%s", s->mod.why_not);
	if (known(s->stat.drop) || known(s->stat.early_drop))
		lines_add(&f->evidence, "since boot the kernel dropped %s packets (a full table "
			  "is one reason of several) and evicted %s entries; when and whose "
			  "isn't known [kernel: /proc/net/stat/nf_conntrack]",
			  num(known(s->stat.drop)), num(known(s->stat.early_drop)));
	if (!unread)
		step_module(&f->fix, "modprobe conntriage");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	struct lines unseen = { 0 };
	struct finding *f;
	size_t i;

	if (s->ct_loaded && !ts->nr_netns && !s->mod.loaded) {
		f = finding_add(fs, &cause_blind, SEV_UNKNOWN);
		finding_sentence(f, "Connection tracking is loaded, but neither its number of "
				 "entries nor its maximum can be read.");
		if (s->mod.why_not[0])
			lines_add(&f->evidence, "%s", s->mod.why_not);
		step_say(&f->fix, STEP_NOW, "as root:");
		step_look(&f->fix, STEP_NOW, "sysctl net.netfilter.nf_conntrack_count "
			  "net.netfilter.nf_conntrack_max");
		return;
	}
	if (!s->mod.loaded) {
		if (s->ct_loaded || ts->nr_netns)
			without_module(ts, finding_add(fs, &cause_blind, SEV_OK));
		return;
	}
	probes(&s->mod, &unseen);
	losses(ts, &unseen);
	if (unseen.nr) {
		f = finding_add(fs, &cause_blind, SEV_OK);
		finding_sentence(f, "Some things can't be seen here:");
		for (i = 0; i < unseen.nr; i++)
			lines_add(&f->evidence, "%s", unseen.line[i]);
	}
	lines_free(&unseen);
}

const struct cause cause_blind = {
	.name = "blind",
	.title = "what can't be seen here",
	.text =
"Without the module the kernel tells how many entries there are and a few\n"
"counters since boot: not who, not when, not why. With it, what it lost is\n"
"counted: probes that this kernel has no place for, events whose packet was\n"
"gone, sources beyond its memory. This is a note, not an alarm.\n",
	.weight = 100,
	.judge = judge,
};
