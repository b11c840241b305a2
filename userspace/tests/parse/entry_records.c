// SPDX-License-Identifier: GPL-2.0
/* Entries as ctnetlink tells them, and what they add up to. */
#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entries/arrivals.h"
#include "entries/earlier.h"
#include "entries/looks.h"
#include "entries/message.h"
#include "entries/tally.h"
#include "lib/numbers.h"
#include "read/anonymous.h"
#include "read/read.h"
#include "tests/parse/parse_test.h"

/* UDP from 10.0.0.0 + @source to 192.0.2.1:53, one of many */
static struct entry udp(uint32_t source, int sport)
{
	struct entry e = {
		.family = AF_INET, .proto = IPPROTO_UDP, .state = ANY, .sport = sport,
		.dport = 53, .left = 20, .id = source * 65537 + sport,
	};
	uint32_t address = htonl(10u << 24 | source);

	memcpy(e.source, &address, 4);
	memcpy(e.dest, "\xc0\0\2\1", 4);
	return e;
}

static struct entry tcp6(int state)
{
	struct entry e = {
		.family = AF_INET6, .proto = IPPROTO_TCP, .state = state, .sport = 40000,
		.dport = 443, .left = UNKNOWN, .zone = 7, .status = IPS_SEEN_REPLY | IPS_ASSURED,
		.arrived = true, .newcomer = true,
	};

	memcpy(e.source, "\x20\1\r\xb8\0\0\0\1\0\0\0\0\0\0\0\2", 16);
	memcpy(e.dest, "\x20\1\r\xb8\0\0\0\1\0\0\0\0\0\0\0\3", 16);
	return e;
}

/* --- messages ------------------------------------------------------------------ */

static bool comes_back(struct entry e)
{
	char buf[MESSAGE_MOST] __attribute__((aligned(8)));
	size_t len = message_put(buf, sizeof(buf), &e);
	struct nlmsghdr *h = (void *)buf;
	struct entry read;

	return len && mnl_nlmsg_ok(h, len) && message_entry(h, NULL, &read) &&
	       !memcmp(&e, &read, sizeof(e));
}

static bool written_and_read(void)
{
	struct entry none = udp(1, ANY), sctp = tcp6(4);

	memset(&none.id, 0, sizeof(none.id));
	none.dport = ANY;
	none.proto = 47;
	sctp.proto = IPPROTO_SCTP;
	return comes_back(udp(1, 1234)) && comes_back(none) && comes_back(sctp) &&
	       comes_back(tcp6(TCP_CONNTRACK_ESTABLISHED)) && comes_back(tcp6(ANY));
}

/* A copy of @h in memory of exactly @len bytes, so that a look beyond is seen */
static bool read_cut(const struct nlmsghdr *h, size_t len, struct entry *e)
{
	struct nlmsghdr *cut = malloc(len);
	bool good;

	if (!cut)
		return false;
	memcpy(cut, h, len);
	cut->nlmsg_len = len;
	good = message_entry(cut, NULL, e);
	free(cut);
	return good;
}

/* Cut anywhere: what stands before the cut, or nothing */
static bool cut_messages(void)
{
	char buf[MESSAGE_MOST] __attribute__((aligned(8)));
	struct entry whole = tcp6(TCP_CONNTRACK_TIME_WAIT), e;
	struct nlmsghdr *h = (void *)buf;
	size_t len;

	message_put(buf, sizeof(buf), &whole);
	for (len = sizeof(*h); len < h->nlmsg_len; len++)
		if (read_cut(h, len, &e) && memcmp(e.dest, whole.dest, sizeof(e.dest)))
			return false;
	return read_cut(h, h->nlmsg_len, &e) && !read_cut(h, sizeof(*h) + 4, &e);
}

/* Each byte of a message once of each of some values: nothing is read beyond it. */
static bool wrong_lengths(void)
{
	static const unsigned char values[] = { 0, 1, 3, 4, 5, 8, 0x7f, 0x80, 0xff };
	char buf[MESSAGE_MOST] __attribute__((aligned(8)));
	struct entry whole = tcp6(TCP_CONNTRACK_TIME_WAIT), e;
	const struct nlmsghdr *h = (void *)buf;
	size_t len, at, i;

	message_put(buf, sizeof(buf), &whole);
	len = h->nlmsg_len;
	for (at = sizeof(*h); at < len; at++) {
		char was = buf[at];

		for (i = 0; i < sizeof(values); i++) {
			buf[at] = values[i];
			if (read_cut(h, len, &e) && e.family != AF_INET && e.family != AF_INET6)
				return false;
		}
		buf[at] = was;
	}
	return true;
}

