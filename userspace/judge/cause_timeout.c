// SPDX-License-Identifier: GPL-2.0
/*
 * Timeouts so long that silent entries fill the table. tcp_loose,
 * tcp_be_liberal and tcp_max_retrans are no timeouts (docs/conntrack.md,
 * "Timeouts").
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
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
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* Timeouts that entries other than established TCP wait for. */
static const struct waiting {
	const char *proto, *state, *key;
} waiting[] = {
	{ "udp", "UNREPLIED", "udp_timeout" },
	{ "udp", "REPLIED", "udp_timeout" },
	{ "udp", "ASSURED", "udp_timeout_stream" },
	{ "icmp", "UNREPLIED", "icmp_timeout" },
	{ "icmp", "REPLIED", "icmp_timeout" },
	{ "tcp", "SYN_SENT", "tcp_timeout_syn_sent" },
	{ "tcp", "SYN_RECV", "tcp_timeout_syn_recv" },
	{ "tcp", "TIME_WAIT", "tcp_timeout_time_wait" },
};

#define NR_WAITING (ARRAY_SIZE(waiting))

/* The one whose raised timeout keeps most entries, or NULL. */
static const struct waiting *raised(const struct tables *ts, const struct netns_table *n,
				    int64_t *kept)
{
	const struct waiting *worst = NULL;
	size_t i;

	*kept = 0;
	for (i = 0; i < NR_WAITING; i++) {
		const struct waiting *w = &waiting[i];
		const struct census_row *row = tables_state(ts, n->netns, w->proto, w->state);
		int64_t silent;

		/* Elsewhere the setting can't be read, but such silence proves it. */
		if (!row || (n->own && setting_now(ts, n, w->key) <
				       TH(RAISED) * setting_default(w->key)))
			continue;
		/* Silent for longer than the default would have waited */
		silent = known(row->idle[setting_default(w->key) > 60 ? IDLE_5MIN : IDLE_2MIN]);
		if (silent <= *kept)
			continue;
		*kept = silent;
		worst = w;
	}
	return worst;
}

/* " to 1 hour", where that can be read. */
static const char *raised_to(const struct tables *ts, const struct netns_table *n,
			     const struct waiting *w)
{
	static char text[64];

	if (!n->own)
		return "";
	snprintf(text, sizeof(text), " to %s",
		 duration(setting_now(ts, n, w->key)));
	return text;
}

/*
 * Entries that are silent for longer than the default: some wait for an answer
 * in vain, the others nobody would miss, as a new packet makes a new entry.
 */
static void make_room_raised(const struct tables *ts, const struct netns_table *n,
			     struct fix *x, const struct waiting *w, int64_t kept)
{
	bool tcp = !strcmp(w->proto, "tcp");
	char what[64], select[64];
	struct silent s = {
		.what = what, .select = select, .nr = kept, .at_least = setting_default(w->key),
	};

	snprintf(what, sizeof(what), "%s entry%s%s", w->proto, tcp ? " in state " : "",
		 tcp ? w->state : "");
	snprintf(select, sizeof(select), "-p %s%s%s", w->proto, tcp ? " --state " : "",
		 tcp ? w->state : "");
	/* Elsewhere the timeout can't be read, and ICMP's tuples can't be typed. */
	if (n->own && !strcmp(w->proto, "udp")) {
		bool assured = !strcmp(w->state, "ASSURED");

		s.mark = assured ? "/ASSURED/ && " : "!/ASSURED/ && ";
		s.first = 4;
		s.left = setting_now(ts, n, w->key) - setting_default(w->key);
		s.spared = assured ? setting_now(ts, n, "udp_timeout") : 0;
	}
	silent_make_room(ts, n, x, &s);
}

static void fill_raised(const struct tables *ts, const struct netns_table *n,
			struct finding *f, const struct waiting *w, int64_t kept)
{
	struct fix x;

