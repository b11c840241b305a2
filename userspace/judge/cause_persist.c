// SPDX-License-Identifier: GPL-2.0
/*
 * Settings that won't be there after the reboot: made by hand, put where
 * nothing reads them, or set before the module that has the key is loaded
 * (docs/conntrack.md, "Boot settings").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/writer.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define GIB		(1024.0 * 1024 * 1024)
#define PAGE_BUCKETS	512	/* buckets are rounded up to whole pages */

static int64_t whole_pages(int64_t buckets)
{
	return (buckets + PAGE_BUCKETS - 1) / PAGE_BUCKETS * PAGE_BUCKETS;
}

/*
 * nf_conntrack_init_start() of nf_conntrack_core.c, on 64 bits. Below 1 GiB it goes by
 * the memory; until 5.15 the maximum was four times the buckets, of which there were a
 * fourth above.
 */
static int64_t max_at_boot(const struct tables *ts)
{
	const struct snapshot *s = ts->s;
	int major = 99, minor = 0;
	int64_t buckets;

	if (s->hashsize_option != UNKNOWN && s->hashsize_option > 0 &&
	    s->hashsize_option < INT64_MAX / 16)
		return 8 * whole_pages(s->hashsize_option);
	if (s->mem_total == UNKNOWN || s->mem_total <= 0)
		return UNKNOWN;
	if (s->mem_total > GIB)
		return s->mem_total > 4 * GIB ? 262144 : 65536;
	if (sscanf(s->kernel, "%4d.%4d", &major, &minor) < 2)
		major = 99;
	buckets = s->mem_total / 16384 / 8;
	if (major > 5 || (major == 5 && minor >= 15))
		return whole_pages(buckets > 1024 ? buckets : 1024);
	return 4 * whole_pages(buckets > 32 ? buckets : 32);
}

/* MemTotal isn't quite what the kernel counted when it chose. */
static bool is_default(int64_t value, int64_t max)
{
	return value == 262144 || value == 65536 ||
	       (max > 0 && max < 65536 && value > max - max / 10 && value < max + max / 10);
}

/* What a key will be after a reboot */
static int64_t at_boot(const struct tables *ts, const struct ct_sysctl *c)
{
	int64_t max = max_at_boot(ts);

	if (c->persisted != UNKNOWN && ts->s->ct_at_boot)
		return c->persisted;
	if (!strcmp(c->name, "max")) {
		if (ts->s->hashsize_option == UNKNOWN && is_default(c->value, max))
			return c->value;
		return max;
	}
	return setting_default(c->name);
}

struct lost {
	const struct ct_sysctl *setting;
	int64_t boot;
};

/* Losing it brings the trouble back that it was made for. */
static bool matters(const struct tables *ts, const struct lost *l)
{
	const struct ct_sysctl *c = l->setting;
	int64_t peak = ts->spell.peak;
	size_t i;

	if (c->ignored_in[0] || (c->persisted != UNKNOWN && !ts->s->ct_at_boot))
		return true;
	if (strcmp(c->name, "max"))
		return false;
	for (i = 0; i < ts->nr_netns; i++)
		if (ts->netns[i].count > peak)
			peak = ts->netns[i].count;
	return share(peak, l->boot) >= TH(TIGHT);
}

static void add_evidence(const struct tables *ts, struct finding *f, const struct lost *l)
{
	const struct ct_sysctl *c = l->setting;

	if (c->persisted != UNKNOWN && !ts->s->ct_at_boot)
		facts_add(&f->evidence, "{} sets nf_conntrack_{setting} to {persisted}, but "
			  "nf_conntrack isn't loaded yet when it is read: it would be {boot} "
			  "[boot files]", text_of(c->persisted_in), text_of(c->name),
			  as_it_is(c->persisted), as_it_is(l->boot));
	else if (c->ignored_in[0])
		facts_add(&f->evidence, "{} sets nf_conntrack_{setting}, but nothing reads that "
			  "file at boot: it would be {boot} [boot files]", text_of(c->ignored_in),
			  text_of(c->name), as_it_is(l->boot));
	else
		facts_add(&f->evidence, "nf_conntrack_{setting} is {value} now and would be "
			  "{boot} after a reboot [kernel: sysctl; boot files]", text_of(c->name),
			  as_it_is(c->value), as_it_is(l->boot));
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	struct lost *lost = calloc(s->nr_sysctl + 1, sizeof(*lost));
	struct lost first;
	bool serious = false;
	struct finding *f;
	char others[64];
	struct fix x;
	size_t i, nr = 0;

	for (i = 0; lost && i < s->nr_sysctl && !tables_outside(ts); i++) {
		const struct ct_sysctl *c = &s->sysctl[i];
		int64_t boot = at_boot(ts, c);

		if (boot == UNKNOWN || c->value == UNKNOWN || boot == c->value ||
		    writer_explains(s, c) || setting_too_short(c))
			continue;
		lost[nr].setting = c;
		lost[nr].boot = boot;
		/* What brings trouble back comes first. */
		if (!matters(ts, &lost[nr++]) || serious)
			continue;
		first = lost[nr - 1];
		lost[nr - 1] = lost[0];
		lost[0] = first;
		serious = true;
	}
	if (!nr) {
		free(lost);
		return;
	}
	f = finding_add(fs, &cause_persist, serious ? SEV_WARNING : SEV_OK);
	snprintf(others, sizeof(others), ", and %s other setting%s will change, too", num(nr - 1),
		 nr > 2 ? "s" : "");
	fact_set(&f->sentence, "nf_conntrack_{setting} is {value} now, and will be {boot} after "
		 "the next reboot{}.", text_of(lost[0].setting->name),
		 count_of(lost[0].setting->value), count_of(lost[0].boot),
		 text_of(nr > 1 ? others : ""));
	cure_begin(&x, ts, NULL, f);
	for (i = 0; i < nr; i++) {
		add_evidence(ts, f, &lost[i]);
		fix_persist_sysctl(&x, lost[i].setting->name, lost[i].setting->value);
	}
	fix_end(&x);
	facts_add(&f->price, "None, unless a program such as kube-proxy or a firewall script sets "
		  "these at every start: then change them there.");
	lines_add(&f->verify, "systemd-analyze cat-config sysctl.d | grep nf_conntrack");
	lines_add(&f->verify, "cat /etc/modules-load.d/*.conf");
	free(lost);
}

const struct cause cause_persist = {
	.name = "persist",
	.title = "a setting that won't survive the reboot",
	.text =
"What sysctl -w sets is gone after a reboot. What /etc/sysctl.d sets is gone as\n"
"well, if nf_conntrack isn't loaded yet when these files are read: its keys\n"
"don't exist then, and that fails without anybody noticing. It takes\n"
"/etc/modules-load.d/nf_conntrack.conf, too. And /etc/sysctl.conf is not read\n"
"at all by systemd unless a link in /etc/sysctl.d leads there.\n"
"\n"
"A program such as kube-proxy may put its own number in place at any time.\n",
	.weight = 200,
	.judge = judge,
};
