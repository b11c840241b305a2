// SPDX-License-Identifier: GPL-2.0
/*
 * Cause 2: timeouts so long that silent entries fill the table. tcp_loose,
 * tcp_be_liberal and tcp_max_retrans are no timeouts (facts 26).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* RFC 5382, REQ-5: an established connection keeps its entry for so long. */
#define RFC5382_IDLE	7440
#define DEFAULT_IDLE	432000	/* tcp_timeouts[] in nf_conntrack_proto_tcp.c */

/* Settings of other namespaces can't be read from here: new ones have these. */
static int64_t setting(const struct tables *ts, const struct netns_table *n,
		       const char *name, int64_t otherwise)
{
	const struct ct_sysctl *c = n->own ? find_sysctl(ts->s, name) : NULL;

	return c && c->value > 0 ? c->value : otherwise;
}

/*
 * Each deletion of one entry makes conntrack(8) read the whole table: measured,
 * 0.7 s with 60,000 entries. So many entries times deletions take two minutes.
 */
#define ONE_BY_ONE	1e7

/* Entries that wait for nothing, as conntrack -L shows them. */
struct silent {
	const char *what;	/* they are called so */
	const char *select;	/* conntrack's options for their kind */
	const char *mark;	/* awk: those of the kind that are meant, or "" */
	int first;		/* the word in which their tuple begins */
	int64_t nr;
	int64_t at_least;	/* s of silence */
	int64_t left;		/* s, less is left of their timeout */
	int64_t spared;		/* s, not those with less: another timeout */
};

/*
 * conntrack(8) can't select by silence, but shows what is left of the timeout
 * in the third column. An entry that speaks has little left, too, where a
 * shorter timeout holds; whatever has so little goes by itself.
 */
static void delete_silent(struct fix *x, const struct silent *s)
{
	fix_line(x, &x->f->fix_now, "conntrack -L %s 2>/dev/null | awk '%s$3 > %" PRId64
		 " && $3 < %" PRId64 " { gsub(/[a-z]+=/, \"\"); print \"-D -p\", $1, \"-s\", "
		 "$%d, \"-d\", $%d, \"--sport\", $%d, \"--dport\", $%d }' | xargs -rL1 "
		 "%sconntrack >/dev/null", s->select, s->mark, s->spared, s->left, s->first,
		 s->first + 1, s->first + 2, s->first + 3, x->enter);
}

/*
 * A lower timeout spares who is silent already: until the old deadline the room
 * has to come from elsewhere. That is no flood, so a bigger table may help.
 * Before the timeout is lowered: from then on all that speaks has little left.
 */
static void make_room(const struct tables *ts, const struct netns_table *n, struct fix *x,
		      const struct silent *s)
{
	struct lines *l = &x->f->fix_now;
	struct raise r = raise_possible(ts, n);

	if (s->left > s->spared && (double)n->count * s->nr <= ONE_BY_ONE) {
		lines_add(l, "# a lower timeout spares those that are silent already: first "
			  "delete those of %s silence", duration(s->at_least));
		delete_silent(x, s);
		return;
	}
	if (n->level >= LEVEL_TIGHT && r.enough) {
		lines_add(l, "# a lower timeout spares those that are silent already; "
			  "until they go, make room:");
		fix_max_now(x, r.max);
	} else {
		lines_add(l, "# a lower timeout spares those that are silent already: they "
			  "go when their old one ends");
	}
	lines_add(l, "# the last resort drops every %s, silent or not:", s->what);
	lines_add(l, "# %sconntrack -D %s >/dev/null", x->enter, s->select);
}

/* Established TCP: data without its acknowledgment has a timeout of its own. */
static void make_room_tcp(const struct tables *ts, const struct netns_table *n, struct fix *x,
			  int64_t nr, int64_t at_least, int64_t now)
{
	int64_t unacked = setting(ts, n, "tcp_timeout_unacknowledged", 300);
	int64_t retrans = setting(ts, n, "tcp_timeout_max_retrans", 300);
	struct silent s = {
		.what = "TCP connection", .select = "-p tcp --state ESTABLISHED",
		.mark = "", .first = 5, .nr = nr, .at_least = at_least,
		.left = now - at_least, .spared = unacked > retrans ? unacked : retrans,
	};

	make_room(ts, n, x, &s);
}

