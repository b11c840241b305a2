// SPDX-License-Identifier: GPL-2.0
/*
 * ctfill - put entries into the connection table by ctnetlink, a million in seconds.
 * They are a gateway's mixture, the same for the same numbers: TCP in several states, UDP
 * with and without answers, ICMP, one in sixteen of IPv6; few sources hold much.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctprog.h"

#define BATCH	64		/* messages that are sent at once */
#define MESSAGE	512		/* bytes of one at most */
#define ANSWERED IPS_SEEN_REPLY

static struct {
	uint64_t entries, from, sources, timeout, more;
} o = { .sources = 1000 };

/* What is sent: a batch, and the end of the message that is being written */
static char batch[BATCH * MESSAGE] __attribute__((aligned(8)));
static size_t used;
static struct nlmsghdr *message;
static int fd;

/* One entry as it is described to the kernel */
struct made {
	int family, proto, state;	/* of TCP */
	uint32_t status, source, dest, timeout;
	uint16_t sport, dport;
};

/* splitmix64, as of ctgen: entry k's random number needs no state */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static struct nlattr *put(uint16_t type, const void *data, size_t len)
{
	struct nlattr *a = (struct nlattr *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memset(a + 1, 0, NLA_ALIGN(len));
	if (len)
		memcpy(a + 1, data, len);
	message->nlmsg_len = (char *)a - (char *)message + NLA_ALIGN(a->nla_len);
	return a;
}

static struct nlattr *nest(uint16_t type)
{
	return put(NLA_F_NESTED | type, NULL, 0);
}

static void end(struct nlattr *a)
{
	a->nla_len = (char *)message + message->nlmsg_len - (char *)a;
}

static void put_u8(uint16_t type, uint8_t value)
{
	put(type, &value, sizeof(value));
}

static void put_be16(uint16_t type, uint16_t value)
{
	value = htons(value);
	put(type, &value, sizeof(value));
}

static void put_be32(uint16_t type, uint32_t value)
{
	value = htonl(value);
	put(type, &value, sizeof(value));
}

static void put_address(const struct made *m, bool is_source, uint32_t host)
{
	uint8_t ip6[16] = { 0xfd, 0, 0, 0, 0, is_source ? 1 : 2 };

	if (m->family == AF_INET) {
		put_be32(is_source ? CTA_IP_V4_SRC : CTA_IP_V4_DST, host);
		return;
	}
	/* a /64 each */
	host = htonl(host);
	memcpy(is_source ? ip6 + 4 : ip6 + 12, &host, sizeof(host));
	put(is_source ? CTA_IP_V6_SRC : CTA_IP_V6_DST, ip6, sizeof(ip6));
}

static void put_icmp(const struct made *m, bool reply)
{
	bool v4 = m->family == AF_INET;

	put_u8(v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE,
	       v4 ? (reply ? 0 : 8) : (reply ? 129 : 128));
	put_u8(v4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE, 0);
	put_be16(v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, m->sport);
}

static void put_tuple(const struct made *m, bool reply)
{
	struct nlattr *tuple = nest(reply ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG);
	struct nlattr *part = nest(CTA_TUPLE_IP);

	put_address(m, true, reply ? m->dest : m->source);
	put_address(m, false, reply ? m->source : m->dest);
	end(part);
	part = nest(CTA_TUPLE_PROTO);
	put_u8(CTA_PROTO_NUM, m->proto);
	if (m->proto == IPPROTO_ICMP || m->proto == IPPROTO_ICMPV6) {
		put_icmp(m, reply);
	} else {
		put_be16(CTA_PROTO_SRC_PORT, reply ? m->dport : m->sport);
		put_be16(CTA_PROTO_DST_PORT, reply ? m->sport : m->dport);
	}
	end(part);
	end(tuple);
}

static void put_entry(const struct made *m, bool last)
{
	struct nlattr *info, *tcp;
	struct nfgenmsg *nf;

	message = (struct nlmsghdr *)(batch + used);
	*message = (struct nlmsghdr){
		.nlmsg_len = NLMSG_LENGTH(sizeof(*nf)),
		.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | (last ? NLM_F_ACK : 0),
	};
	nf = NLMSG_DATA(message);
	*nf = (struct nfgenmsg){ .nfgen_family = m->family, .version = NFNETLINK_V0 };
	put_tuple(m, false);
	put_tuple(m, true);
	put_be32(CTA_STATUS, m->status | IPS_CONFIRMED);
	put_be32(CTA_TIMEOUT, m->timeout);
	if (m->proto == IPPROTO_TCP) {
		info = nest(CTA_PROTOINFO);
		tcp = nest(CTA_PROTOINFO_TCP);
		put_u8(CTA_PROTOINFO_TCP_STATE, m->state);
		end(tcp);
		end(info);
	}
	used += NLMSG_ALIGN(message->nlmsg_len);
}

/* Entry @k: numbers in it are no more than a mixture that a table may have */
static struct made entry_of(uint64_t k)
{
	static const struct {
		int proto, state;
		uint32_t status;
		uint16_t dport;
		uint32_t timeout, silence;	/* s: what is left, less so many of every other */
	} kinds[] = {
		{ IPPROTO_TCP, TCP_CONNTRACK_ESTABLISHED, ANSWERED | IPS_ASSURED, 443, 431990, 4000 },
		{ IPPROTO_TCP, TCP_CONNTRACK_ESTABLISHED, ANSWERED | IPS_ASSURED, 443, 431990, 100000 },
		{ IPPROTO_TCP, TCP_CONNTRACK_TIME_WAIT, ANSWERED | IPS_ASSURED, 80, 115, 90 },
		{ IPPROTO_TCP, TCP_CONNTRACK_SYN_SENT, 0, 25, 115, 90 },
		{ IPPROTO_UDP, 0, 0, 53, 28, 20 },
		{ IPPROTO_UDP, 0, ANSWERED, 123, 28, 20 },
		{ IPPROTO_UDP, 0, ANSWERED | IPS_ASSURED, 443, 118, 100 },
		{ IPPROTO_ICMP, 0, 0, 0, 28, 20 },
	}, *kind;
	uint64_t random = mix(k);
	double part = (double)(random >> 11) / (double)(1ull << 53);
	struct made m;

	kind = &kinds[random & 7];
	m = (struct made){ .proto = kind->proto, .state = kind->state, .status = kind->status,
			   .dport = kind->dport };
	m.family = random >> 3 & 15 ? AF_INET : AF_INET6;
	if (m.proto == IPPROTO_ICMP && m.family == AF_INET6)
		m.proto = IPPROTO_ICMPV6;
	m.source = 10u << 24 | (uint32_t)(part * part * o.sources);
	/* so that no two are the same: a port each, and others' addresses for each round */
	m.sport = 1024 + k % 60000;
	m.dest = (198u << 24 | 18u << 16) + k / 60000 * 8 + (random & 7);
	m.timeout = o.timeout ? o.timeout : kind->timeout - (random >> 7 & 1) * kind->silence;
	m.timeout += o.more;
	return m;
}

/* Returns how many of a batch were taken; the kernel answers the last, and each it refused. */
static unsigned int answered(unsigned int sent)
{
	static char buf[1 << 16] __attribute__((aligned(8)));
	unsigned int refused = 0;

	for (;;) {
		const struct nlmsghdr *h = (struct nlmsghdr *)buf;
		ssize_t len = recv(fd, buf, sizeof(buf), 0);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			die("no answer: %s", strerror(errno));
		for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error && e->error != -EEXIST)
				die("an entry is refused: %s", strerror(-e->error));
			refused += !!e->error;
			if (h->nlmsg_seq == 1)
				return sent - refused;
		}
	}
}

