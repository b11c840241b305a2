// SPDX-License-Identifier: GPL-2.0
/* A table as streams of entries: how many there are, come, and stay how long. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/pace.h"
#include "judge/restart.h"
#include "judge/settings.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define LATELY		60	/* s of history: the worker's bursts come once in that */
#define ENOUGH		400	/* entries: a rate of them is 5 % off */
#define FAIR		100	/* likewise, 10 % */
#define YOUNG		16	/* s */
#define BURST		4	/* standard deviations: chance makes no such difference */
#define BY_CHANCE	0.001	/* probability: a stream is steady, and all of it this young */
#define CLOSED		64	/* s: they aren't evicted for others */
#define HALF		50	/* % */
#define NEIGHBOUR	4	/* times what is in the next octave: it is of the same event */
#define UNSURE		0.1	/* of all that came: what isn't told apart */
#define AT_ONCE		100	/* of one a second: such connections last 10 ms */

static const struct {
	const char *proto, *state;
} rows[STREAMS] = {
	[STREAM_SYN_SENT] = { "tcp", "SYN_SENT" },
	[STREAM_SYN_RECV] = { "tcp", "SYN_RECV" },
	[STREAM_UDP_UNREPLIED] = { "udp", "UNREPLIED" },
	[STREAM_ICMP_UNREPLIED] = { "icmp", "UNREPLIED" },
	[STREAM_UDP_REPLIED] = { "udp", "REPLIED" },
	[STREAM_ICMP_REPLIED] = { "icmp", "REPLIED" },
	[STREAM_TIME_WAIT] = { "tcp", "TIME_WAIT" },
	[STREAM_FIN_WAIT] = { "tcp", "FIN_WAIT" },
	[STREAM_CLOSE_WAIT] = { "tcp", "CLOSE_WAIT" },
	[STREAM_LAST_ACK] = { "tcp", "LAST_ACK" },
	[STREAM_CLOSE] = { "tcp", "CLOSE" },
};

const char *const stream_keys[STREAMS] = {
	[STREAM_SYN_SENT] = "tcp_timeout_syn_sent",
	[STREAM_SYN_RECV] = "tcp_timeout_syn_recv",
	[STREAM_MIDSTREAM] = "tcp_timeout_unacknowledged",
	[STREAM_UDP_UNREPLIED] = "udp_timeout",
	[STREAM_ICMP_UNREPLIED] = "icmp_timeout",
	[STREAM_UDP_REPLIED] = "udp_timeout",
	[STREAM_ICMP_REPLIED] = "icmp_timeout",
	[STREAM_TIME_WAIT] = "tcp_timeout_time_wait",
	[STREAM_FIN_WAIT] = "tcp_timeout_fin_wait",
	[STREAM_CLOSE_WAIT] = "tcp_timeout_close_wait",
	[STREAM_LAST_ACK] = "tcp_timeout_last_ack",
	[STREAM_CLOSE] = "tcp_timeout_close",
};

bool stream_waits(enum stream stream)
{
	return stream <= STREAM_ICMP_REPLIED;
}

bool stream_closes(enum stream stream)
{
	return stream >= STREAM_TIME_WAIT && stream <= STREAM_CLOSE;
}

bool stream_barren(enum stream stream)
{
	return stream <= STREAM_ICMP_UNREPLIED;
}

static bool is_tcp(enum stream stream)
{
	return stream <= STREAM_MIDSTREAM || stream == STREAM_TALKING;
}

/* Of its row's entries that aren't over, the part that is the stream's: 0 to 1 */
static double own_part(const struct stream_now *s)
{
	double all = (double)known(s->row->entries) - (double)s->row->stage[STAGE_EXPIRED];

	return all > s->held ? s->held / all : 1;
}

/* The census tells silence by octaves: below 1 s, then from 2^(k-1) s. */
double stream_younger(const struct stream_now *s, double age)
{
	double sum = 0, from = 0, to = 1;
	int i;

	if (age <= 0)
		return 0;
	if (!s->row || !s->row->has_hist)
		return s->stay > 0 ? fmin(fmax(s->held / s->stay, s->in) * age, s->held) : s->held;
	for (i = 0; i < IDLE_OCTAVES; i++, from = to, to *= 2) {
		/* what is in the last one is no older than the timeout */
		double end = s->stay > from && s->stay < to ? s->stay : to;
		double part = (age - from) / (end - from);

		if (part >= 1)
			part = 1;
		if (part <= 0)
			break;
		sum += part * (double)known(s->row->hist[i]);
	}
	return fmin(sum * own_part(s), s->held);
}