static void what_if(const struct census_row *e, struct finding *f, int64_t entries)
{
	lines_add(&f->evidence, "%s of %s established TCP connections are silent for an "
		  "hour or more (%s of all entries), %s for two hours, %s for a day "
		  "[module: census]", num(e->idle[IDLE_HOUR]), num(e->entries),
		  pct(known(e->idle[IDLE_HOUR]), entries), num(e->idle[IDLE_2HOURS]),
		  num(e->idle[IDLE_DAY]));
	lines_add(&f->evidence, "nf_conntrack_tcp_timeout_established=3600 would free %s "
		  "entries (%s) now, %d (RFC 5382) about %s (%s), those that are silent "
		  "already deleted", num(e->idle[IDLE_HOUR]),
		  pct(known(e->idle[IDLE_HOUR]), entries), RFC5382_IDLE,
		  num(e->idle[IDLE_2HOURS]), pct(known(e->idle[IDLE_2HOURS]), entries));
	if (e->has_below && known(e->entries) > known(e->idle[IDLE_HOUR]))
		lines_add(&f->evidence, "of the connections that spoke within the last hour, "
			  "none has been silent for longer than %s [module: census]",
			  duration(e->below[IDLE_HOUR]));
	if (known(e->idle_unknown))
		lines_add(&f->evidence, "%s more may be silent as well: theirs can't be told, "
			  "as they are offloaded, or the timeout was lowered since they spoke "
			  "[module: census]", num(e->idle_unknown));
}

/**
 * silent_cure() - evidence and cure for silent TCP connections
 * @at_least: entries that are silent for so many seconds are to go now
 *
 * Two hours unless that helps too little: RFC 5382 asks for it, and TCP
 * keepalives come every two hours by default.
 */
void silent_cure(const struct tables *ts, const struct netns_table *n,
	       struct finding *f, int64_t at_least)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	int64_t now = setting(ts, n, "tcp_timeout_established", DEFAULT_IDLE);
	int64_t then = RFC5382_IDLE;
	struct fix x;

	what_if(e, f, n->total ? known(n->total->entries) : n->count);
	lines_add(&f->culprit, "nf_conntrack_tcp_timeout_established is %" PRId64
		  " seconds (%s) [%s]", now, duration(now),
		  n->own ? "kernel: sysctl" : "the kernel's default; not readable here");
	if (10 * (double)known(e->idle[IDLE_2HOURS]) <
	    7 * (double)known(e->idle[IDLE_HOUR]))
		then = 3600;
	if (at_least < then)
		at_least = then;
	fix_begin(&x, ts, n, f);
	if (now > at_least)
		make_room_tcp(ts, n, &x, known(e->idle[at_least >= 86400 ? IDLE_DAY :
				    at_least > 3600 ? IDLE_2HOURS : IDLE_HOUR]),
			  at_least, now);
	if (now > then)
		fix_sysctl(&x, "tcp_timeout_established", then);
	fix_end(&x);
	finding_price(f, "A connection that is silent for longer than that loses its "
		      "entry: behind NAT or a stateful firewall it is cut when it speaks "
		      "again. TCP keepalives (net.ipv4.tcp_keepalive_time, below %s) on "
		      "one end prevent it.", duration(then));
	fix_line(&x, &f->verify, "sysctl net.netfilter.nf_conntrack_tcp_timeout_established "
		 "net.netfilter.nf_conntrack_count");
	lines_add(&f->verify, "conntriage census");
}

/* Timeouts that entries other than established TCP wait for. */
static const struct waiting {
	const char *proto, *state, *key;
	int64_t kernel;		/* the default, nf_conntrack_proto_*.c */
} waiting[] = {
	{ "udp", "UNREPLIED", "udp_timeout", 30 },
	{ "udp", "REPLIED", "udp_timeout", 30 },
	{ "udp", "ASSURED", "udp_timeout_stream", 120 },
	{ "icmp", "UNREPLIED", "icmp_timeout", 30 },
	{ "icmp", "REPLIED", "icmp_timeout", 30 },
	{ "tcp", "SYN_SENT", "tcp_timeout_syn_sent", 120 },
	{ "tcp", "SYN_RECV", "tcp_timeout_syn_recv", 60 },
	{ "tcp", "TIME_WAIT", "tcp_timeout_time_wait", 120 },
};