static unsigned int send_batch(unsigned int nr)
{
	message->nlmsg_seq = 1;
	if (send(fd, batch, used, 0) < 0)
		die("netlink: %s", strerror(errno));
	used = 0;
	return answered(nr);
}

static uint64_t fill(void)
{
	uint64_t k, in = 0;
	unsigned int nr = 0;

	for (k = 0; k < o.entries; k++) {
		const struct made m = entry_of(o.from + k);

		nr++;
		put_entry(&m, nr == BATCH || k + 1 == o.entries);
		if (nr == BATCH || k + 1 == o.entries) {
			in += send_batch(nr);
			nr = 0;
		}
	}
	return in;
}

/* Not by mistake in the namespace of the machine it is typed on */
static void check_netns(void)
{
	struct stat self, init;

	if (stat("/proc/self/ns/net", &self))
		die("/proc/self/ns/net: %s", strerror(errno));
	if (!stat("/proc/1/ns/net", &init) && self.st_ino == init.st_ino)
		die("this is the network namespace of pid 1; use ip netns exec or unshare -n");
}

static void options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:f:s:t:m:h")) != -1) {
		switch (c) {
		case 'n':
			o.entries = number("-n", optarg, 1, 1 << 24);
			break;
		case 'f':
			o.from = number("-f", optarg, 0, 1 << 24);
			break;
		case 's':
			o.sources = number("-s", optarg, 1, 1 << 22);
			break;
		case 't':
			o.timeout = number("-t", optarg, 1, 1 << 24);
			break;
		case 'm':
			o.more = number("-m", optarg, 1, 1 << 24);
			break;
		case 'h':
			puts("Usage: ctfill -n ENTRIES [-f FIRST] [-s SOURCES] [-t SECONDS] [-m SECONDS]\n"
			     "\n"
			     "Puts entries FIRST (0), FIRST + 1, ... into this network namespace's table,\n"
			     "of about so many SOURCES (1,000). -t is what all of them have left; without\n"
			     "it, each what its state gives less a silence. -m is more of that for all, so\n"
			     "that they stay. Says \"filled=N\", without those that were there already.");
			exit(0);
		default:
			fputs("ctfill: see ctfill -h\n", stderr);
			exit(2);
		}
	}
	if (optind < argc || !o.entries)
		die("give -n; see ctfill -h");
}

int main(int argc, char **argv)
{
	const struct timeval wait = { .tv_sec = 10 };

	options(argc, argv);
	check_netns();
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)))
		die("netlink: %s; run it as root, with nfnetlink loaded", strerror(errno));
	printf("filled=%llu\n", (unsigned long long)fill());
	return 0;
}
