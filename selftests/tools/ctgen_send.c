// SPDX-License-Identifier: GPL-2.0
/* ctgen: sending, so many packets a second, in batches. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ctgen.h"
#include "ctprog.h"

#define BATCH		64

static uint8_t frame[BATCH][MAX_FRAME];
static struct iovec iov[BATCH];
static struct mmsghdr msg[BATCH];

/* Takes the link-layer address of this neighbour, if it is @o.via on @ifindex. */
static void take_neighbour(const struct nlmsghdr *nh, int ifindex)
{
	const struct ndmsg *nd = NLMSG_DATA(nh);
	struct rtattr *a = (struct rtattr *)(nd + 1), *mac = NULL;
	int left = nh->nlmsg_len - NLMSG_LENGTH(sizeof(*nd));
	unsigned int alen = o.via_family == AF_INET ? 4 : 16;
	bool match = false;

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == NDA_DST && RTA_PAYLOAD(a) == alen)
			match = !memcmp(RTA_DATA(a), o.via, alen);
		if (a->rta_type == NDA_LLADDR && RTA_PAYLOAD(a) == sizeof(o.mac))
			mac = a;
	}
	if (match && mac && nd->ndm_ifindex == ifindex) {
		memcpy(o.mac, RTA_DATA(mac), sizeof(o.mac));
		o.have_mac = true;
	}
}

/* One answer of the kernel's; returns whether there are more. */
static bool read_neighbours(int fd, int ifindex)
{
	static char buf[32768] __attribute__((aligned(8)));
	struct nlmsghdr *nh = (struct nlmsghdr *)buf;
	ssize_t len = recv(fd, buf, sizeof(buf), 0);

	if (len <= 0)
		die("neighbour table: %s; give --mac", strerror(errno));
	for (; NLMSG_OK(nh, len); nh = NLMSG_NEXT(nh, len)) {
		if (nh->nlmsg_type != RTM_NEWNEIGH)
			return false;
		take_neighbour(nh, ifindex);
	}
	return true;
}

/* Sets @o.mac to the link-layer address of @o.via, from the neighbour table. */
static void find_neighbour(int ifindex)
{
	struct {
		struct nlmsghdr nh;
		struct ndmsg nd;
	} req = {
		.nh = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.nd = { .ndm_family = o.via_family },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &req, sizeof(req), 0) < 0)
		die("neighbour table: %s; give --mac", strerror(errno));
	while (read_neighbours(fd, ifindex))
		;
	close(fd);
	if (!o.have_mac)
		die("--via: not among the neighbours of %s; ping it, or give --mac",
		    o.ifname);
}

/* The part of the frames that is the same for every packet. */
static void prepare_frames(const uint8_t *own_mac)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		memcpy(frame[i], o.mac, ETH_ALEN);
		memcpy(frame[i] + ETH_ALEN, own_mac, ETH_ALEN);
		frame[i][12] = o.family == AF_INET ? 0x08 : 0x86;
		frame[i][13] = o.family == AF_INET ? 0x00 : 0xdd;
		iov[i].iov_base = frame[i];
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
}

/* Sends the first @nr, all of them: a test relies on exact counts. */
static void send_batch(int fd, unsigned int nr)
{
	struct mmsghdr *next = msg;

	while (nr) {
		int ret = sendmmsg(fd, next, nr, 0);

		if (ret > 0) {
			next += ret;
			nr -= ret;
		} else if (errno == ENOBUFS || errno == EAGAIN) {
			poll(NULL, 0, 1);	/* the queue drains */
		} else if (errno != EINTR) {
			die("--interface %s: send: %s", o.ifname, strerror(errno));
		}
	}
}

/* How many packets may go at once: what --rate gives 10 ms, at most. */
static unsigned int batch_size(void)
{
	if (!o.rate || o.rate / 100 >= BATCH)
		return BATCH;
	return o.rate / 100 ? o.rate / 100 : 1;
}

static void sleep_for(double seconds)
{
	struct timespec ts = {
		.tv_sec = seconds,
		.tv_nsec = (seconds - (time_t)seconds) * 1e9,
	};

	nanosleep(&ts, NULL);
}

/*
 * Sends until --count, --time or a signal ends it. Returns how many packets
 * went out; @sent counts them by source.
 */
static uint64_t send_all(int fd, uint64_t *sent)
{
	double start = now(), end = o.seconds ? start + o.seconds : 0;
	unsigned int batch = batch_size(), i;
	uint64_t k = 0;

	while (!stop && (!o.count || k < o.count)) {
		uint64_t left = o.count ? o.count - k : batch;
		double t = now();

		if (end && t >= end)
			break;
		if (o.rate && start + (double)k / o.rate > t) {
			sleep_for(start + (double)k / o.rate - t);
			continue;
		}
		if (left > batch)
			left = batch;
		for (i = 0; i < left; i++) {
			uint32_t index;

			iov[i].iov_len = build(frame[i], k + i, &index);
			sent[index]++;
		}
		send_batch(fd, left);
		k += left;
	}
	return k;
}

static void write_log(const uint64_t *sent)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t addr[16];
	uint32_t i;
	FILE *f = fopen(o.log, "w");

	if (!f)
		die("--log %s: %s", o.log, strerror(errno));
	for (i = 0; i < o.nr_sources; i++) {
		if (!sent[i])
			continue;
		addr_at(addr, o.source, i, o.step);
		inet_ntop(o.family, addr, text, sizeof(text));
		fprintf(f, "%s %" PRIu64 "\n", text, sent[i]);
	}
	if (fclose(f))
		die("--log %s: %s", o.log, strerror(errno));
}

void run_send(void)
{
	struct sockaddr_ll ll = {};
	struct ifreq ifr = {};
	uint64_t nr, *sent;
	double start, took;
	int fd = open_interface(&ll, &ifr);

	if (!o.have_mac)
		find_neighbour(ll.sll_ifindex);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("--interface %s: %s", o.ifname, strerror(errno));
	sent = calloc(o.nr_sources, sizeof(*sent));
	if (!sent)
		die("no memory for %u sources", o.nr_sources);
	prepare_frames((uint8_t *)ifr.ifr_hwaddr.sa_data);
	start = now();
	nr = send_all(fd, sent);
	took = now() - start;
	if (o.log)
		write_log(sent);
	printf(o.json ? "{\"sent\": %" PRIu64 ", \"seconds\": %.3f}\n" :
			"sent=%" PRIu64 " seconds=%.3f\n", nr, took);
}