/*
 * Entries a second of the octave of ages that has most of them, and when that was, s ago.
 * What closes isn't evicted for others, so that its ages show all that came: a table that
 * has just filled was offered more than it has taken since, and than its mean.
 */
static double densest(const struct stream_now *s, double *since, double *until)
{
	double most = 0, from = 1, entries;
	int i;

	for (i = 1; i < IDLE_OCTAVES && from < CLOSED && from < s->stay; i++, from *= 2) {
		double end = fmin(2 * from, s->stay);

		entries = stream_younger(s, end) - stream_younger(s, from);
		if (entries < FAIR || entries <= most * (end - from))
			continue;
		most = entries / (end - from);
		*until = from;
		*since = end;
	}
	return most;
}

/* Entries that close, and began to between two times; @stay is of the most of them */
static double closed_between(const struct streams *st, double from, double to, double *stay)
{
	double sum = 0, most = 0;
	int i;

	for (i = 0; i < STREAMS; i++) {
		double theirs;

		/* older than its timeout is only what waits for an earlier, longer one */
		if (!stream_closes(i) || st->of[i].stay <= from)
			continue;
		theirs = stream_younger(&st->of[i], to) - stream_younger(&st->of[i], from);
		sum += theirs;
		if (theirs <= most)
			continue;
		most = theirs;
		*stay = st->of[i].stay;
	}
	return sum;
}

/* Whether those that closed between two times were a restart: then into ->restart */
static bool take_restart(const struct tables *ts, const struct netns_table *n,
			 struct streams *st, double from, double to)
{
	struct restart r = { .until = from };

	r.ended = closed_between(st, from, to, &r.stay);
	r.since = fmin(to, r.stay);
	if (r.ended < FAIR || !restart_happened(ts, n, &r))
		return false;
	st->restart = r;
	return true;
}

/*
 * In the octave of ages when most closed, whatever state they are in, and in its neighbour
 * where that has a good part of them: they may take a second or two, across its end.
 */
static void find_restart(const struct tables *ts, const struct netns_table *n,
			 struct streams *st)
{
	double most = 0, from, when = 0, stay = 0, older, younger;

	for (from = 1; from < CLOSED; from *= 2) {
		double ended = closed_between(st, from, 2 * from, &stay);
		double rate = ended / (fmin(2 * from, stay) - from);

		if (ended < FAIR || rate <= most)
			continue;
		most = rate;
		when = from;
	}
	if (most <= 0)
		return;
	older = closed_between(st, 2 * when, 4 * when, &stay);
	younger = when > 1 ? closed_between(st, when / 2, when, &stay) : 0;
	if (NEIGHBOUR * fmax(older, younger) >= closed_between(st, when, 2 * when, &stay) &&
	    take_restart(ts, n, st, older >= younger ? when : when / 2,
			 older >= younger ? 4 * when : 2 * when))
		return;
	take_restart(ts, n, st, when, 2 * when);
}

/*
 * Entries a second that begin to close: the mean of the last minute. If all of them are
 * too young for that to be chance, the stream began later, and the mean is of the time since.
 * It began somewhere in the oldest octave that has entries: a mean since that octave's far end
 * is too low, so the octaves below it, which are whole, tell more if they are denser. Before
 * a restart it was the mean of then.
 */
static double closing_pace(const struct stream_now *s, const struct restart *r)
{
	double window = fmin(CLOSED, s->stay / 2), all = stream_younger(s, window), since;

	if (r->ended > 0 && r->since < s->stay)
		return (stream_younger(s, r->since + window) - stream_younger(s, r->since)) /
		       fmin(window, s->stay - r->since);
	for (since = 2; since < window; since *= 2) {
		if (stream_younger(s, since) < all)
			continue;
		if (pow(since / window, all) > BY_CHANCE)
			break;
		return fmax(all / since, stream_younger(s, since / 2) / (since / 2));
	}
	return all / window;
}

/* The worker reaps all that is over; where the table is full, it kills some as well. */
static double last_pass(const struct tables *ts, const struct netns_table *n)
{
	double ago = UNKNOWN;
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++)
		if (ts->s->history[i].netns == n->netns &&
		    known(ts->s->history[i].gc_evictions) > 0)
			ago = (double)known(ts->s->history[i].ago);
	return ago;
}

