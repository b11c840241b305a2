// SPDX-License-Identifier: GPL-2.0
/* Timeouts as the sysctls tell them, and the silence that is left of them. */
#include <netinet/in.h>	/* before those of the kernel, which give way to it */
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <string.h>

#include "entries/timeouts.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define TCP(name, state, s)	{ "tcp_timeout_" name, offsetof(struct timeouts, tcp[state]), s }
#define SCTP(name, state, s)	{ "sctp_timeout_" name, offsetof(struct timeouts, sctp[state]), s }
#define OTHER(name, member, s)	{ name, offsetof(struct timeouts, member), s }

/*
 * Each sysctl with the kernel's default: tcp_timeouts, sctp_timeouts and the like in
 * net/netfilter/nf_conntrack_proto_*.c. A state that isn't here lasts as its neighbour.
 */
static const struct {
	const char *sysctl;
	size_t offset;
	int64_t normal;		/* s */
} known_timeouts[] = {
	TCP("syn_sent", TCP_CONNTRACK_SYN_SENT, 120),
	TCP("syn_sent", TCP_CONNTRACK_SYN_SENT2, 120),
	TCP("syn_recv", TCP_CONNTRACK_SYN_RECV, 60),
	TCP("established", TCP_CONNTRACK_ESTABLISHED, 432000),
	TCP("fin_wait", TCP_CONNTRACK_FIN_WAIT, 120),
	TCP("close_wait", TCP_CONNTRACK_CLOSE_WAIT, 60),
	TCP("last_ack", TCP_CONNTRACK_LAST_ACK, 30),
	TCP("time_wait", TCP_CONNTRACK_TIME_WAIT, 120),
	TCP("close", TCP_CONNTRACK_CLOSE, 10),
	OTHER("tcp_timeout_unacknowledged", unack, 300),
	OTHER("tcp_timeout_max_retrans", retrans, 300),
	SCTP("closed", SCTP_CONNTRACK_CLOSED, 10),
	SCTP("cookie_wait", SCTP_CONNTRACK_COOKIE_WAIT, 3),
	SCTP("cookie_echoed", SCTP_CONNTRACK_COOKIE_ECHOED, 3),
	SCTP("established", SCTP_CONNTRACK_ESTABLISHED, 210),
	SCTP("shutdown_sent", SCTP_CONNTRACK_SHUTDOWN_SENT, 3),
	SCTP("shutdown_recd", SCTP_CONNTRACK_SHUTDOWN_RECD, 3),
	SCTP("shutdown_ack_sent", SCTP_CONNTRACK_SHUTDOWN_ACK_SENT, 3),
	SCTP("heartbeat_sent", SCTP_CONNTRACK_HEARTBEAT_SENT, 30),
	OTHER("udp_timeout", udp, 30),
	OTHER("udp_timeout_stream", udp_stream, 120),
	OTHER("icmp_timeout", icmp, 30),
	OTHER("icmpv6_timeout", icmpv6, 30),
	OTHER("gre_timeout", gre, 30),
	OTHER("gre_timeout_stream", gre_stream, 180),
	OTHER("generic_timeout", generic, 600),
};

void timeouts_fill(struct timeouts *t, int64_t (*told)(const char *name, void *data), void *data)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < ARRAY_SIZE(known_timeouts); i++) {
		int64_t now = told(known_timeouts[i].sysctl, data);

		if (now < 0)
			now = known_timeouts[i].normal;
		memcpy((char *)t + known_timeouts[i].offset, &now, sizeof(now));
	}
}

const char *timeouts_name(const struct timeouts *t, size_t i, int64_t *value)
{
	if (i >= ARRAY_SIZE(known_timeouts))
		return NULL;
	memcpy(value, (const char *)t + known_timeouts[i].offset, sizeof(*value));
	return known_timeouts[i].sysctl;
}

static int64_t sysctl_of(const char *name, void *data)
{
	const struct snapshot *s = data;
	size_t i;

	for (i = 0; i < s->nr_sysctl; i++)
		if (!strcmp(s->sysctl[i].name, name))
			return s->sysctl[i].value;
	return UNKNOWN;
}

void timeouts_of(struct timeouts *t, const struct snapshot *s)
{
	timeouts_fill(t, sysctl_of, (void *)s);
}

/*
 * What a listing doesn't tell: how often the last packet was sent again, and whether
 * data is unacknowledged. Where the shorter timeout of these is possible, the shorter
 * silence is taken, as ctri_tcp_timeout() does where it doesn't know.
 */
static int64_t tcp_timeout(const struct timeouts *t, const struct entry *e)
{
	int64_t timeout = e->state >= 0 && e->state < TIMEOUTS_STATES ? t->tcp[e->state] : 0;

	/* As long as there was no ACK, last_win is 0: nf_conntrack_tcp_packet() */
	if ((e->state == TCP_CONNTRACK_SYN_SENT || e->state == TCP_CONNTRACK_SYN_SENT2 ||
	     e->state == TCP_CONNTRACK_SYN_RECV) &&
	    timeout > t->retrans && e->left <= t->retrans)
		return t->retrans;
	if (e->state != TCP_CONNTRACK_ESTABLISHED || timeout <= t->unack)
		return timeout;
	if (!(e->status & IPS_ASSURED) || e->left <= t->unack)
		return t->unack;
	return timeout;
}

/* 0: not known */
static int64_t timeout_of(const struct timeouts *t, const struct entry *e)
{
	bool assured = e->status & IPS_ASSURED;

	switch (e->proto) {
	case IPPROTO_TCP:
		return tcp_timeout(t, e);
	case IPPROTO_SCTP:
		return e->state >= 0 && e->state < TIMEOUTS_STATES ? t->sctp[e->state] : 0;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return assured ? t->udp_stream : t->udp;
	case IPPROTO_ICMP:
		return t->icmp;
	case IPPROTO_ICMPV6:
		return t->icmpv6;
	case IPPROTO_GRE:
		return assured ? t->gre_stream : t->gre;
	default:
		return t->generic;
	}
}

int64_t timeouts_idle(const struct timeouts *t, const struct entry *e, bool *is_known)
{
	int64_t timeout;

	*is_known = false;
	if (e->left == UNKNOWN || e->status & (IPS_OFFLOAD | IPS_FIXED_TIMEOUT))
		return 0;
	timeout = timeout_of(t, e);
	if (timeout < e->left)
		return 0;
	*is_known = true;
	/* What is left is told in whole seconds that are cut, so a second may be too much. */
	return timeout > e->left ? timeout - e->left - 1 : 0;
}
