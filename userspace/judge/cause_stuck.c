// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of connections that are over, though nobody told the host:
 * established ones that are silent for a day, closing ones that linger.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/blame.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/settings.h"
#include "judge/silent.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define A_DAY	86400

/* States whose entries should go soon */
static const struct closing {
	const char *state, *key;
} closing[] = {
	{ "FIN_WAIT", "tcp_timeout_fin_wait" },
	{ "CLOSE_WAIT", "tcp_timeout_close_wait" },
	{ "LAST_ACK", "tcp_timeout_last_ack" },
	{ "CLOSE", "tcp_timeout_close" },
};

static const struct closing *closing_of(const struct census_row *row)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(closing); i++)
		if (!strcmp(closing[i].state, row->name))
			return &closing[i];
	return NULL;
}

/* Where they are from and where they lead to, if one address stands out. */
static void peers(const struct tables *ts, const struct netns_table *n,
		  struct finding *f)
{
	const struct actor *from = actors_holder(n);
	const struct census_row *to = tables_heaviest(ts, CENSUS_DEST, n->netns);

	if (from && share(from->held->entries, n->count) >= TH(STUCK_SHARE))
		lines_add(&f->culprit, "%s%s holds %s entries (%s of all) [module: census]",
			  from->source, from->local ? " (this host)" : "",
			  num(from->held->entries),
			  pct(from->held->entries, n->count));
	if (to && share(to->entries, n->count) >= TH(STUCK_SHARE))
		lines_add(&f->culprit, "%s entries (%s of all) lead to %s: does it still "
			  "answer? [module: census]", num(to->entries),
			  pct(to->entries, n->count), to->name);
	if (!f->culprit.nr)
		lines_add(&f->culprit, "no single address: look for what they share, such "
			  "as a firewall that forgets connections, or clients that vanish");
}

static void fill_lingering(const struct tables *ts, const struct netns_table *n,
			   struct finding *f, const struct census_row *row)
{
	const struct closing *c = closing_of(row);
	const struct ct_sysctl *set = n->own ? find_sysctl(ts->s, c->key) : NULL;
	struct fix x;

	lines_add(&f->evidence, "%s entries (%s) in TCP state %s, %s of them silent for 5 "
		  "minutes or more [module: census]", num(row->entries),
		  pct(row->entries, n->count), row->name, num(row->idle[IDLE_5MIN]));
	if (set)
		lines_add(&f->evidence, "nf_conntrack_%s is %" PRId64 " seconds, the "
			  "kernel's default is %" PRId64 " [kernel: sysctl]", c->key,
			  set->value, setting_default(c->key));
	peers(ts, n, f);
	cure_begin(&x, ts, n, f);
	lines_add(&f->fix_now, "# these connections are over on one side at least:");
	fix_line(&x, &f->fix_now, "conntrack -D -p tcp --state %s >/dev/null", row->name);
	if (!set || set->value > setting_default(c->key))
		fix_sysctl(&x, c->key, setting_default(c->key));
	fix_end(&x);
	if (!strcmp(row->name, "CLOSE_WAIT"))
		finding_price(f, "CLOSE_WAIT means that a program got the end of a "
			      "connection and didn't close it: that program needs the "
			      "repair, or it will do it again.");
	finding_price(f, "A connection that is closed on one side only, and still sends on "
		      "the other, is cut behind NAT. conntrack -F would drop every "
		      "connection: leave that for the very last.");
}

static void fill_dead(const struct tables *ts, const struct netns_table *n,
		      struct finding *f)
{
	const struct actor *from = actors_holder(n);
	struct fix x;

	silent_cure(ts, n, f, A_DAY);
	peers(ts, n, f);
	if (from && share(from->held->entries, n->count) >= TH(FLOOD_SHARE)) {
		cure_begin(&x, ts, n, f);
		lines_add(&f->fix_now, "# or at once all TCP connections of the one that "
			  "holds most, silent or not:");
		lines_add(&f->fix_now, "# %sconntrack -D -p tcp --state ESTABLISHED -s %.*s "
			  ">/dev/null", x.enter, (int)strcspn(from->source, "/"),
			  from->source);
		fix_end(&x);
	}
	finding_price(f, "conntrack -F would drop every connection: leave that for the "
		      "very last.");
}

static void judge_table(const struct tables *ts, const struct netns_table *n,
			struct findings *fs)
{
	const struct census_row *dead = blame_dead(ts, n), *row = blame_lingering(ts, n);
	bool pressed = n->blame == BLAME_STUCK;
	char begin[256];
	struct finding *f;

	if (!dead && !row)
		return;
	if (pressed)
		snprintf(begin, sizeof(begin), "%s %s", phrase_table(n), phrase_state(n));
	else
		snprintf(begin, sizeof(begin), "%s is %s full", phrase_table(n),
			 pct(n->count, n->max));
	f = pressed ? pressed_begin(fs, &cause_stuck, ts, n) :
		      finding_add(fs, &cause_stuck, SEV_WARNING);
	if (dead)
		finding_sentence(f, "%s, and %s of its entries belong to TCP connections "
				 "that have been dead silent for over a day%s.", begin,
				 num(dead->idle[IDLE_DAY]),
				 pressed ? phrase_losers(n) : "");
	else
		finding_sentence(f, "%s, and %s of its entries belong to TCP connections "
				 "that are closing (%s) but never finish%s.", begin,
				 num(row->idle[IDLE_5MIN]), row->name,
				 pressed ? phrase_losers(n) : "");
	if (pressed) {
		pressed_evidence(ts, n, f);
		pressed_victims(ts, n, f);
	}
	if (dead)
		fill_dead(ts, n, f);
	else
		fill_lingering(ts, n, f, row);
	if (!dead)
		lines_add(&f->verify, "conntriage census");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->blame == BLAME_STUCK ||
		    (n->blame == BLAME_NONE &&
		     share(n->count, n->max) >= TH(IDLE_USAGE)))
			judge_table(ts, n, fs);
	}
}

const struct cause cause_stuck = {
	.name = "stuck",
	.title = "entries of connections that are over",
	.text =
"Two kinds: established TCP connections that have been silent for a day, whose\n"
"ends are gone; and closing ones (FIN_WAIT, CLOSE_WAIT, LAST_ACK, CLOSE) that\n"
"linger for minutes, because their timeout was raised. CLOSE_WAIT means that a\n"
"program was told of the end and never closed its side.\n"
"\n"
"Look at what they have in common: one source (a program that leaks), one\n"
"destination (a server that died), or nothing (a firewall between that forgets\n"
"connections). Delete exactly these; conntrack -F drops every connection, and\n"
"what passes NAT doesn't come back.\n",
	.weight = 340,
	.judge = judge,
};
