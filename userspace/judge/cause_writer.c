// SPDX-License-Identifier: GPL-2.0
/*
 * Settings that another program writes: what the boot files say holds until it
 * starts. Also a maximum that is lower than they say, with nobody known to have
 * lowered it (docs/conntrack.md, "Boot settings").
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "fix/writer.h"
#include "judge/writer.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		60	/* s */

/* The boot files set one number, and a program has put another in its place. */
static bool overwritten(const struct tables *ts, const struct ct_sysctl *c,
			const struct writer *by)
{
	return by->holds && ts->s->ct_at_boot && c->persisted != UNKNOWN &&
	       c->persisted != c->value;
}

/* pve-firewall compares every few seconds; the others set it when they start. */
static bool watches(const struct writer *by)
{
	return by->w->program == WRITER_PROXMOX;
}

static double fullest_share(const struct tables *ts)
{
	double most = 0;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (share(ts->netns[i].count, ts->netns[i].max) > most)
			most = share(ts->netns[i].count, ts->netns[i].max);
	return most;
}

static void add_overwritten(struct finding *f, struct fix *x, const struct ct_sysctl *c,
			    const struct writer *by)
{
	facts_add(&f->evidence, "nf_conntrack_{setting} is {value}: {} sets it ({}); {} sets "
		  "{persisted} in vain [kernel: sysctl; its configuration; boot files]",
		  text_of(c->name), count_of(c->value), text_of(by->name), text_of(by->where),
		  text_of(c->persisted_in), count_of(c->persisted));
	if (!f->culprit.nr && by->w->pid != UNKNOWN)
		party_add(&f->culprit, PARTY_PROGRAM, by->name)->pid = by->w->pid;
	if (watches(by))
		;	/* it would be gone in seconds */
	else if (!strcmp(c->name, "max"))
		fix_max_now(x, c->persisted);
	else
		fix_sysctl_now(x, c->name, c->persisted);
	writer_change(x->steps, by, c->persisted);
}

/* The table whose work the boot files' maximum would hold, or NULL */
static const struct netns_table *starved(const struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (verdict_part(&ts->netns[i], PART_GROWTH) &&
		    writer_took_room(ts, &ts->netns[i]))
			return &ts->netns[i];
	return NULL;
}

static struct finding *begin(const struct tables *ts, const struct netns_table *n,
			     struct findings *fs, const struct ct_sysctl *c)
{
	struct finding *f;

	if (!n) {
		f = finding_add(fs, &cause_writer, !strcmp(c->name, "max") &&
				c->value < c->persisted ? SEV_WARNING : SEV_OK);
		f->certainty = SURE;
		return f;
	}
	f = pressed_begin(fs, &cause_writer, ts, n, verdict_part(n, PART_GROWTH));
	pressed_evidence(ts, n, f);
	pressed_victims(ts, n, f);
	return f;
}

/* Settings that the boot files and a program both set: one finding for all */
static void judge_overwritten(const struct tables *ts, struct findings *fs)
{
	const struct ct_sysctl *first = NULL;
	size_t i, nr = 0, nr_sysctl = ts->s->nr_sysctl;
	const struct netns_table *n;
	struct writer by;
	struct finding *f;
	struct fix x;
	bool now;

	for (i = 0; i < nr_sysctl; i++) {
		const struct ct_sysctl *c = &ts->s->sysctl[i];

		by = writer_of(ts->s, c->name);
		if (!overwritten(ts, c, &by))
			continue;
		nr++;
		if (!first || !strcmp(c->name, "max"))
			first = c;
	}
	if (!first)
		return;
	by = writer_of(ts->s, first->name);
	n = strcmp(first->name, "max") ? NULL : starved(ts);
	f = begin(ts, n, fs, first);
	fact_set(&f->sentence, "nf_conntrack_{setting} is {value}, not the {persisted} that {} "
		 "sets: {} puts its own number in place {}.", text_of(first->name),
		 count_of(first->value), count_of(first->persisted), text_of(first->persisted_in),
		 text_of(by.name), text_of(watches(&by) ? "whenever it differs" : "at each start"));
	cure_begin(&x, ts, NULL, f);
	add_overwritten(f, &x, first, &by);
	for (i = 0; i < nr_sysctl && nr > 1; i++) {
		const struct ct_sysctl *c = &ts->s->sysctl[i];

		by = writer_of(ts->s, c->name);
		if (c != first && overwritten(ts, c, &by))
			add_overwritten(f, &x, c, &by);
	}
	fix_end(&x);
	now = steps_change(&f->fix);
	if (n && now) {
		effect_begin(&f->effect, n, SETTLES);
		f->effect.max = first->persisted;
	}
	facts_add(&f->price, "{}Another line in sysctl.d changes nothing.",
		  text_of(now ? "What is typed now holds until that program starts again. " : ""));
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_%s", first->name);
}

