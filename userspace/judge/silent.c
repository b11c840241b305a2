// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that have been silent for long: what a shorter timeout would free, and
 * how those go that it comes too late for.
 */
#include <inttypes.h>
#include <stdio.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/settings.h"
#include "judge/silent.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/*
 * What is left of its timeout tells an entry's silence. Where a shorter timeout holds,
 * an entry that just spoke has little left, too: those with so little go by themselves.
 */
static void delete_silent(struct fix *x, const struct silent *s)
{
	char options[256];

	snprintf(options, sizeof(options), "%s --left %" PRId64 "-%" PRId64, s->select,
		 s->spared + 1, s->left - 1);
	fix_delete_kind(x, options);
}

bool silent_make_room(const struct tables *ts, const struct netns_table *n, struct fix *x,
		      const struct silent *s, struct effect *e)
{
	struct raise r = raise_possible(ts, n);

	if (s->left > s->spared + 1) {
		if (s->first)
			fix_say(x, "a lower timeout spares those that are silent already: "
				  "first delete those of %s silence", duration(s->at_least));
		delete_silent(x, s);
		return true;
	}
	if (n->level >= LEVEL_TIGHT && r.enough) {
		fix_say(x, "a lower timeout spares those that are silent already; "
			  "until they go, make room:");
		fix_max_now(x, r.max);
		e->max = r.max;
	} else {
		fix_say(x, "a lower timeout spares those that are silent already: they "
			  "go when their old one ends");
	}
	fix_say(x, "the last resort drops every %s, silent or not:", s->what);
	fix_instead(x, "conntriage-delete %s", s->select);
	return false;
}

/* Established TCP: data without its acknowledgment has a timeout of its own. */
bool silent_tcp(const struct tables *ts, const struct netns_table *n, struct fix *x,
		const char *where, int64_t nr, struct effect *e)
{
	int64_t unacked = setting_now(ts, n, "tcp_timeout_unacknowledged");
	int64_t retrans = setting_now(ts, n, "tcp_timeout_max_retrans");
	int64_t now = setting_now(ts, n, "tcp_timeout_established");
	char select[128];
	struct silent s = {
		.what = "TCP connection", .select = select, .first = !*where,
		.at_least = RFC5382_IDLE, .left = now - RFC5382_IDLE,
		.spared = unacked > retrans ? unacked : retrans,
	};

	if (now <= RFC5382_IDLE)
		return false;
	snprintf(select, sizeof(select), "-p tcp --state ESTABLISHED%s%s", *where ? " " : "",
		 where);
	if (!silent_make_room(ts, n, x, &s, e))
		return false;
	effect_delete_silent(e, nr);
	return true;
}

/* What the census says that a shorter timeout would free. */
static void what_if(const struct census_row *e, struct finding *f, int64_t entries)
{
	facts_add(&f->evidence, "{silent_1h} of {entries} established TCP connections are silent "
		  "for an hour or more ({share} of all entries), {silent_2h} for two hours, "
		  "{silent_1d} for a day [module: census]", count_of(e->idle[IDLE_HOUR]),
		  count_of(e->entries), share_of(known(e->idle[IDLE_HOUR]), entries),
		  count_of(e->idle[IDLE_2HOURS]), count_of(e->idle[IDLE_DAY]));
	facts_add(&f->evidence, "nf_conntrack_tcp_timeout_established={timeout} (RFC 5382) "
		  "would free about {silent_2h} entries ({share}), those that are silent "
		  "already deleted", as_it_is(RFC5382_IDLE), count_of(e->idle[IDLE_2HOURS]),
		  share_of(known(e->idle[IDLE_2HOURS]), entries));
	if (e->has_below && known(e->entries) > known(e->idle[IDLE_HOUR]))
		facts_add(&f->evidence, "of the connections that spoke within the last hour, none "
			  "has been silent for longer than {longest} [module: census]",
			  seconds_of(e->below[IDLE_HOUR]));
	if (known(e->idle_unknown))
		facts_add(&f->evidence, "{unknown} more may be silent as well: theirs can't "
			  "be told, as they are offloaded, or the timeout was lowered since they "
			  "spoke [module: census]", count_of(e->idle_unknown));
}

void silent_cure(const struct tables *ts, const struct netns_table *n,
		 struct fix *x, struct finding *f)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	int64_t now = setting_now(ts, n, "tcp_timeout_established");

	if (e)
		what_if(e, f, n->total ? known(n->total->entries) : n->count);
	if (n->own)
		facts_add(party_setting(&f->culprit, "tcp_timeout_established"), "is {now} seconds "
			  "({timeout}) [kernel: sysctl]", as_it_is(now), seconds_of(now));
	else
		facts_add(party_setting(&f->culprit, "tcp_timeout_established"), "is {now} seconds "
			  "({timeout}) [the kernel's default; not readable here]", as_it_is(now),
			  seconds_of(now));
	silent_tcp(ts, n, x, "", e ? known(e->idle[IDLE_2HOURS]) : 0, &f->effect);
	if (now > RFC5382_IDLE)
		fix_sysctl(x, "tcp_timeout_established", RFC5382_IDLE);
	facts_add(&f->price, "A connection that is silent for longer than that loses its entry: "
		  "behind NAT or a stateful firewall it is cut when it speaks again. TCP "
		  "keepalives (net.ipv4.tcp_keepalive_time, below {timeout}) on one end "
		  "prevent it.", seconds_of(RFC5382_IDLE));
	fix_line(x, &f->verify, "sysctl net.netfilter.nf_conntrack_tcp_timeout_established "
		 "net.netfilter.nf_conntrack_count");
}
