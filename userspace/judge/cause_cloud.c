// SPDX-License-Identifier: GPL-2.0
/*
 * Losses in a table that isn't this host's: clouds track the connections of a guest,
 * too, and drop beyond an allowance (docs/beside-conntrack.md, "The cloud's table").
 * The network card's driver counts that, since it was loaded.
 */
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* "conntrack_allowance_available" of the same card, or UNKNOWN */
static int64_t available(const struct snapshot *s, const char *nic)
{
	size_t i;

	for (i = 0; i < s->nr_nic; i++)
		if (!strcmp(s->nic[i].nic, nic) && strstr(s->nic[i].name, "available"))
			return s->nic[i].value;
	return UNKNOWN;
}

static void add_cure(struct finding *f, const char *nic)
{
	step_say(&f->fix, STEP_NOW, "no setting of this host changes it. See whether it goes on:");
	step_say(&f->fix, STEP_NOW, "ethtool -S %s | grep conntrack; sleep 30; ethtool -S %s | "
		  "grep conntrack", nic, nic);
	step_say(&f->fix, STEP_FOR_GOOD, "where the cloud has it: a bigger kind of machine, more of "
		  "them, or security rules");
	step_say(&f->fix, STEP_FOR_GOOD, "that needn't track (all traffic allowed, both ways), shorter "
		  "idle timeouts of the card");
}

static void judge_nic(const struct tables *ts, struct findings *fs,
		      const struct nic_counter *exceeded)
{
	int64_t room = available(ts->s, exceeded->nic);
	bool now = room == 0, over = room > 0;
	struct finding *f;

	f = finding_add(fs, &cause_cloud, now ? SEV_CRITICAL : over ? SEV_OK : SEV_WARNING);
	f->certainty = now ? SURE : LIKELY;
	fact_set(&f->sentence, "The cloud {}: its own tracking of connections is at its limit on "
		 "{interface}, not this host's table.",
		 text_of(now ? "drops packets" : over ? "has dropped packets" :
			 "has dropped packets, and may go on"),
		 text_of(exceeded->nic));
	facts_add(&f->evidence, "{dropped} packets dropped since {interface}'s driver was loaded "
		  "({counter}) [ethtool -S]", count_of(exceeded->value), text_of(exceeded->nic),
		  text_of(exceeded->name));
	if (room != UNKNOWN)
		facts_add(&f->evidence, "room for {room} more connections there now [ethtool -S: "
			  "conntrack_allowance_available]", count_of(room));
	if (!now)
		facts_add(&f->against, "the counter doesn't say when: the loss may be long past. "
			  "Two looks, 30 seconds apart, decide");
	add_cure(f, exceeded->nic);
	facts_add(&f->price, "nf_conntrack_max and the timeouts of this host do nothing against "
		  "it.");
	lines_add(&f->verify, "ethtool -S %s | grep conntrack", exceeded->nic);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	size_t i;

	for (i = 0; i < s->nr_nic; i++)
		if (strstr(s->nic[i].name, "exceeded") && s->nic[i].value > 0)
			judge_nic(ts, fs, &s->nic[i]);
}

const struct cause cause_cloud = {
	.name = "cloud",
	.title = "the cloud's own connection table",
	.text =
"A cloud's security groups track the connections of each guest in a table of\n"
"their own, outside of it, with an allowance that depends on the machine's kind.\n"
"Beyond it new connections are dropped, and nothing in the guest's kernel says\n"
"so: its own table is half empty. Amazon's network card counts it\n"
"(conntrack_allowance_exceeded of ethtool -S) and tells, with newer drivers, how\n"
"much room there is (conntrack_allowance_available).\n"
"\n"
"The counter runs since the driver was loaded, so one look doesn't say whether it\n"
"is happening now.\n",
	.weight = 620,
	.judge = judge,
};