/*
 * An older module, or a census that was cut short, tells stages without the states
 * that they are of: the usual ones.
 */
static void count_stateless(const struct netns_table *n, struct streams *st)
{
	const double *life = n->occupancy->life;
	bool udp = n->nr_actors && !strcmp(actor_proto(&n->actor[0], SRC_INSERT), "udp");
	const struct {
		enum stream stream;
		double entries;
	} usual[] = {
		{ udp ? STREAM_UDP_UNREPLIED : STREAM_SYN_SENT,
		  life[LIFE_UNANSWERED] - st->of[STREAM_MIDSTREAM].held },
		{ STREAM_SYN_RECV, life[LIFE_HALF_OPEN] },
		{ STREAM_UDP_REPLIED, life[LIFE_ONCE] },
		{ STREAM_TIME_WAIT, life[LIFE_CLOSING] },
	};
	size_t i;

	for (i = 0; i < STREAMS; i++)
		if (st->of[i].row)
			return;
	for (i = 0; i < ARRAY_SIZE(usual); i++)
		st->of[usual[i].stream].held = fmax(usual[i].entries, 0);
}

/*
 * What was picked up waits for the timeout of its state, that of unacknowledged data where
 * it is established (nf_conntrack_tcp_packet()). As many come in each as are in it, by its
 * timeout; so they stay for the harmonic mean.
 */
static void count_midstream(const struct occupancy *o, struct streams *st)
{
	struct stream_now *s = &st->of[STREAM_MIDSTREAM];
	double closing = 0, in = 0;
	int i;

	s->held = o->stage[STAGE_MIDSTREAM];
	for (i = 0; i < STREAMS; i++) {
		double theirs = stream_closes(i) && st->of[i].row ?
				(double)st->of[i].row->stage[STAGE_MIDSTREAM] : 0;

		closing += theirs;
		in += st->of[i].stay > 0 ? theirs / st->of[i].stay : 0;
	}
	if (s->stay > 0)
		in += fmax(s->held - closing, 0) / s->stay;
	if (in > 0)
		s->stay = s->held / in;
}

static void count_entries(const struct tables *ts, const struct netns_table *n,
			  struct streams *st)
{
	const struct occupancy *o = n->occupancy;
	int i;

	st->rest = o->entries;
	st->expired = o->life[LIFE_EXPIRED];
	for (i = 0; i < STREAMS; i++) {
		struct stream_now *s = &st->of[i];

		if (rows[i].proto)
			s->row = tables_state(ts, n->netns, rows[i].proto, rows[i].state);
		if (s->row)
			s->held = fmax((double)known(s->row->entries) -
				       (double)s->row->stage[STAGE_EXPIRED] -
				       (double)s->row->stage[STAGE_MIDSTREAM], 0);
		s->stay = stream_keys[i] ? (double)setting_now(ts, n, stream_keys[i]) : 0;
	}
	count_midstream(o, st);
	st->of[STREAM_TALKING].held = o->life[LIFE_TALKING];
	st->of[STREAM_SILENT].held = o->life[LIFE_SILENT];
	count_stateless(n, st);
	for (i = 0; i < STREAMS; i++)
		st->rest -= st->of[i].held;
	st->rest = fmax(st->rest, 0);
}

/*
 * The last seconds that hold enough of them for a rate. No longer ones, where these
 * held far more than the last: then a burst is over.
 */
static double last_seconds(const struct stream_now *s)
{
	double window = 2;

	while (window < YOUNG && 4 * window <= s->stay) {
		double young = stream_younger(s, window), twice = stream_younger(s, 2 * window);

		if (young >= ENOUGH || twice / 2 - young > BURST * sqrt(twice / 2))
			break;
		window *= 2;
	}
	return window;
}

/*
 * Of those that came lately, the young are still there, but for those that were evicted
 * since. Into ->in and ->offered: with room for all, and none sent again.
 */
static void measure_waiting(const struct tables *ts, const struct netns_table *n,
			    struct stream_now *s, double evictable, double closed)
{
	double window = last_seconds(s), young, evicted;
	struct pace p = pace_of(ts, n, 0, window);