/* The table is short of room, and its size is a program's. */
static void judge_size(const struct tables *ts, struct findings *fs)
{
	const struct ct_sysctl *c = find_sysctl(ts->s, "max");
	struct writer by = writer_of(ts->s, "max");
	struct finding *f;

	if (!c || !by.w || c->value <= 0 || c->value > INT64_MAX / 2 ||
	    overwritten(ts, c, &by) || fullest_share(ts) < TH(TIGHT) ||
	    (!by.holds && by.w->value != UNKNOWN))
		return;
	f = finding_add(fs, &cause_writer, SEV_WARNING);
	f->certainty = by.holds ? SURE : LIKELY;
	fact_set(&f->sentence, "The maximum of {value} is set by {}: a bigger one by sysctl holds "
		 "until that {}.", count_of(c->value), text_of(by.name),
		 text_of(watches(&by) ? "looks again" : "starts again"));
	if (by.holds)
		facts_add(&f->evidence, "{} sets nf_conntrack_max to {value} ({}) [its "
			  "configuration]", text_of(by.name), count_of(c->value),
			  text_of(by.where));
	else
		facts_add(&f->evidence, "{} sets nf_conntrack_max ({}) [its configuration]",
			  text_of(by.name), text_of(by.where));
	if (by.w->pid != UNKNOWN)
		party_add(&f->culprit, PARTY_PROGRAM, by.name)->pid = by.w->pid;
	step_say(&f->fix, STEP_FOR_GOOD, "if the table is to be bigger (twice as big, here):");
	writer_change(&f->fix, &by, 2 * c->value);
	facts_add(&f->price, "None. Whether it should be bigger is what the other findings say.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
}

/* Lower than the boot files make it, and no program is known that does so */
static void judge_lowered(const struct tables *ts, struct findings *fs)
{
	const struct ct_sysctl *c = find_sysctl(ts->s, "max");
	struct finding *f;
	struct fix x;

	if (!c || !ts->s->ct_at_boot || c->persisted == UNKNOWN || c->value == UNKNOWN ||
	    c->value >= c->persisted || c->value <= 0 || writer_of(ts->s, "max").holds)
		return;
	f = finding_add(fs, &cause_writer, fullest_share(ts) >= TH(TIGHT) ? SEV_WARNING : SEV_OK);
	f->certainty = POSSIBLE;
	fact_set(&f->sentence, "nf_conntrack_max is {value}, less than the {persisted} that {} "
		 "sets: something has lowered it since the boot.", count_of(c->value),
		 count_of(c->persisted), text_of(c->persisted_in));
	facts_add(&f->evidence, "nf_conntrack_max is {value} now; {} sets {persisted} [kernel: "
		  "sysctl; boot files]", count_of(c->value), text_of(c->persisted_in),
		  count_of(c->persisted));
	facts_add(&f->evidence, "of kube-proxy, the firewall of Proxmox, tuned, ufw and "
		  "NetworkManager's scripts, none is known to set that [/proc, /etc]");
	facts_add(&f->against, "a person may have typed it");
	cure_begin(&x, ts, NULL, f);
	fix_max_now(&x, c->persisted);
	step_say(&f->fix, STEP_FOR_GOOD, "find who lowers it, and change it there:");
	step_look(&f->fix, STEP_FOR_GOOD, "grep -rIsl nf_conntrack_max /etc /usr/local /opt "
		  "/lib/systemd/system");
	fix_end(&x);
	facts_add(&f->price, "It may be lowered again.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	/* The boot files of this host say nothing about another namespace. */
	if (tables_outside(ts))
		return;
	judge_overwritten(ts, fs);
	judge_size(ts, fs);
	judge_lowered(ts, fs);
}

const struct cause cause_writer = {
	.name = "writer",
	.title = "a setting that another program writes",
	.text =
"Boot files aren't the last word. kube-proxy sets the maximum each time it\n"
"starts, to so many for each core (--conntrack-max-per-core) but not less than a\n"
"minimum (--conntrack-min), and two TCP timeouts, one of them, CLOSE_WAIT, to an\n"
"hour. The firewall of Proxmox sets maximum and timeouts as its host.fw says, and\n"
"again whenever they differ. tuned has settings in its profiles, ufw in\n"
"/etc/ufw/sysctl.conf, NetworkManager runs scripts. Whoever writes last wins, so\n"
"such a setting is changed there; one more line in sysctl.d changes nothing.\n"
"\n"
"How a setting survives a reboot where no program writes it: see \"persist\".\n",
	.weight = 250,
	.judge = judge,
};