static bool two_families(void)
{
	char buf[MESSAGE_MOST] __attribute__((aligned(8)));
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct nlattr *tuple, *part;
	struct entry e;

	h->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;
	mnl_nlmsg_put_extra_header(h, sizeof(struct nfgenmsg));
	tuple = mnl_attr_nest_start(h, CTA_TUPLE_ORIG);
	part = mnl_attr_nest_start(h, CTA_TUPLE_IP);
	mnl_attr_put_u32(h, CTA_IP_V4_SRC, 1);
	mnl_attr_put(h, CTA_IP_V6_DST, 16, tcp6(ANY).dest);
	mnl_attr_nest_end(h, part);
	part = mnl_attr_nest_start(h, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(h, CTA_PROTO_NUM, IPPROTO_UDP);
	mnl_attr_nest_end(h, part);
	mnl_attr_nest_end(h, tuple);
	return !message_entry(h, NULL, &e);
}

/* --- what was there before -------------------------------------------------------- */

/* Of so many that are known, and as many that aren't: those that pass for known */
static int64_t mistaken(uint32_t entries)
{
	struct earlier *r = earlier_begin(entries);
	int64_t wrong = 0;
	struct entry e;
	uint32_t i;

	for (i = 0; i < entries; i++) {
		e = udp(i >> 8, i & 255);
		earlier_note(r, &e);
	}
	for (i = 0; i < entries; i++) {
		e = udp(i >> 8, 1000 + (i & 255));
		earlier_tell(r, &e);
		wrong += !e.arrived;
		/* its source was there, whatever else */
		if (e.newcomer)
			wrong += entries;
	}
	for (i = 0; i < entries; i += 97) {
		e = udp(i >> 8, i & 255);
		earlier_tell(r, &e);
		if (e.arrived)
			wrong += entries;
	}
	earlier_free(r);
	return wrong;
}

static bool a_million_before(void)
{
	return mistaken(1000000) <= 100;
}

static bool four_million_before(void)
{
	return mistaken(4000000) <= 40000;
}

static bool newcomers(void)
{
	struct earlier *r = earlier_begin(100);
	struct entry known = udp(1, 1000), other = udp(1, 1001), strange = udp(2, 1000);

	earlier_note(r, &known);
	earlier_tell(r, &known);
	earlier_tell(r, &other);
	earlier_tell(r, &strange);
	earlier_free(r);
	return !known.arrived && !known.newcomer && other.arrived && !other.newcomer &&
	       strange.arrived && strange.newcomer;
}

/* --- who arrives -------------------------------------------------------------------- */

static void arrive(struct arrivals *a, uint32_t source, int nr, bool newcomer)
{
	int i;

	for (i = 0; i < nr; i++) {
		struct entry e = udp(source, 1000 + i);

		e.arrived = true;
		e.newcomer = newcomer;
		arrivals_add(a, &e);
	}
}

static bool rates(void)
{
	struct snapshot s = { .root = "" };
	struct arrivals *a = arrivals_begin();
	struct arrived sum;
	bool good;

	arrive(a, 1, 600, true);
	arrive(a, 2, 150, false);
	arrivals_end(a, &s, 9, 1, 5, 0, &sum);
	good = s.nr_source == 2 && !strcmp(s.source[0].source, "10.0.0.1") &&
	       s.source[0].count == 600 && !s.source[0].err && s.source[0].netns == 9 &&
	       fabs(s.source[0].rate - 120) < 0.01 && s.source[1].count == 150 &&
	       sum.entries == 750 && sum.distinct == 2 && sum.newcomers == 1;
	snapshot_free(&s);
	return good;
}

/* Half of those that may be are evicted a second: of 100 that came evenly in two, 63 are left */
static bool evicted_meanwhile(void)
{
	struct snapshot s = { .root = "" };
	struct arrivals *a = arrivals_begin();
	struct arrived sum;
	bool good;

	arrive(a, 1, 632, true);
	arrivals_end(a, &s, 9, 1, 2, 0.5, &sum);
	good = s.nr_source == 1 && llabs(s.source[0].count - 1000) <= 2;
	snapshot_free(&s);
	return good;
}

/* --- what is held ---------------------------------------------------------------------- */

static int64_t no_sysctl(const char *name, void *data)
{
	(void)name;
	(void)data;
	return UNKNOWN;
}

static const struct census_row *row_of(const struct snapshot *s, enum census_record record,
				       const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == record && !strcmp(s->census[i].name, name))
			return &s->census[i];
	return NULL;
}

