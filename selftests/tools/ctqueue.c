// SPDX-License-Identifier: GPL-2.0
/*
 * ctqueue - hold packets in an nfqueue until so many are there, then let all of
 * them go in the order in which they came. Two packets of one tuple that are held
 * before confirmation race for it, as those of two CPUs do by chance.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctprog.h"

#define MAX_HELD	4096

static uint32_t held[MAX_HELD];		/* packet ids, as in the packets */
static unsigned int nr_held;
static uint16_t queue;
static int fd;

/* Sends a message of @type with one attribute. */
static void tell(uint16_t type, uint16_t flags, uint16_t attr, const void *data,
		 size_t len)
{
	struct {
		struct nlmsghdr nh;
		struct nfgenmsg nf;
		struct nlattr at;
		uint8_t data[64];
	} m = {
		.nh = { .nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type,
			.nlmsg_flags = NLM_F_REQUEST | flags,
			.nlmsg_len = NLMSG_LENGTH(sizeof(m.nf)) + NLA_HDRLEN +
				     NLA_ALIGN(len) },
		.nf = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0,
			.res_id = htons(queue) },
		.at = { .nla_type = attr, .nla_len = NLA_HDRLEN + len },
	};

	memcpy(m.data, data, len);
	if (send(fd, &m, m.nh.nlmsg_len, 0) < 0)
		die("queue %u: %s", queue, strerror(errno));
}

static void configure(uint16_t attr, const void *data, size_t len)
{
	char buf[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *nh = (struct nlmsghdr *)buf;
	const struct nlmsgerr *e = NLMSG_DATA(nh);
	ssize_t got;

	tell(NFQNL_MSG_CONFIG, NLM_F_ACK, attr, data, len);
	got = recv(fd, buf, sizeof(buf), 0);
	if (got < (ssize_t)NLMSG_LENGTH(sizeof(*e)) || nh->nlmsg_type != NLMSG_ERROR)
		die("queue %u: no answer", queue);
	if (e->error)
		die("queue %u: %s; is another program bound to it?", queue,
		    strerror(-e->error));
}

static void open_queue(void)
{
	struct nfqnl_msg_config_cmd cmd = {
		.command = NFQNL_CFG_CMD_BIND, .pf = htons(AF_UNSPEC),
	};
	struct nfqnl_msg_config_params params = {
		.copy_mode = NFQNL_COPY_META,
	};
	uint32_t maxlen = htonl(MAX_HELD);
	int size = 8 << 20;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd < 0)
		die("netlink: %s; run it as root, with nfnetlink loaded",
		    strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	configure(NFQA_CFG_CMD, &cmd, sizeof(cmd));
	configure(NFQA_CFG_PARAMS, &params, sizeof(params));
	configure(NFQA_CFG_QUEUE_MAXLEN, &maxlen, sizeof(maxlen));
}

static void take(const struct nlmsghdr *nh)
{
	int left = nh->nlmsg_len - NLMSG_LENGTH(sizeof(struct nfgenmsg));
	const uint8_t *p = (uint8_t *)NLMSG_DATA(nh) + sizeof(struct nfgenmsg);

	while (left >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)p;
		const struct nfqnl_msg_packet_hdr *hdr;

		if ((a->nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR) {
			hdr = (const void *)(p + NLA_HDRLEN);
			memcpy(&held[nr_held++], &hdr->packet_id,
			       sizeof(hdr->packet_id));
			return;
		}
		if (a->nla_len < NLA_HDRLEN)
			break;
		p += NLA_ALIGN(a->nla_len);
		left -= NLA_ALIGN(a->nla_len);
	}
	die("queue %u: a packet without a number", queue);
}

static void hold(unsigned int count, double end)
{
	static char buf[65536] __attribute__((aligned(8)));

	while (nr_held < count) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		struct nlmsghdr *nh = (struct nlmsghdr *)buf;
		double left = end - now();
		ssize_t len;

		if (left <= 0)
			return;
		if (poll(&pfd, 1, left * 1000 + 1) <= 0)
			continue;
		len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (len < 0 && errno != EAGAIN && errno != EINTR)
			die("queue %u: %s", queue, strerror(errno));
		for (; len > 0 && NLMSG_OK(nh, len) && nr_held < count;
		     nh = NLMSG_NEXT(nh, len))
			if (nh->nlmsg_type == (NFNL_SUBSYS_QUEUE << 8 |
					       NFQNL_MSG_PACKET))
				take(nh);
	}
}

int main(int argc, char **argv)
{
	unsigned int count = 0, seconds = 0, i;
	int c;

	while ((c = getopt(argc, argv, "q:n:t:h")) != -1) {
		switch (c) {
		case 'q':
			queue = number("-q", optarg, 0, 65535);
			break;
		case 'n':
			count = number("-n", optarg, 1, MAX_HELD);
			break;
		case 't':
			seconds = number("-t", optarg, 1, 600);
			break;
		case 'h':
			puts("Usage: ctqueue [-q QUEUE] -n PACKETS -t SECONDS\n"
			     "\n"
			     "Holds PACKETS packets in nfqueue QUEUE (0) of this network namespace, then\n"
			     "accepts them in the order in which they came. Says \"ready\", \"held=N\",\n"
			     "\"released=N\". After SECONDS it lets go of what it has and exits with 1.");
			return 0;
		default:
			fputs("ctqueue: see ctqueue -h\n", stderr);
			return 2;
		}
	}
	if (optind < argc || !count || !seconds)
		die("give -n and -t; see ctqueue -h");
	setvbuf(stdout, NULL, _IOLBF, 0);
	open_queue();
	puts("ready");
	hold(count, now() + seconds);
	printf("held=%u\n", nr_held);
	for (i = 0; i < nr_held; i++) {
		struct nfqnl_msg_verdict_hdr v = {
			.verdict = htonl(NF_ACCEPT), .id = held[i],
		};

		tell(NFQNL_MSG_VERDICT, 0, NFQA_VERDICT_HDR, &v, sizeof(v));
	}
	printf("released=%u\n", nr_held);
	return nr_held == count ? 0 : 1;
}