	young = stream_younger(s, window);
	evicted = evictable > 0 ? p.evictions / evictable + p.worker / (evictable + closed) : 0;
	s->in = young / window;
	if (evicted * window > 0.01)
		s->in = young * evicted / (1 - exp(-evicted * window));
	if (p.inserts > 0)
		s->in = fmin(s->in, p.inserts);
	s->offered = s->in / (1 - p.lost);
}

/*
 * Of those that were picked up, the census tells no ages. Who has most of them does
 * little else.
 */
static void measure_midstream(const struct netns_table *n, struct stream_now *s)
{
	const struct occupancy *o = n->occupancy;
	double in = 0, offered = 0, listed = 0;
	size_t i;

	s->in = s->offered = s->held / s->stay;
	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];
		double theirs = g->row.stage[STAGE_MIDSTREAM], rate;

		if (!g->actor || share(theirs, g->entries) < HALF)
			continue;
		rate = actor_rate(g->actor, SRC_INSERT);
		listed += theirs;
		in += rate * theirs / g->entries;
		offered += rate > 0 ? (rate + actor_rate(g->actor, SRC_REFUSED) * rate /
			   (rate + actor_rate(g->actor, SRC_INVALID))) * theirs / g->entries : 0;
	}
	if (share(listed, s->held) < HALF || in <= s->in)
		return;
	s->in = in * s->held / listed;
	s->offered = offered * s->held / listed;
}

/*
 * In the long run no more close than come: where far more did, and history is too short to
 * tell a restart, somebody's old connections have ended.
 */
static void cap_closing(const struct tables *ts, const struct netns_table *n,
			struct streams *st)
{
	struct pace p = pace_of(ts, n, 0, CLOSED);
	double closing = 0;
	int i;

	for (i = 0; i < STREAMS; i++)
		closing += stream_closes(i) ? st->of[i].in : 0;
	if (p.seconds <= 0 || closing < RESTART_MORE * p.inserts)
		return;
	for (i = 0; i < STREAMS; i++)
		if (stream_closes(i)) {
			st->of[i].in *= p.inserts / closing;
			st->of[i].peak = st->of[i].in;
		}
}

/* Those that talk are known by how many end, or by what is left of all that came. */
static void measure_talking(const struct tables *ts, const struct netns_table *n,
			    struct streams *st, const struct pace *p)
{
	const struct census_row *udp = tables_state(ts, n->netns, "udp", "ASSURED");
	struct stream_now *talking = &st->of[STREAM_TALKING];
	double closed = 0, others = 0;
	int i;

	for (i = 0; i < STREAMS; i++) {
		closed += stream_closes(i) ? st->of[i].in : 0;
		others += st->of[i].offered * (1 - p->lost);
	}
	others = fmax(p->inserts - others, 0);
	/* such an entry is still there, or closes */
	if (p->seconds > 0)
		others = fmin(others, closed + talking->held / p->seconds);
	/* a stream of UDP ends without a word, and what is seen to close has ended, too */
	if (udp && 2 * (double)known(udp->entries) > talking->held)
		closed = fmax(closed, others);
	/* where there is no room, as many come as go */
	talking->in = n->level < LEVEL_REFUSING && others > closed + UNSURE * p->inserts ?
		      others : closed;
	talking->offered = talking->in / (1 - p->lost);
	st->ends = talking->held > 0 ? fmin(closed / talking->held, AT_ONCE) : AT_ONCE;
}

/* What asks since a restart are those that come again: all others are no more than before. */
static void cap_waiting(struct streams *st, const struct pace *before)
{
	double all = before->inserts + before->refusals, sum = 0;
	double most = fmax(all - st->of[STREAM_TALKING].offered, 0);
	int i;

	for (i = 0; i < STREAMS; i++)
		sum += stream_waits(i) ? st->of[i].offered : 0;
	for (i = 0; i < STREAMS; i++)
		if (stream_waits(i) && sum > most)
			st->of[i].offered *= most / sum;
}

/* Whoever floods doesn't send again what was refused. */
static bool sends_again(const struct netns_table *n, enum stream stream)
{
	bool barren = stream == STREAM_SYN_SENT || stream == STREAM_SYN_RECV;

	return is_tcp(stream) && !(barren && (verdict_part(n, PART_FLOOD) ||
					      verdict_part(n, PART_SCAN) ||
					      verdict_part(n, PART_SPOOFED)));
}

