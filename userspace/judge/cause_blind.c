// SPDX-License-Identifier: GPL-2.0
/*
 * What this diagnosis could not see. A note, not an alarm; only where not
 * even the number of entries is known there is no diagnosis at all.
 */
#include <stdlib.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/untold.h"
#include "kmod/abi.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define WHOLE	90	/* % of the entries: those of a moment before, or behind */

#define KPROBES_ENABLED	"/sys/kernel/debug/kprobes/enabled"

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

/*
 * Root has switched ftrace off, or kprobes alone: what is watched by it isn't seen
 * until it is on again. Probes at a function's entry go with ftrace on most machines.
 */
static void switched_off(const struct module_status *m, struct lines *l)
{
	bool ftrace = !strcmp(m->ftrace, CTRI_OFF), kprobes = !strcmp(m->kprobes, CTRI_OFF);
	const char *what = ftrace ? "ftrace" : "kprobes";

	if (ftrace && !strcmp(m->confirm, CTRI_BY_FTRACE))
		lines_add(l, "who opens connections: ftrace is switched off [module: status]");
	if ((ftrace && !strcmp(m->insert, CTRI_BY_FTRACE)) ||
	    (kprobes && !strcmp(m->insert, CTRI_BY_KPROBE)))
		lines_add(l, "whose entries ctnetlink or BPF inserts: %s switched off [module: "
			  "status]", ftrace ? "ftrace is" : "kprobes are");
	if (kprobes)
		lines_add(l, "who is refused, who evicts and is evicted: %s %s switched off "
			  "[module: status]", what, ftrace ? "is" : "are");
	if (known(m->lost_blind))
		lines_add(l, "what happened in %s of the %s since the module was loaded: ftrace or "
			  "kprobes were off then [module: status]", duration(m->lost_blind),
			  duration(m->uptime));
}

static void switch_on(const struct module_status *m, struct steps *fix)
{
	bool ftrace = !strcmp(m->ftrace, CTRI_OFF);
	struct step *s;

	if (!ftrace && strcmp(m->kprobes, CTRI_OFF))
		return;
	s = step_add(fix, STEP_SETTING, STEP_NOW);
	s->needs = ftrace ? 1u << TOOL_SYSCTL : 0;
	s->text = strdup(ftrace ? "sysctl -w kernel.ftrace_enabled=1" :
				  "echo 1 >" KPROBES_ENABLED);
	s->undo = strdup(ftrace ? "sysctl -w kernel.ftrace_enabled=0" :
				  "echo 0 >" KPROBES_ENABLED);
	s->test = strdup(ftrace ? "sysctl kernel.ftrace_enabled" : "cat " KPROBES_ENABLED);
	if (!s->text || !s->undo || !s->test)
		no_memory();
}

static void losses(const struct tables *ts, struct lines *l)
{
	const struct module_status *m = &ts->s->mod;
	int64_t lost = plus(plus(m->lost_probe, m->lost_cause),
			    plus(m->lost_netns, m->lost_victim));
	int64_t inserts = 0, seen = 0;
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
	if (known(m->unwatched))
		lines_add(l, "%s of the network namespaces: there was no memory to watch them when they "
			  "were made [module: status]", num(m->unwatched));
	if (known(m->cpus_without))
		lines_add(l, "the sources of what %s of the CPUs see: there was no memory for their table "
			  "when they came up [module: status]", num(m->cpus_without));
	else if (share(known(m->lost_table), inserts) >= TH(LOST_SHARE))
		lines_add(l, "the sources of %s events on CPUs that had no table then [module: "
			  "status]", num(m->lost_table));
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
	if (m->old)
		lines_add(l, "what the table holds: %s [module: abi]", m->why_not);
	else if (!ts->s->nr_census)
		lines_add(l, "what the table holds: there is no census");
}

/* The kernel alone counts, but doesn't say when or whose. */
static void without_module(const struct tables *ts, struct finding *f)
{
	const struct snapshot *s = ts->s;
	bool unread = s->mod.unread || find_fault(s, CTRI_FILE_ABI) ||
		      find_fault(s, CTRI_PROC_NAME);

	fact_set(&f->sentence, "The conntriage module {}: who fills the table, who is refused or "
		 "evicted and what INVALID packets are can't be seen.",
		 text_of(unread ? "can't be read" : "isn't loaded"));
	if (s->mod.why_not[0])
		facts_add(&f->evidence, "{}", text_of(s->mod.why_not));
	if (s->dump.why_not[0])
		facts_add(&f->evidence, "{}", text_of(s->dump.why_not));
	if (known(s->stat.drop) || known(s->stat.early_drop))
		facts_add(&f->evidence, "since boot the kernel dropped {dropped} packets (a full "
			  "table is one reason of several) and evicted {evicted} entries; when "
			  "and whose isn't known [kernel: /proc/net/stat/nf_conntrack]",
			  count_of(known(s->stat.drop)), count_of(known(s->stat.early_drop)));
	if (unread)
		step_look(&f->fix, STEP_NOW, "conntriage doctor");
	else
		step_module(&f->fix, "modprobe conntriage");
}