static bool held(void)
{
	const struct census_row *all, *state, *source, *pair, *zone;
	struct entry e = tcp6(TCP_CONNTRACK_ESTABLISHED);
	struct snapshot s = { .root = "" };
	struct timeouts t;
	struct tally *y;
	bool good;
	int i;

	timeouts_fill(&t, no_sysctl, NULL);
	y = tally_begin(&t);
	for (i = 0; i < 300; i++) {
		e.sport = i;
		e.left = 432000 - 7300;
		tally_add(y, &e);
	}
	for (i = 0; i < 50; i++) {
		e = udp(7, i);
		tally_add(y, &e);
	}
	tally_expired(y, 12);
	tally_end(y, &s, 9, 1);
	all = row_of(&s, CENSUS_NETNS, "");
	state = row_of(&s, CENSUS_STATE, "ESTABLISHED");
	source = row_of(&s, CENSUS_SOURCE, "2001:db8:0:1::/64");
	pair = row_of(&s, CENSUS_PAIR, "192.0.2.1:53");
	zone = row_of(&s, CENSUS_ZONE, "");
	good = all && all->entries == 362 && all->stage[STAGE_EXPIRED] == 12 &&
	       all->unreplied == 50 && all->assured == 300 && state && state->entries == 300 &&
	       state->stage[STAGE_SILENT_7200] == 300 && state->idle[6] == 300 &&
	       !state->idle[7] && source && source->entries == 300 && source->dests == 1 &&
	       pair && pair->entries == 50 && pair->stage[STAGE_UNANSWERED] == 50 && zone &&
	       zone->entries == 300 && zone->zone == 7;
	snapshot_free(&s);
	return good;
}

/* A SYN has what max_retrans gives, where the timeout was raised above that. */
static bool raised_for_syns(void)
{
	struct entry e = tcp6(TCP_CONNTRACK_SYN_SENT);
	struct timeouts t;
	bool young, old, above;

	timeouts_fill(&t, no_sysctl, NULL);
	t.tcp[TCP_CONNTRACK_SYN_SENT] = 900;
	e.status = 0;
	e.left = 298;
	young = timeouts_idle(&t, &e, &above) == 1 && above;
	e.left = 100;
	old = timeouts_idle(&t, &e, &above) == 199 && above;
	e.left = 700;
	return young && old && timeouts_idle(&t, &e, &above) == 199 && above;
}

/* A sample of one in ten: each stands for ten, and the error is two deviations. */
static bool held_by_sample(void)
{
	const struct census_row *all, *source;
	struct snapshot s = { .root = "" };
	struct timeouts t;
	struct tally *y;
	bool good;
	int i;

	timeouts_fill(&t, no_sysctl, NULL);
	y = tally_begin(&t);
	for (i = 0; i < 400; i++) {
		struct entry e = udp(i < 100 ? 7 : 1000 + i, 1000 + i);

		tally_add(y, &e);
	}
	tally_end(y, &s, 9, 10);
	all = row_of(&s, CENSUS_NETNS, "");
	source = row_of(&s, CENSUS_SOURCE, "10.0.0.7");
	good = all && all->entries == 4000 && source && source->entries == 1000 &&
	       source->err == 200 && source->dests == 1;
	snapshot_free(&s);
	return good;
}

/* --- samples, looked at twice ------------------------------------------------------------ */

/*
 * The first list ended within the table; the second goes on behind that place, where all
 * is new to it: nothing of that has arrived.
 */
static bool end_of_sample(void)
{
	const struct looked is = { .netns = 9, .listed = 1000, .each = 10, .twice = true };
	struct look at = { .at = 1000 };
	struct snapshot s = { .root = "" };
	struct timeouts t;
	struct looks *l;
	int i, behind = 0;
	bool good;

	timeouts_fill(&t, no_sysctl, NULL);
	l = looks_begin(&t, 10000);
	looks_moment(l, &at);
	for (i = 0; i < 1000; i++) {
		struct entry e = udp(1, i);

		looks_first(l, &e);
	}
	at.at = 6000;
	looks_moment(l, &at);
	for (i = 0; i < 1000; i++) {
		struct entry e = udp(1, i), young = udp(2, i);

		if (i % 10 == 0 && !looks_last(l, &young, true))
			break;
		if (!looks_last(l, &e, true))
			break;
	}
	good = i == 1000;
	for (; behind < 5000; behind++) {
		struct entry e = udp(3, 1000 + behind);

		if (!looks_last(l, &e, true))
			break;
	}
	looks_end(l, &is, &s);
	good = good && behind < 1000 && s.nr_source == 1 &&
	       !strcmp(s.source[0].source, "10.0.0.2") && s.source[0].count == 1000;
	snapshot_free(&s);
	return good;
}