void streams_measure(const struct tables *ts, struct netns_table *n)
{
	struct streams *st = calloc(1, sizeof(*st));
	double evictable = 0, closed = 0, peak = 0, since, until;
	struct pace p;
	int i;

	if (!st)
		no_memory();
	n->streams = st;
	count_entries(ts, n, st);
	st->passed = last_pass(ts, n);
	find_restart(ts, n, st);
	p = pace_of(ts, n, st->restart.since, LATELY);
	for (i = 0; i < STREAMS; i++) {
		evictable += stream_waits(i) ? st->of[i].held : 0;
		closed += stream_closes(i) ? st->of[i].held : 0;
	}
	for (i = 0; i < STREAMS; i++) {
		struct stream_now *s = &st->of[i];

		if (i == STREAM_MIDSTREAM)
			measure_midstream(n, s);
		else if (stream_waits(i))
			measure_waiting(ts, n, s, evictable, closed);
		else if (stream_closes(i))
			s->in = s->peak = closing_pace(s, &st->restart);
		if (stream_closes(i) && !st->restart.ended)
			s->peak = fmax(densest(s, &since, &until), s->in);
	}
	if (!st->restart.ended)
		cap_closing(ts, n, st);
	measure_talking(ts, n, st, &p);
	if (st->restart.ended > 0)
		cap_waiting(st, &p);
	for (i = 0; i < STREAMS; i++) {
		st->refused += st->of[i].offered * p.lost;
		if (sends_again(n, i))
			st->of[i].offered *= 1 - SENT_AGAIN * p.lost;
		peak += st->of[i].peak;
	}
	if (n->level >= LEVEL_REFUSING)
		st->of[STREAM_TALKING].offered = fmax(st->of[STREAM_TALKING].offered, peak);
}

/* Of a group's unanswered entries, those of TCP: 0 to 1 */
static double tcp_part(const struct netns_table *n, const struct group *g)
{
	const struct streams *st = n->streams;
	double tcp = 0, all = 0;
	size_t i;

	if (g->kind == GROUP_PAIR || g->kind == GROUP_SERVICE)
		return !strcmp(g->row.proto, "tcp");
	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];

		if (a != g->actor && !(g->kind == GROUP_PREFIX && group_contains(g, a->source)))
			continue;
		tcp += actor_rate(a, SRC_INSERT) * actor_part(a, SRC_INSERT, "tcp");
		all += actor_rate(a, SRC_INSERT);
	}
	if (all > 0)
		return tcp / all;
	tcp = st->of[STREAM_SYN_SENT].held;
	all = tcp + st->of[STREAM_UDP_UNREPLIED].held + st->of[STREAM_ICMP_UNREPLIED].held;
	return all > 0 ? tcp / all : 1;
}

double stream_share(const struct netns_table *n, const struct group *g, enum stream stream)
{
	const struct streams *st = n->streams;
	const int64_t *stage = g->row.stage;
	double whole = st->of[stream].held, theirs;
	int i;

	switch (stream) {
	case STREAM_SYN_SENT:
	case STREAM_UDP_UNREPLIED:
	case STREAM_ICMP_UNREPLIED:
		theirs = (double)stage[STAGE_UNANSWERED] + (double)stage[STAGE_UNANSWERED_60];
		if (stream == STREAM_SYN_SENT) {
			theirs *= tcp_part(n, g);
			break;
		}
		theirs *= 1 - tcp_part(n, g);
		whole = st->of[STREAM_UDP_UNREPLIED].held + st->of[STREAM_ICMP_UNREPLIED].held;
		break;
	case STREAM_SYN_RECV:
		theirs = stage[STAGE_HALF_OPEN];
		break;
	case STREAM_MIDSTREAM:
		theirs = stage[STAGE_MIDSTREAM];
		break;
	case STREAM_UDP_REPLIED:
	case STREAM_ICMP_REPLIED:
		theirs = g->life[LIFE_ONCE];
		whole = st->of[STREAM_UDP_REPLIED].held + st->of[STREAM_ICMP_REPLIED].held;
		break;
	case STREAM_TALKING:
		theirs = g->life[LIFE_TALKING];
		break;
	case STREAM_SILENT:
		theirs = g->life[LIFE_SILENT];
		break;
	default:
		theirs = g->life[LIFE_CLOSING];
		for (whole = 0, i = 0; i < STREAMS; i++)
			whole += stream_closes(i) ? st->of[i].held : 0;
	}
	return whole > 0 ? fmin(fmax(theirs / whole, 0), 1) : 0;
}