/* Which of these questions this host asks, only the module could answer. */
static void unanswered(const struct tables *ts, struct facts *l)
{
	bool pressed = false;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		pressed = pressed || ts->netns[i].level >= LEVEL_EVICTING;
	if (pressed)
		facts_add(l, "who is refused, whose entries are evicted and who makes it so: it would "
			  "name who suffers");
	if (ts->invalid >= TH(INVALID_RATE))
		facts_add(l, "of {invalid_per_second} INVALID packets a second, whose and of which "
			  "kind [kernel: conntrack's counters]", rate_of(ts->invalid));
	facts_add(l, "what happened before, and which programs of this host open connections");
}

/* What a list of the table did to the host, or couldn't tell */
static void told_of_dump(const struct tables *ts, struct facts *l)
{
	const struct dump *d = &ts->s->dump;

	if (d->each > 1)
		facts_add(l, "the table is large: a sample of {entries} entries was listed, each "
			  "stands for {each}; --full lists all", count_of(d->entries),
			  mean_of(d->each));
	if (known(d->expired))
		facts_add(l, "to list the table ended {entries} entries that were over, as the "
			  "kernel does then", count_of(d->expired));
	if (d->loaded)
		facts_add(l, "to list it the kernel has loaded the module nf_conntrack_netlink");
	if (known(d->unread))
		facts_add(l, "{lines} lines of the listing couldn't be read", count_of(d->unread));
	if (ts->s->origin == ORIGIN_LISTING && share(d->entries, known(ts->s->count)) < WHOLE &&
	    known(ts->s->count))
		facts_add(l, "the listing has {entries} of {count} entries: it was cut, or asked for "
			  "some of them alone", count_of(d->entries), count_of(ts->s->count));
	if (known(d->unreached))
		facts_add(l, "{namespaces} more namespaces weren't listed: there was no time",
			  count_of(d->unreached));
	if (d->cut)
		facts_add(l, "the list was interrupted");
}

static void without_listed(const struct tables *ts, struct finding *f)
{
	const struct dump *d = &ts->s->dump;

	if (ts->s->origin == ORIGIN_LISTING)
		fact_set(&f->sentence, "There is no conntriage module here: what the table holds is "
			 "from a listing, {entries} entries. Only the module can tell:",
			 count_of(d->entries));
	else if (d->span)
		fact_set(&f->sentence, "The conntriage module isn't loaded: the table was listed "
			 "instead, twice within {span}. Only the module can tell:",
			 seconds_of((d->span + 500) / 1000));
	else
		fact_set(&f->sentence, "The conntriage module isn't loaded: the table was listed "
			 "instead, once. Only the module can tell:");
	unanswered(ts, &f->evidence);
	told_of_dump(ts, &f->evidence);
	if (ts->s->mod.why_not[0])
		facts_add(&f->evidence, "{}", text_of(ts->s->mod.why_not));
	step_module(&f->fix, "modprobe conntriage");
}

/* An archive that others made, and that lacks what a table is measured by */
static void half_told(const struct snapshot *s, struct finding *f)
{
	bool count = s->count != UNKNOWN, max = s->max != UNKNOWN;

	fact_set(&f->sentence, "The {} doesn't tell {}: how full the table was isn't known.",
		 text_of(s->captured.source),
		 text_of(count ? "the table's maximum" : max ? "how many entries there were" :
			 "how many entries there were, and of how many at most"));
	step_say(&f->fix, STEP_NOW, "ask for the output of these, as root on that host, in a folder:");
	step_look(&f->fix, STEP_NOW, "sysctl -a");
	step_look(&f->fix, STEP_NOW, "conntrack -S");
	step_look(&f->fix, STEP_NOW, "conntrack -L -o extended");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	struct lines unseen = { 0 };
	struct finding *f;
	size_t i;

	if (untold_fullness(s)) {
		half_told(s, finding_add(fs, &cause_blind, SEV_UNKNOWN));
		return;
	}
	if (s->ct_loaded && !ts->nr_netns && !s->mod.loaded) {
		f = finding_add(fs, &cause_blind, SEV_UNKNOWN);
		fact_set(&f->sentence, "Connection tracking is loaded, but neither its number of "
			 "entries nor its maximum can be read.");
		if (s->mod.why_not[0])
			facts_add(&f->evidence, "{}", text_of(s->mod.why_not));
		step_say(&f->fix, STEP_NOW, "as root:");
		step_look(&f->fix, STEP_NOW, "sysctl net.netfilter.nf_conntrack_count "
			  "net.netfilter.nf_conntrack_max");
		return;
	}
	if (!s->mod.loaded) {
		if (s->origin > ORIGIN_MODULE)
			without_listed(ts, finding_add(fs, &cause_blind, SEV_OK));
		else if (s->ct_loaded || ts->nr_netns)
			without_module(ts, finding_add(fs, &cause_blind, SEV_OK));
		return;
	}
	switched_off(&s->mod, &unseen);
	probes(&s->mod, &unseen);
	losses(ts, &unseen);
	if (unseen.nr) {
		f = finding_add(fs, &cause_blind, SEV_OK);
		fact_set(&f->sentence, "Some things can't be seen here:");
		for (i = 0; i < unseen.nr; i++)
			facts_add(&f->evidence, "{}", text_of(unseen.line[i]));
		switch_on(&s->mod, &f->fix);
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
"gone, sources beyond its memory, the time that ftrace or kprobes, by which it\n"
"sees, were switched off. This is a note, not an alarm.\n",
	.weight = 100,
	.judge = judge,
};
