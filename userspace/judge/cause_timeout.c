// SPDX-License-Identifier: GPL-2.0
/*
 * Timeouts so long that silent entries fill the table. tcp_loose,
 * tcp_be_liberal and tcp_max_retrans are no timeouts (docs/conntrack.md,
 * "Timeouts").
 */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/settings.h"
#include "judge/silent.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		30	/* s: some are many */

/*
 * Entries that are silent for longer than the default: some wait for an answer
 * in vain, the others nobody would miss, as a new packet makes a new entry.
 *
 * Return: whether they are deleted.
 */
static bool make_room(const struct tables *ts, const struct netns_table *n, struct fix *x,
		      const struct part *p, struct effect *e)
{
	bool tcp = !strcmp(p->state->proto, "tcp");
	char what[96], select[96];
	struct silent s = {
		.what = what, .select = select, .first = true, .at_least = p->then,
	};

	snprintf(what, sizeof(what), "%s entry%s%s", p->state->proto, tcp ? " in state " : "",
		 tcp ? p->state->name : "");
	snprintf(select, sizeof(select), "-p %s --state %s", p->state->proto, p->state->name);
	if (tcp && p->life == LIFE_CLOSING) {
		fix_say(x, "these connections are over on one side at least:");
		fix_delete_kind(x, select);
		effect_delete_state(e, p->state);
		return true;
	}
	/* elsewhere the timeout can't be read */
	if (n->own) {
		s.left = p->now - p->then;
		if (!strcmp(p->state->name, "ASSURED"))
			s.spared = setting_now(ts, n, "udp_timeout");
	}
	if (!silent_make_room(ts, n, x, &s, e))
		return false;
	effect_delete_older(e, p->state, p->then);
	return true;
}

static void fill_raised(const struct tables *ts, const struct netns_table *n,
			const struct part *p, struct finding *f)
{
	struct fix x;

	facts_add(&f->evidence, "{frees} entries ({share}) in state {} {} are silent for longer "
		  "than the kernel's default of {default_timeout} [module: census]",
		  count_of(p->frees), share_of(p->frees, n->occupancy->entries),
		  text_of(p->state->proto), text_of(p->state->name), seconds_of(p->then));
	if (n->own)
		facts_add(party_setting(&f->culprit, p->key), "is {now} seconds, the kernel's "
			  "default is {default} [kernel: sysctl]", as_it_is(p->now),
			  as_it_is(p->then));
	cure_begin(&x, ts, n, f);
	effect_begin(&f->effect, n, p->now);
	/* what isn't deleted waits out the old one */
	if (make_room(ts, n, &x, p, &f->effect))
		f->effect.within = p->then;
	fix_sysctl(&x, p->key, p->then);
	effect_timeout(&f->effect, p->key, p->then);
	fix_end(&x);
	if (!strcmp(p->state->name, "CLOSE_WAIT"))
		facts_add(&f->price, "CLOSE_WAIT means that a program got the end of a connection "
			  "and didn't close it: that program needs the repair, too.");
	if (p->life == LIFE_CLOSING)
		facts_add(&f->price, "A connection that is closed on one side only, and still "
			  "sends on the other, is cut behind NAT.");
	facts_add(&f->price, "Somebody raised it for a reason: a program that is silent for "
		  "longer than {default_timeout} loses its entry, and behind NAT its connection.",
		  seconds_of(p->then));
	fix_line(&x, &f->verify, "sysctl net.netfilter.nf_conntrack_%s", p->key);
}

static void fill_silent(const struct tables *ts, const struct netns_table *n,
			struct finding *f)
{
	struct fix x;

	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	silent_cure(ts, n, &x, f);
	fix_end(&x);
	facts_add(party_nobody(&f->culprit), "no single address: look for what they share, such "
		  "as a firewall that forgets connections, or clients that vanish");
}

static void judge_table(const struct tables *ts, const struct netns_table *n,
			const struct part *p, struct findings *fs)
{
	bool pressed = n->level != LEVEL_CALM, raised = strcmp(p->key, "tcp_timeout_established");
	struct finding *f;

	f = pressed ? pressed_begin(fs, &cause_timeout, ts, n, p) :
		      finding_add(fs, &cause_timeout, SEV_WARNING);
	if (pressed)
		phrase_table_is(&f->sentence, n);
	else
		fact_set(&f->sentence, "{} is {used} full", text_of(phrase_table(n)),
			 share_of(n->count, n->max));
	if (raised)
		fact_more(&f->sentence, ": {frees} entries ({share}) wait out a timeout that was "
			  "raised", count_of(p->frees), share_of(p->frees, n->occupancy->entries));
	else
		fact_more(&f->sentence, ": {frees} of its {entries} entries belong to connections "
			  "that have said nothing for over two hours, of nobody in particular",
			  count_of(p->frees), count_of(n->occupancy->entries));
	if (raised && n->own)
		fact_more(&f->sentence, " to {timeout}", seconds_of(p->now));
	if (pressed)
		phrase_end(&f->sentence, n);
	else
		fact_more(&f->sentence, ".");
	if (pressed) {
		pressed_evidence(ts, n, f);
		pressed_victims(ts, n, f);
	}
	if (raised)
		fill_raised(ts, n, p, f);
	else
		fill_silent(ts, n, f);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct part *p = verdict_part(&ts->netns[i], PART_TIMEOUT);

		if (p)
			judge_table(ts, &ts->netns[i], p, fs);
	}
}

const struct cause cause_timeout = {
	.name = "timeout",
	.title = "entries wait too long for silent connections",
	.text =
"An entry lives until its connection ends or until nothing was heard for the\n"
"timeout of its state. An established TCP connection has 5 days by default,\n"
"so one that died without a word (a phone that left, a host that lost power)\n"
"keeps its entry for that long.\n"
"\n"
"conntriage measures how long entries have been silent, and so knows what a\n"
"shorter timeout would free. RFC 5382 asks for at least 2 hours 4 minutes\n"
"(7440 seconds); TCP keepalives come after 2 hours by default. Lowering the\n"
"timeout doesn't touch entries that are silent already: they keep their old\n"
"deadline until they speak. That is why the fix deletes these, and does so\n"
"first: once the timeout is lower, those that speak have little left as well.\n"
"\n"
"Where the silent entries have one source or destination in common, it is a\n"
"\"leak\". tcp_loose, tcp_be_liberal and tcp_max_retrans are no timeouts.\n",
	.weight = 350,
	.judge = judge,
};
