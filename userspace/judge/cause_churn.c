// SPDX-License-Identifier: GPL-2.0
/* Short connections that are over: their entries wait out the last timeout. */
#include <inttypes.h>
#include <math.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/pace.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/numbers.h"

#define HALF		50	/* % */
#define WORKER		60	/* s: GC_SCAN_INTERVAL_MAX of nf_conntrack_core.c */
#define SETTLES		90	/* s: it has come, and the first with the shorter timeout have left */

/*
 * Closed connections that come a second when most come: their ages tell, or, where these
 * are too few, the sources' mean of ten seconds.
 */
static double closed_rate(const struct netns_table *n)
{
	const struct stream_now *tw = &n->streams->of[STREAM_TIME_WAIT];
	double mean = (n->offered - SENT_AGAIN * n->streams->refused) *
		      share(tw->held, n->occupancy->entries) / 100;

	return fmax(tw->peak, mean);
}

/*
 * How long an entry stands there, until the kernel's worker has passed: it comes back after
 * the mean time that entries have left (gc_worker()), half of their timeout, and for the
 * first time when it had planned to.
 */
static double stands(int64_t timeout)
{
	return fmax(1.5 * (double)timeout, WORKER);
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	const struct stream_now *tw = &n->streams->of[STREAM_TIME_WAIT];
	/* a table that has just filled holds only the last seconds of what comes */
	double others = n->occupancy->entries - tw->held;
	double after = others + closed_rate(n) * stands(p->now > p->then ? p->then : p->now);
	struct raise r;
	struct fix x;

	after = fmax(after, n->verdict->need - tw->held +
		     tw->held * fmin((double)p->then / (double)p->now, 1));
	r = raise_for(ts, n, fmax(after, n->verdict->need));

	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	if (p->now > p->then) {
		step_say(&f->fix, STEP_NOW, "closed connections leave after %" PRId64 " seconds, not %"
			  PRId64 ":", p->then, p->now);
		fix_sysctl(&x, p->key, p->then);
		effect_timeout(&f->effect, p->key, p->then);
		facts_add(&f->price, "A packet that is later than that finds no entry any more: "
			  "behind NAT it gets lost, and so does nothing that is needed.");
	}
	if (r.enough && n->init && (p->now <= p->then || after > n->verdict->target)) {
		step_say(&f->fix, STEP_NOW, "and room for them, for as long as they come at this rate:");
		raise_room(ts, &x, f, r.max);
	} else if (r.enough && n->init) {
		step_say(&f->fix, STEP_NOW, "or leave the timeout, and make room: ");
		fix_instead(&x, "sysctl -w net.netfilter.nf_conntrack_max=%" PRId64,
			 r.max);
	}
	step_say(&f->fix, STEP_FOR_GOOD, "at the program: keepalive, so that a connection serves more than "
		  "one request");
	fix_end(&x);
	lines_add(&f->verify, "conntriage census");
}

/* Most of it was somebody's long connections, and they ended all at once. */
static bool is_restart(const struct netns_table *n, const struct part *p)
{
	return n->streams && share(n->streams->restart.ended, p->holds) >= HALF;
}

/*
 * What has ended keeps its deadline, whatever the timeout is now, and then waits for the
 * worker. There is no more to come: room for both, as long as they are there.
 */
static void cure_restart(const struct tables *ts, const struct netns_table *n,
			 struct finding *f)
{
	const struct restart *restart = &n->streams->restart;
	double both = n->occupancy->entries + restart->again;
	struct raise r = raise_for(ts, n, both);
	struct fix x;

	facts_add(&f->evidence, "{ended} of them ended between {until} and {since} ago, and at no "
		  "other time did as many come: a restart or a failover, no short connections "
		  "[module: census, history]", count_of(lround(restart->ended)),
		  as_it_is(lround(restart->until)), seconds_of(lround(restart->since)));
	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "by itself it is over within %.0f seconds%s",
		 restart->stay - restart->until + WORKER,
		 r.enough && n->init ? "; until then, and for the next time, room for those that "
		 "ended beside those that came again:" : "");
	if (r.enough && n->init)
		raise_room(ts, &x, f, r.max);
	fix_end(&x);
	lines_add(&f->verify, "conntriage census");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_CHURN);
		struct finding *f;

		if (!p)
			continue;
		f = pressed_begin(fs, &cause_churn, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with connections that {}: {holds} of its "
			  "{entries} entries only wait out their last timeout{}{}",
			  text_of(is_restart(n, p) ? "ended all at once" : "are over"),
			  count_of(p->holds), count_of(n->occupancy->entries),
			  text_of(p->nr_members == 1 ? ", most of them of " : ""),
			  text_of(p->nr_members == 1 ? phrase_members(p) : ""));
		phrase_end(&f->sentence, n);
		pressed_evidence(ts, n, f);
		if (p->state && !is_restart(n, p))
			facts_add(&f->evidence, "{entries} of them are in TIME_WAIT [module: "
				  "census]", count_of(p->state->entries));
		pressed_members(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
		else if (is_restart(n, p))
			cure_restart(ts, n, f);
		else
			cure(ts, n, p, f);
	}
}

const struct cause cause_churn = {
	.name = "churn",
	.title = "short connections, whose entries outlive them",
	.text =
"A TCP connection that was closed in order keeps its entry in TIME_WAIT for two\n"
"minutes, for late packets. Where connections are short, nearly all entries are of\n"
"that kind: a load balancer with 500 requests a second has 60,000 of them. That is\n"
"work which is done, not a client that \"does not close its connections\".\n"
"\n"
"A shorter tcp_timeout_time_wait frees most of them at little risk, a bigger table\n"
"holds them, and keepalive at the program makes fewer.\n"
"\n"
"A restart or a failover does it, too: all long connections end at once and are\n"
"opened again, and until their last timeout is over the table holds each twice.\n",
	.weight = 390,
	.judge = judge,
};