/* A table of @count, to which @source opens @nr within @ms */
static void look_twice(struct snapshot *s, int64_t netns, int64_t count, uint32_t source, int nr,
		       int64_t ms)
{
	const struct looked is = { .netns = netns, .max = 1000, .listed = nr, .each = 1,
				   .twice = true };
	struct look at = { .at = 1000, .count = count };
	struct entry known = udp(1, 1);
	struct timeouts t;
	struct looks *l;
	int i;

	timeouts_fill(&t, no_sysctl, NULL);
	l = looks_begin(&t, 10);
	looks_moment(l, &at);
	looks_first(l, &known);
	at = (struct look){ .at = 1000 + ms, .count = count + nr, .stat = { .drop = 5 } };
	looks_moment(l, &at);
	for (i = 0; i < nr; i++) {
		struct entry e = udp(source, i);

		looks_last(l, &e, false);
	}
	looks_end(l, &is, s);
}

/* Of several namespaces the rows of the history are of all of them together */
static bool two_namespaces(void)
{
	struct snapshot s = { .root = "" };
	const struct history_row *row;
	bool good;

	look_twice(&s, 8, 100, 2, 30, 5000);
	look_twice(&s, 9, 500, 3, 60, 7000);
	row = s.history;
	good = s.nr_history == 2 && row[0].netns == 9 && row[0].count == 500 &&
	       row[1].netns == 9 && row[1].count == 560 && row[1].span == 7000 &&
	       row[1].inserts == 90 && row[1].k_drop == 10 && row[1].distinct == 2 &&
	       row[0].distinct == 0 && s.class[SRC_INSERT].distinct == 2 && s.nr_source == 2;
	snapshot_free(&s);
	return good;
}

/* --- a capture that names nobody ------------------------------------------------------- */

static bool other_addresses(void)
{
	char buf[3 * MESSAGE_MOST] __attribute__((aligned(8)));
	struct entry e[3] = { udp(1, 1000), tcp6(ANY), udp(1, 1001) }, other[3];
	const struct nlmsghdr *h;
	struct pseudonyms p;
	size_t len = 0, left, i, nr = 0;
	const char *at;
	char *text;

	for (i = 0; i < 3; i++)
		len += message_put(buf + len, sizeof(buf) - len, &e[i]);
	if (pseudonyms_begin(&p))
		return false;
	text = anonymous_text(&p, "conntriage/ctnetlink/4026531840/entries", buf, len, &left);
	for (at = text; nr < 3 && (h = message_next(&at, &left)); nr++)
		if (!message_entry(h, NULL, &other[nr]))
			break;
	free(text);
	return nr == 3 && !left && memcmp(e[0].source, other[0].source, 4) &&
	       memcmp(e[1].source, other[1].source, 16) && other[0].source[0] == 10 &&
	       !memcmp(other[0].source, other[2].source, 16) &&
	       memcmp(e[1].dest, other[1].dest, 16) && other[2].sport == 1001 &&
	       other[1].zone == 7 && other[1].arrived;
}

const struct record_test entry_records[] = {
	{ "ctnetlink: a message is read as it was written", written_and_read },
	{ "ctnetlink: a message that is cut off", cut_messages },
	{ "ctnetlink: a message whose lengths are wrong", wrong_lengths },
	{ "ctnetlink: addresses of two families are no entry", two_families },
	{ "earlier: of a million, 1 in 10,000 passes for known that isn't", a_million_before },
	{ "earlier: of four million, 1 in 100", four_million_before },
	{ "earlier: entries and sources that are new", newcomers },
	{ "arrivals: who came, exactly, and how many a second", rates },
	{ "arrivals: those that were evicted meanwhile", evicted_meanwhile },
	{ "tally: states, stages, silence, zones, and who holds them", held },
	{ "timeouts: no ACK yet, and a timeout above max_retrans", raised_for_syns },
	{ "tally: a sample stands for more", held_by_sample },
	{ "looks: what is new behind the end of a sample hasn't arrived", end_of_sample },
	{ "looks: the history is of all namespaces together", two_namespaces },
	{ "anonymous: addresses of listed entries are others", other_addresses },
	{ NULL, NULL },
};
