// SPDX-License-Identifier: GPL-2.0
/* ctgen --sink: a digest of the packets that arrive on an interface. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ctgen.h"
#include "ctprog.h"

struct digest {
	uint64_t nr, bytes, sum;
};

static bool wanted(const uint8_t *p, size_t len)
{
	size_t alen = o.family == AF_INET ? 4 : 16;
	size_t dst = o.family == AF_INET ? 16 : 24;
	int proto = o.family == AF_INET ? 9 : 6;

	if (len < dst + alen || p[0] >> 4 != (o.family == AF_INET ? 4 : 6))
		return false;
	if (p[proto] != o.proto)
		return false;
	return !o.have_dest || !memcmp(p + dst, o.dest, alen);
}

/* A sum of hashes (FNV-1a): equal for equal packets in any order. */
static void add(struct digest *d, const uint8_t *packet, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325ull;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ packet[i]) * 0x100000001b3ull;
	d->sum += hash;
	d->bytes += len;
	d->nr++;
}

/* Waits up to @seconds for a frame, and adds it if it is one that is asked for. */
static void receive(int fd, struct digest *d, double seconds)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct sockaddr_ll from;
	socklen_t fromlen = sizeof(from);
	uint8_t p[2048];
	ssize_t len;

	if (poll(&pfd, 1, seconds * 1000 + 1) <= 0)
		return;
	len = recvfrom(fd, p, sizeof(p), MSG_DONTWAIT,
		       (struct sockaddr *)&from, &fromlen);
	if (len < 0 && errno != EAGAIN && errno != EINTR)
		die("--interface %s: %s", o.ifname, strerror(errno));
	if (len > ETH_HLEN && from.sll_pkttype != PACKET_OUTGOING &&
	    wanted(p + ETH_HLEN, len - ETH_HLEN))
		add(d, p + ETH_HLEN, len - ETH_HLEN);
}

void run_sink(void)
{
	struct sockaddr_ll ll = {};
	struct ifreq ifr = {};
	struct digest d = {};
	int fd = open_interface(&ll, &ifr), size = 32 << 20;
	double start = now(), end = start + o.seconds, left;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	puts("ready");
	fflush(stdout);
	while (!stop && (!o.count || d.nr < o.count)) {
		left = end - now();
		if (left <= 0)
			break;
		receive(fd, &d, left);
	}
	printf(o.json ? "{\"received\": %" PRIu64 ", \"bytes\": %" PRIu64
			", \"digest\": \"%016" PRIx64 "\", \"seconds\": %.3f}\n" :
			"received=%" PRIu64 " bytes=%" PRIu64
			" digest=%016" PRIx64 " seconds=%.3f\n",
	       d.nr, d.bytes, d.sum, now() - start);
}
