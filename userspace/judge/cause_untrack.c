// SPDX-License-Identifier: GPL-2.0
/*
 * A UDP service of questions and answers, DNS above all, whose entries nobody
 * needs after the answer, and which take the room of others.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/blame.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

static void advise(const struct tables *ts, const struct netns_table *n,
		   const struct census_row *row, struct finding *f)
{
	struct fix x;

	lines_add(&f->evidence, "of the entries for UDP port %s %s were never answered and "
		  "%s are assured [module: census]", row->name, num(known(row->unreplied)),
		  num(known(row->assured)));
	if (n->own && ts->s->rules.has_notrack)
		lines_add(&f->evidence, "there is a notrack rule already, but not for these "
			  "packets [rules]");
	lines_add(&f->culprit, "UDP port %s%s: %s entries (%s of all)", row->name,
		  strcmp(row->name, "53") ? "" : " (DNS)", num(row->entries),
		  pct(row->entries, n->count));
	cure_begin(&x, ts, n, f);
	lines_add(&f->fix_now, "# only where this port needs no NAT and its packets are "
		  "accepted both ways:");
	fix_notrack_udp(&x, row->name);
	lines_add(&f->fix_now, "# the entries that there are would wait out their timeout:");
	fix_line(&x, &f->fix_now, "conntrack -D -p udp --dport %s >/dev/null", row->name);
	fix_end(&x);
	finding_price(f, "Untracked packets can't be translated (NAT), and rules for "
		      "\"established\" or \"related\" don't match them: accept the port in "
		      "both directions first. Where it needs NAT, a bigger table is the "
		      "only cure.");
	lines_add(&f->verify, "conntriage census");
}

static void judge_table(const struct tables *ts, const struct netns_table *n,
			struct findings *fs)
{
	const struct census_row *row = blame_chatter(ts, n);
	const char *dns;
	struct finding *f;

	if (!row)
		return;
	dns = strcmp(row->name, "53") ? "" : " (DNS)";
	if (n->blame == BLAME_UNTRACK) {
		f = pressed_begin(fs, &cause_untrack, ts, n);
		finding_sentence(f, "%s %s, and %s of its entries are for UDP port %s%s, "
				 "which works without%s.", phrase_table(n),
				 phrase_state(n), pct(row->entries, n->count), row->name,
				 dns, phrase_losers(n));
		pressed_evidence(ts, n, f);
		pressed_victims(ts, n, f);
	} else {
		f = finding_add(fs, &cause_untrack, SEV_OK);
		finding_sentence(f, "%s is %s full, and %s of its entries are for UDP port "
				 "%s%s, which works without.", phrase_table(n),
				 pct(n->count, n->max), pct(row->entries, n->count),
				 row->name, dns);
	}
	advise(ts, n, row, f);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->blame == BLAME_UNTRACK ||
		    (n->blame == BLAME_NONE &&
		     share(n->count, n->max) >= TH(UNTRACK_USAGE)))
			judge_table(ts, n, fs);
	}
}

const struct cause cause_untrack = {
	.name = "untrack",
	.title = "a UDP service that is better left untracked",
	.text =
"A question and an answer over UDP leave an entry for 30 seconds that nobody\n"
"needs any more; a DNS server makes thousands of them a second. If the service\n"
"needs no NAT, its packets can pass without conntrack (notrack in raw), as long\n"
"as the rules accept them in both directions by port: \"established\" doesn't\n"
"match them any more.\n",
	.weight = 300,
	.judge = judge,
};