#define NR_WAITING (NR(waiting))

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
		if (!row || (n->own && setting(ts, n, w->key, w->kernel) <
				       TH(RAISED) * w->kernel))
			continue;
		/* Beyond the default nobody is waited for. */
		silent = known(row->idle[w->kernel > 60 ? IDLE_5MIN : IDLE_2MIN]);
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
		 duration(setting(ts, n, w->key, w->kernel)));
	return text;
}

/*
 * Those that are past the default: what waits for an answer in vain, and what
 * nobody would miss. A new packet makes a new entry.
 */
static void make_room_raised(const struct tables *ts, const struct netns_table *n,
			     struct fix *x, const struct waiting *w, int64_t kept)
{
	bool tcp = !strcmp(w->proto, "tcp");
	char what[64], select[64];
	struct silent s = {
		.what = what, .select = select, .nr = kept, .at_least = w->kernel,
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
		s.left = setting(ts, n, w->key, w->kernel) - w->kernel;
		s.spared = assured ? setting(ts, n, "udp_timeout", 30) : 0;
	}
	make_room(ts, n, x, &s);
}

static void tell_raised(const struct tables *ts, const struct netns_table *n,
			struct finding *f, const struct waiting *w, int64_t kept)
{
	struct fix x;

	lines_add(&f->evidence, "%s entries (%s) in state %s %s are silent for longer than "
		  "the kernel's default of %s [module: census]", num(kept),
		  pct(kept, n->count), w->proto, w->state, duration(w->kernel));
	if (n->own)
		lines_add(&f->culprit, "nf_conntrack_%s is %" PRId64 " seconds, the "
			  "kernel's default is %" PRId64 " [kernel: sysctl]", w->key,
			  setting(ts, n, w->key, w->kernel), w->kernel);
	fix_begin(&x, ts, n, f);
	make_room_raised(ts, n, &x, w, kept);
	fix_sysctl(&x, w->key, w->kernel);
	fix_end(&x);
	finding_price(f, "Somebody raised it for a reason: a program that is silent for "
		      "longer than %s loses its entry, and behind NAT its connection.",
		      duration(w->kernel));
	fix_line(&x, &f->verify, "sysctl net.netfilter.nf_conntrack_%s "
		 "net.netfilter.nf_conntrack_count", w->key);
}

static void story(const struct tables *ts, const struct netns_table *n,
		  struct findings *fs)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	int64_t kept, silent = e ? known(e->idle[IDLE_HOUR]) : 0;
	const struct waiting *w = raised(ts, n, &kept);
	struct finding *f = pressed_begin(fs, CAUSE_TIMEOUT, ts, n);

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
		tell_raised(ts, n, f, w, kept);
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
		f = finding_add(fs, CAUSE_TIMEOUT, SEV_WARNING, WEIGHT_TIMEOUT);
		finding_sentence(f, "%s is %s full, and %s of its entries wait out a "
				 "timeout that was raised%s.", phrase_table(n),
				 pct(n->count, n->max), pct(kept, entries),
				 raised_to(ts, n, w));
		tell_raised(ts, n, f, w, kept);
	} else if (e && share(known(e->idle[IDLE_HOUR]), entries) >= TH(IDLE_SHARE) &&
		   2 * (double)known(e->idle[IDLE_DAY]) < known(e->idle[IDLE_HOUR])) {
		f = finding_add(fs, CAUSE_TIMEOUT, SEV_WARNING, WEIGHT_TIMEOUT);
		finding_sentence(f, "%s is %s full, and %s of its entries belong to TCP "
				 "connections that have said nothing for over an hour.",
				 phrase_table(n), pct(n->count, n->max),
				 pct(known(e->idle[IDLE_HOUR]), entries));
		silent_cure(ts, n, f, 0);
	}
}

void cause_timeout(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->blame == BLAME_IDLE)
			story(ts, n, fs);
		else if (n->blame == BLAME_NONE &&
			 share(n->count, n->max) >= TH(IDLE_USAGE))
			early(ts, n, fs);
	}
}