	lines_add(&f->evidence, "%s entries (%s) in state %s %s are silent for longer than "
		  "the kernel's default of %s [module: census]", num(kept),
		  pct(kept, n->count), w->proto, w->state, duration(setting_default(w->key)));
	if (n->own)
		lines_add(&f->culprit, "nf_conntrack_%s is %" PRId64 " seconds, the "
			  "kernel's default is %" PRId64 " [kernel: sysctl]", w->key,
			  setting_now(ts, n, w->key), setting_default(w->key));
	cure_begin(&x, ts, n, f);
	make_room_raised(ts, n, &x, w, kept);
	fix_sysctl(&x, w->key, setting_default(w->key));
	fix_end(&x);
	finding_price(f, "Somebody raised it for a reason: a program that is silent for "
		      "longer than %s loses its entry, and behind NAT its connection.",
		      duration(setting_default(w->key)));
	fix_line(&x, &f->verify, "sysctl net.netfilter.nf_conntrack_%s "
		 "net.netfilter.nf_conntrack_count", w->key);
}

static void pressed(const struct tables *ts, const struct netns_table *n,
		    struct findings *fs)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	int64_t kept, silent = e ? known(e->idle[IDLE_HOUR]) : 0;
	const struct waiting *w = raised(ts, n, &kept);
	struct finding *f = pressed_begin(fs, &cause_timeout, ts, n);

	if (w && kept > silent)
		finding_sentence(f, "%s %s: %s entries (%s) wait out a timeout that was "
				 "raised%s%s.", phrase_table(n), phrase_state(n),
				 num(kept), pct(kept, n->count), raised_to(ts, n, w),
				 phrase_losers(n));
	else
		finding_sentence(f, "%s %s: %s of its %s entries belong to TCP connections "
				 "that have said nothing for over an hour%s.",
				 phrase_table(n), phrase_state(n),
				 pct(silent, n->total ? known(n->total->entries) : 0),
				 num(n->count), phrase_losers(n));
	pressed_evidence(ts, n, f);
	pressed_victims(ts, n, f);
	if (w && kept > silent)
		fill_raised(ts, n, f, w, kept);
	else if (e)
		silent_cure(ts, n, f, 0);
}

/* Not pressed yet, but timeouts are what will press it. */
static void early(const struct tables *ts, const struct netns_table *n,
		  struct findings *fs)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	double entries = n->total ? known(n->total->entries) : 0;
	int64_t kept;
	const struct waiting *w = raised(ts, n, &kept);
	struct finding *f;

	if (w && share(kept, entries) >= TH(IDLE_SHARE)) {
		f = finding_add(fs, &cause_timeout, SEV_WARNING);
		finding_sentence(f, "%s is %s full, and %s of its entries wait out a "
				 "timeout that was raised%s.", phrase_table(n),
				 pct(n->count, n->max), pct(kept, entries),
				 raised_to(ts, n, w));
		fill_raised(ts, n, f, w, kept);
	} else if (e && share(known(e->idle[IDLE_HOUR]), entries) >= TH(IDLE_SHARE) &&
		   2 * (double)known(e->idle[IDLE_DAY]) < known(e->idle[IDLE_HOUR])) {
		f = finding_add(fs, &cause_timeout, SEV_WARNING);
		finding_sentence(f, "%s is %s full, and %s of its entries belong to TCP "
				 "connections that have said nothing for over an hour.",
				 phrase_table(n), pct(n->count, n->max),
				 pct(known(e->idle[IDLE_HOUR]), entries));
		silent_cure(ts, n, f, 0);
	}
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->blame == BLAME_IDLE)
			pressed(ts, n, fs);
		else if (n->blame == BLAME_NONE &&
			 share(n->count, n->max) >= TH(IDLE_USAGE))
			early(ts, n, fs);
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
"tcp_loose, tcp_be_liberal and tcp_max_retrans are no timeouts. Entries that\n"
"are silent for days belong to \"stuck\"; many young ones to \"pressure\".\n",
	.weight = 350,
	.judge = judge,
};
