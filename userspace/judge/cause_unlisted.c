// SPDX-License-Identifier: GPL-2.0
/*
 * A count that no listing explains: entries that are counted until the last
 * reference to them is gone, and stand in no bucket: of packets that wait in an
 * nfqueue, or deleted ones whose destroy event somebody has to read
 * (docs/conntrack.md, "The count").
 */
#include <stdio.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/unlisted.h"
#include "judge/verdict.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

static const char *process_word(int64_t port, const char *command)
{
	char *out = word_buffer();

	if (*command)
		snprintf(out, WORD_SIZE, "%s, process %lld", command, (long long)port);
	else
		snprintf(out, WORD_SIZE, "netlink port %lld", (long long)port);
	return out;
}

static struct facts *party_reader(struct parties *l, int64_t port, const char *command)
{
	struct party *p = party_program(l, *command ? command : process_word(port, command));

	if (*command)
		p->pid = port;
	return &p->facts;
}

/* Those that may hold the entries, and what to do about them. */
static bool name_holders(const struct snapshot *s, struct finding *f)
{
	bool named = false;
	size_t i;

	for (i = 0; i < s->nr_queues; i++) {
		const struct packet_queue *q = &s->queue[i];

		if (!q->waiting)
			continue;
		facts_add(party_reader(&f->culprit, q->port, q->command),
			  "{waiting} packets wait for it in nfqueue {queue}; {dropped} were "
			  "dropped [kernel: nfnetlink_queue]", count_of(q->waiting),
			  as_it_is(q->number), count_of(q->dropped));
		step_say(&f->fix, STEP_NOW, "restart who reads nfqueue %s: %s", num(q->number),
			  process_word(q->port, q->command));
		named = true;
	}
	for (i = 0; i < s->nr_listeners; i++) {
		const struct event_listener *e = &s->listener[i];

		if (!e->unread && !e->lost)
			continue;
		facts_add(party_reader(&f->culprit, e->port, e->command),
			  "it listens to conntrack's events: {unread} of them wait to be read, "
			  "{lost} messages were lost [kernel: /proc/net/netlink]",
			  bytes_of(e->unread), count_of(e->lost));
		step_say(&f->fix, STEP_NOW, "restart who listens to conntrack's events: %s",
			  process_word(e->port, e->command));
		named = true;
	}
	return named;
}

static void judge_netns(const struct tables *ts, const struct netns_table *n,
			struct findings *fs)
{
	const struct part *p = verdict_part(n, PART_UNLISTED);
	struct unlisted u = unlisted_entries(ts, n);
	struct finding *f;
	struct fix x;

	if (!u.missing)
		return;
	f = p ? pressed_begin(fs, &cause_unlisted, ts, n, p) :
		finding_add(fs, &cause_unlisted, SEV_WARNING);
	f->certainty = u.queued ? LIKELY : POSSIBLE;
	fact_set(&f->sentence, "{missing} of {count} entries{} are counted and in no list: "
		 "something holds connections that are not in the table.", count_of(u.missing),
		 count_of(n->count), text_of(netns_phrase(ts->s, n->netns)));
	facts_add(&f->evidence, "{count} counted, {entries} in the table, expired ones included "
		  "[module: netns, census]", count_of(n->count), count_of(n->total->entries));
	if (u.fewest != UNKNOWN)
		facts_add(&f->evidence, "in the last {window} seconds the count was "
			  "never below {fewest} [module: history]", as_it_is(UNLISTED_LATELY),
			  count_of(u.fewest));
	if (p) {
		pressed_evidence(ts, n, f);
		pressed_victims(ts, n, f);
	}
	cure_begin(&x, ts, n, f);
	if (!n->own)
		facts_add(&f->against, "queues and sockets of another namespace can't be seen "
			  "from here");
	if (!n->own || !name_holders(ts->s, f))
		step_say(&f->fix, STEP_NOW, "restart what listens to conntrack's events reliably "
			  "(conntrackd, ulogd), or reads an nfqueue");
	facts_add(&f->against, "what decides: conntrack -L dying has those whose event nobody has "
		  "read");
	fix_line(&x, &f->verify, "conntrack -L dying 2>/dev/null | wc -l");
	fix_end(&x);
	facts_add(&f->price, "Events that wait are lost with their reader, and packets in its "
		  "queue are dropped.");
	effect_begin(&f->effect, n, 0);
	cure_predict(ts, f, (struct prediction) {
		.entries = n->total->entries, .within = 60, .refused = 0,
	});
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		judge_netns(ts, &ts->netns[i], fs);
}

const struct cause cause_unlisted = {
	.name = "unlisted",
	.title = "entries that are counted and in no list",
	.text =
"The kernel counts an entry from its allocation until the last reference to it is\n"
"gone. Between, it may be in no list: not yet, while its first packet is on its\n"
"way or waits in an nfqueue, or no longer, when it was deleted and something\n"
"holds it still. With reliable events (NetlinkEventsReliable of conntrackd,\n"
"ulogd) that is the rule: a deleted entry waits until its event has been read. If\n"
"the reader doesn't read, they pile up, count against the maximum, and conntrack\n"
"-F doesn't free them. A few hundred are normal on a busy host.\n"
"\n"
"Entries that have expired are in the table still, and in the census: not these.\n",
	.weight = 550,
	.judge = judge,
};
