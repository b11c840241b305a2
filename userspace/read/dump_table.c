// SPDX-License-Identifier: GPL-2.0
/*
 * One or two lists of a table, at idle priority: whoever does the host's work goes first,
 * as the kernel's part of a list runs in our time.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "entries/ctnetlink.h"
#include "lib/moment.h"
#include "lib/numbers.h"
#include "lib/progress.h"
#include "lib/text.h"
#include "lib/words.h"
#include "read/dump_table.h"
#include "read/files.h"

#define SAMPLE_FROM	200000	/* entries: fewer are listed whole */
#define SAMPLE		100000	/* entries: a share of it is 0.3 % off, two in three times */
#define SHOW_EVERY	4096	/* entries between two looks at the clock */
#define SHOW_MS		200	/* between two lines of progress */
#define SHOW_AFTER_MS	500

/* A list while it comes in */
struct pass {
	struct dump_table *t;
	const char *name;
	bool first;
	int64_t listed;
	struct {		/* of a sample: where its last entry that both lists have is */
		int64_t listed, kept;
		size_t len;
	} sure;
	int64_t began, shown;	/* ms */
};

static bool interrupted(const struct reader *r)
{
	return r->files.stop && *r->files.stop;
}

/* How much is done, and how long the rest will take as it goes */
static void show_progress(struct pass *p)
{
	const struct dump_table *t = p->t;
	int64_t now = clock_ms(CLOCK_MONOTONIC), took = now - p->began;
	int64_t all = t->sample ? SAMPLE : t->begin.count;

	if (took < SHOW_AFTER_MS || now - p->shown < SHOW_MS || p->listed > all)
		return;
	p->shown = now;
	progress_say("conntriage: list %s: %s of %s%s entries, about %s left", p->name,
		     num(p->listed), t->sample ? "a sample of " : "", num(all),
		     duration(took * (all - p->listed) / p->listed / 1000 + 1));
}

static void expect(struct entry *e, void *data)
{
	const struct pass *p = data;

	looks_soon(p->t->looks, e);
}

static bool take(struct entry *e, void *data)
{
	struct pass *p = data;
	struct dump_table *t = p->t;

	if (++p->listed % SHOW_EVERY == 0) {
		show_progress(p);
		if (interrupted(t->r))
			return false;
	}
	if (p->first) {
		looks_first(t->looks, e);
		return !t->sample || p->listed < SAMPLE;
	}
	if (!looks_last(t->looks, e, t->sample))
		return false;
	if (files_keeping(&t->r->files))
		dump_keep_entry(&t->keep, e);
	if (!e->arrived) {
		p->sure.listed = p->listed;
		p->sure.kept = t->keep.kept;
		p->sure.len = t->keep.len;
	}
	return !t->sample || p->listed < (t->keep.is.twice ? 2 * SAMPLE : SAMPLE);
}

static int list(struct pass *p)
{
	const struct sched_param none = { .sched_priority = 0 };
	int policy = sched_getscheduler(0), error;

	p->began = p->shown = clock_ms(CLOCK_MONOTONIC);
	sched_setscheduler(0, SCHED_IDLE, &none);
	error = ctnetlink_list(expect, take, p);
	if (policy >= 0)
		sched_setscheduler(0, policy, &none);
	progress_end();
	return error;
}

/* Its timeouts: the sysctls of the namespace that the reader is in, which it keeps elsewhere */
static int64_t sysctl_here(const char *name, void *data)
{
	struct reader *r = data;
	int64_t value = UNKNOWN;
	char path[128], *text, *next, *line;

	snprintf(path, sizeof(path), "proc/sys/net/netfilter/nf_conntrack_%s", name);
	if (files_read_part(&r->files, path, 64, &text, NULL))
		return UNKNOWN;
	next = text;
	line = text_line(&next);
	if (!line || !text_count(text_trim(line), &value))
		value = UNKNOWN;
	free(text);
	return value;
}

int dump_begin(struct dump_table *t, bool full)
{
	int error = ctnetlink_moment(&t->begin, &t->keep.is.max);

	if (error)
		return error;
	if (t->keep.is.max == UNKNOWN)
		t->keep.is.max = sysctl_here("max", t->r);
	if (t->begin.count == UNKNOWN)
		t->begin.count = sysctl_here("count", t->r);
	timeouts_fill(&t->keep.timeouts, sysctl_here, t->r);
	t->sample = !full && t->begin.count >= SAMPLE_FROM;
	t->looks = looks_begin(&t->keep.timeouts, known(t->begin.count));
	looks_moment(t->looks, &t->begin);
	return 0;
}

int dump_moment(struct dump_table *t)
{
	struct look at;
	int64_t max;
	int error = ctnetlink_moment(&at, &max);

	if (!error)
		looks_moment(t->looks, &at);
	t->middle = at;
	return error;
}

int dump_first(struct dump_table *t, const char *name)
{
	struct pass p = { .t = t, .name = name, .first = true };
	int error = list(&p) ?: dump_moment(t);

	t->keep.is.twice = true;
	t->first_listed = p.listed;
	t->after = t->middle.count;
	return error;
}

static int64_t positive(int64_t n)
{
	return n > 0 ? n : 0;
}

/* That many of what a sample passed were ended, so as many of the rest are over. */
static void scale(struct dump_table *t, int64_t listed)
{
	int64_t ended = positive(minus(t->begin.count, t->after));
	double part = fmin((double)plus(listed, ended) / (double)t->begin.count, 1);

	t->keep.is.each = 1 / part;
	t->keep.is.expired = llround((double)ended / part);
}

int dump_last(struct dump_table *t, const char *name)
{
	struct pass p = { .t = t, .name = name };
	struct looked *is = &t->keep.is;
	int64_t before = t->begin.count;
	int error = is->twice ? dump_moment(t) : 0;

	if (!is->twice)
		looks_once(t->looks);
	if (!error)
		error = list(&p);
	if (!error && !is->twice) {
		error = dump_moment(t);
		t->after = t->middle.count;
		t->first_listed = p.listed;
	}
	is->each = 1;
	is->listed = p.listed;
	if (t->sample && is->twice) {	/* what came behind wasn't looked at before */
		is->listed = p.sure.listed;
		t->keep.kept = p.sure.kept;
		t->keep.len = p.sure.len;
	}
	if (t->sample)
		scale(t, t->first_listed);
	else if (!is->twice)
		is->expired = positive(minus(before, t->after));
	else	/* the first list missed them, and the second one doesn't any more */
		is->expired = positive(minus(minus(before, t->first_listed),
					     positive(minus(t->middle.count, p.listed))));
	t->r->s->dump.cut = t->r->s->dump.cut || interrupted(t->r);
	return error;
}

void dump_end(struct dump_table *t)
{
	if (files_keeping(&t->r->files))
		dump_keep(t->r, &t->keep, t->looks);
	looks_end(t->looks, &t->keep.is, t->r->s);
	free(t->keep.messages);
	t->looks = NULL;
}

void dump_drop(struct dump_table *t)
{
	if (t->looks)
		looks_free(t->looks);
	free(t->keep.messages);
	t->looks = NULL;
}
