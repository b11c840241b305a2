// SPDX-License-Identifier: GPL-2.0
/*
 * ctgen - send exactly counted packets of any kind out of one interface, or
 * digest what arrives on one (--sink).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctgen.h"
#include "ctprog.h"

#define BATCH		64
#define MAX_SOURCES	(1u << 22)

struct options o = {
	.family = AF_INET, .proto = IPPROTO_UDP, .seed = 1, .ttl = 64,
	.nr_sources = 1, .nr_dests = 1, .sport = { 1024, 1 }, .dport = { 9, 1 },
	.flags = TH_SYN, .seq = 1000, .window = 64240,
};

/* The link-layer address of @o.via on @ifindex, from the neighbour table */
static void read_neighbour(int ifindex)
{
	struct {
		struct nlmsghdr nh;
		struct ndmsg nd;
	} req = {
		.nh = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.nd = { .ndm_family = o.via_family },
	};
	unsigned int alen = o.via_family == AF_INET ? 4 : 16;
	static char buf[32768] __attribute__((aligned(8)));
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool done = false;

	if (fd < 0 || send(fd, &req, sizeof(req), 0) < 0)
		die("neighbour table: %s; give --mac", strerror(errno));
	while (!done) {
		struct nlmsghdr *nh = (struct nlmsghdr *)buf;
		ssize_t len = recv(fd, buf, sizeof(buf), 0);

		if (len <= 0)
			die("neighbour table: %s; give --mac", strerror(errno));
		for (; NLMSG_OK(nh, len); nh = NLMSG_NEXT(nh, len)) {
			struct ndmsg *nd = NLMSG_DATA(nh);
			struct rtattr *a = (struct rtattr *)(nd + 1), *mac = NULL;
			int left = nh->nlmsg_len - NLMSG_LENGTH(sizeof(*nd));
			bool match = false;

			if (nh->nlmsg_type != RTM_NEWNEIGH) {
				done = true;
				break;
			}
			for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
				if (a->rta_type == NDA_DST &&
				    RTA_PAYLOAD(a) == alen)
					match = !memcmp(RTA_DATA(a), o.via, alen);
				if (a->rta_type == NDA_LLADDR &&
				    RTA_PAYLOAD(a) == sizeof(o.mac))
					mac = a;
			}
			if (match && mac && nd->ndm_ifindex == ifindex) {
				memcpy(o.mac, RTA_DATA(mac), sizeof(o.mac));
				o.have_mac = true;
			}
		}
	}
	close(fd);
	if (!o.have_mac)
		die("--via: not among the neighbours of %s; ping it, or give --mac",
		    o.ifname);
}

static int open_interface(struct sockaddr_ll *ll, struct ifreq *ifr)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("packet socket: %s; run it as root", strerror(errno));
	strncpy(ifr->ifr_name, o.ifname, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFINDEX, ifr))
		die("--interface %s: %s; see ip link", o.ifname, strerror(errno));
	ll->sll_family = AF_PACKET;
	ll->sll_ifindex = ifr->ifr_ifindex;
	ll->sll_protocol = htons(o.sink ? ETH_P_ALL : 0);
	if (bind(fd, (struct sockaddr *)ll, sizeof(*ll)))
		die("--interface %s: %s", o.ifname, strerror(errno));
	return fd;
}

/* Sends the batch whole: counts in a test are only worth something if exact. */
static void send_batch(int fd, struct mmsghdr *msg, unsigned int nr)
{
	while (nr) {
		int ret = sendmmsg(fd, msg, nr, 0);

		if (ret > 0) {
			msg += ret;
			nr -= ret;
		} else if (errno == ENOBUFS || errno == EAGAIN) {
			poll(NULL, 0, 1);	/* the queue drains */
		} else if (errno != EINTR) {
			die("--interface %s: send: %s", o.ifname, strerror(errno));
		}
	}
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

static void run_send(void)
{
	static uint8_t frame[BATCH][MAX_FRAME];
	struct mmsghdr msg[BATCH] = {};
	struct iovec iov[BATCH] = {};
	struct sockaddr_ll ll = {};
	struct ifreq ifr = {};
	uint64_t k = 0, *sent;
	double start, end, took;
	unsigned int batch = BATCH, i;
	int fd = open_interface(&ll, &ifr);

	if (!o.have_mac)
		read_neighbour(ll.sll_ifindex);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("--interface %s: %s", o.ifname, strerror(errno));
	sent = calloc(o.nr_sources, sizeof(*sent));
	if (!sent)
		die("no memory for %u sources", o.nr_sources);
	for (i = 0; i < BATCH; i++) {
		memcpy(frame[i], o.mac, ETH_ALEN);
		memcpy(frame[i] + ETH_ALEN, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
		frame[i][12] = o.family == AF_INET ? 0x08 : 0x86;
		frame[i][13] = o.family == AF_INET ? 0x00 : 0xdd;
		iov[i].iov_base = frame[i];
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	if (o.rate && o.rate / 100 < BATCH)	/* 10 ms of packets at most */
		batch = o.rate / 100 ? o.rate / 100 : 1;

	start = now();
	end = o.seconds ? start + o.seconds : 0;
	while (!stop && (!o.count || k < o.count)) {
		uint64_t left = o.count ? o.count - k : batch;
		double t = now();

		if (end && t >= end)
			break;
		if (o.rate && start + (double)k / o.rate > t) {
			double wait = start + (double)k / o.rate - t;
			struct timespec ts = {
				.tv_sec = wait,
				.tv_nsec = (wait - (time_t)wait) * 1e9,
			};

			nanosleep(&ts, NULL);
			continue;
		}
		if (left > batch)
			left = batch;
		for (i = 0; i < left; i++) {
			uint32_t index;

			iov[i].iov_len = build(frame[i], k + i, &index);
			sent[index]++;
		}
		send_batch(fd, msg, left);
		k += left;
	}
	took = now() - start;
	if (o.log)
		write_log(sent);
	printf(o.json ? "{\"sent\": %" PRIu64 ", \"seconds\": %.3f}\n" :
			"sent=%" PRIu64 " seconds=%.3f\n", k, took);
}

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

/* The digest is a sum of hashes: equal for equal packets in any order. */
static void run_sink(void)
{
	struct sockaddr_ll ll = {}, from;
	struct ifreq ifr = {};
	uint64_t nr = 0, bytes = 0, digest = 0;
	int fd = open_interface(&ll, &ifr), size = 32 << 20;
	double start = now(), end = start + o.seconds;
	uint8_t p[2048];

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	puts("ready");
	fflush(stdout);
	while (!stop && (!o.count || nr < o.count)) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		socklen_t fromlen = sizeof(from);
		double left = end - now();
		uint64_t hash = 0xcbf29ce484222325ull;
		ssize_t len, i;

		if (left <= 0)
			break;
		if (poll(&pfd, 1, left * 1000 + 1) <= 0)
			continue;
		len = recvfrom(fd, p, sizeof(p), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &fromlen);
		if (len < 0 && errno != EAGAIN && errno != EINTR)
			die("--interface %s: %s", o.ifname, strerror(errno));
		if (len <= ETH_HLEN || from.sll_pkttype == PACKET_OUTGOING ||
		    !wanted(p + ETH_HLEN, len - ETH_HLEN))
			continue;
		for (i = ETH_HLEN; i < len; i++)
			hash = (hash ^ p[i]) * 0x100000001b3ull;
		digest += hash;
		bytes += len - ETH_HLEN;
		nr++;
	}
	printf(o.json ? "{\"received\": %" PRIu64 ", \"bytes\": %" PRIu64
			", \"digest\": \"%016" PRIx64 "\", \"seconds\": %.3f}\n" :
			"received=%" PRIu64 " bytes=%" PRIu64
			" digest=%016" PRIx64 " seconds=%.3f\n",
	       nr, bytes, digest, now() - start);
}

static const char usage[] =
"Usage: ctgen -i IFACE -n COUNT|-t SECONDS -s ADDR -d ADDR --mac MAC|--via ADDR [...]\n"
"       ctgen -i IFACE --sink -t SECONDS [-n COUNT] [-p PROTO] [-d ADDR]\n"
"\n"
"  -i, --interface IFACE  send out of IFACE; never guessed\n"
"  -n, --count N          packets; exact\n"
"  -t, --time SECONDS     stop then\n"
"  -r, --rate PPS         packets a second; 0: as fast as possible (default)\n"
"  -p, --proto PROTO      udp (default), tcp, icmp\n"
"  -s, --source ADDR      IPv4 or IPv6; first of --sources N\n"
"  -d, --dest ADDR        first of --dests N\n"
"      --sources N, --dests N\n"
"      --step BITS        sources differ above their lowest BITS bits\n"
"      --sport A[-B]      source ports (ICMP: identifiers)\n"
"      --dport A[-B]      destination ports (ICMP: sequence numbers)\n"
"      --random           pick source and ports by --seed N, not in sequence\n"
"      --flags LETTERS    of TCP, from FSRPAU; - for none (default S)\n"
"      --seq N, --ack N, --window N\n"
"      --icmp TYPE[/CODE] default: echo request\n"
"      --inner udp|tcp    what an ICMP error embeds: a packet from DEST to\n"
"                         SOURCE with the ports --sport and --dport\n"
"      --payload BYTES    zeros after the header\n"
"      --ttl N            TTL or hop limit (default 64)\n"
"      --fault KIND       badsum: wrong checksum; short: header cut off\n"
"      --mac MAC          destination; --via ADDR: read from neighbour table\n"
"      --log FILE         write \"ADDR COUNT\" per source\n"
"      --netns INODE      refuse to run in any other network namespace\n"
"      --host             allow pid 1's network namespace\n"
"      --json             print JSON\n";

static struct range ports(const char *name, const char *text)
{
	struct range r;
	unsigned int a, b;
	char more;
	int n = sscanf(text, "%u-%u%c", &a, &b, &more);

	if (n == 1 && !strchr(text, '-'))
		b = a;
	else if (n != 2)
		a = 65536;
	if (a > 65535 || b > 65535 || b < a)
		die("--%s %s: give PORT or FIRST-LAST, up to 65535", name, text);
	r.first = a;
	r.nr = b - a + 1;
	return r;
}

static int address(const char *name, const char *text, uint8_t *addr)
{
	if (inet_pton(AF_INET, text, addr) == 1)
		return AF_INET;
	if (inet_pton(AF_INET6, text, addr) == 1)
		return AF_INET6;
	die("--%s %s: give an IPv4 or IPv6 address", name, text);
}

static int protocol(const char *name, const char *text)
{
	if (!strcmp(text, "udp"))
		return IPPROTO_UDP;
	if (!strcmp(text, "tcp"))
		return IPPROTO_TCP;
	if (!strcmp(text, "icmp") && strcmp(name, "inner"))
		return IPPROTO_ICMP;
	die("--%s %s: give udp or tcp%s", name, text,
	    strcmp(name, "inner") ? " or icmp" : "");
}

static uint8_t tcp_flags(const char *text)
{
	static const char letters[] = "FSRPAU";	/* bit 0 first */
	uint8_t flags = 0;

	if (!strcmp(text, "-"))
		return 0;
	for (; *text; text++) {
		const char *at = strchr(letters, *text);

		if (!at)
			die("--flags %s: give letters from %s, or -", text, letters);
		flags |= 1 << (at - letters);
	}
	return flags;
}

static void set_icmp(const char *text)
{
	unsigned int type, code = 0;
	char more;
	int n = sscanf(text, "%u/%u%c", &type, &code, &more);

	if ((n != 1 && n != 2) || type > 255 || code > 255)
		die("--icmp %s: give TYPE or TYPE/CODE, up to 255", text);
	o.icmp_type = type;
	o.icmp_code = code;
	o.have_icmp = true;
}

static void set_mac(const char *text)
{
	char more;

	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", &o.mac[0], &o.mac[1],
		   &o.mac[2], &o.mac[3], &o.mac[4], &o.mac[5], &more) != 6)
		die("--mac %s: give six hex bytes with colons", text);
	o.have_mac = true;
}

/* A generator that floods the machine it is typed on is a gun without a lock. */
static void check_netns(void)
{
	struct stat self, init;

	if (stat("/proc/self/ns/net", &self))
		die("/proc/self/ns/net: %s; mount /proc", strerror(errno));
	if (o.netns && self.st_ino != o.netns)
		die("--netns %" PRIu64 ": this is %ju; use ip netns exec",
		    o.netns, (uintmax_t)self.st_ino);
	if (o.host)
		return;
	if (stat("/proc/1/ns/net", &init)) {
		if (!o.netns)
			die("/proc/1/ns/net: %s; say by --netns which namespace is meant",
			    strerror(errno));
	} else if (init.st_ino == self.st_ino) {
		die("this is pid 1's network namespace; use ip netns exec, or --host if you mean it");
	}
}

static void check_options(void)
{
	if (!o.ifname)
		die("give --interface");
	if (!o.count && !o.seconds)
		die("give --count or --time");
	if (o.sink && !o.seconds)
		die("--sink: give --time");
	if (o.sink)
		return;
	if (!o.have_source || !o.have_dest)
		die("give --source and --dest");
	if (o.dest_family != o.family)
		die("--source and --dest: give both of IPv4 or both of IPv6");
	if (!o.have_mac && !o.via_family)
		die("give --mac or --via");
	if (o.step > (o.family == AF_INET ? 24 : 120))
		die("--step %u: too many bits for the address", o.step);
}

enum {
	OPT_SOURCES = 256, OPT_DESTS, OPT_STEP, OPT_SPORT, OPT_DPORT, OPT_RANDOM,
	OPT_SEED, OPT_FLAGS, OPT_SEQ, OPT_ACK, OPT_WINDOW, OPT_ICMP, OPT_INNER,
	OPT_PAYLOAD, OPT_TTL, OPT_FAULT, OPT_MAC, OPT_VIA, OPT_LOG, OPT_NETNS,
	OPT_HOST, OPT_JSON, OPT_SINK,
};

static const struct option options[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "count", required_argument, NULL, 'n' },
	{ "time", required_argument, NULL, 't' },
	{ "rate", required_argument, NULL, 'r' },
	{ "proto", required_argument, NULL, 'p' },
	{ "source", required_argument, NULL, 's' },
	{ "dest", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "sources", required_argument, NULL, OPT_SOURCES },
	{ "dests", required_argument, NULL, OPT_DESTS },
	{ "step", required_argument, NULL, OPT_STEP },
	{ "sport", required_argument, NULL, OPT_SPORT },
	{ "dport", required_argument, NULL, OPT_DPORT },
	{ "random", no_argument, NULL, OPT_RANDOM },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "flags", required_argument, NULL, OPT_FLAGS },
	{ "seq", required_argument, NULL, OPT_SEQ },
	{ "ack", required_argument, NULL, OPT_ACK },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ "icmp", required_argument, NULL, OPT_ICMP },
	{ "inner", required_argument, NULL, OPT_INNER },
	{ "payload", required_argument, NULL, OPT_PAYLOAD },
	{ "ttl", required_argument, NULL, OPT_TTL },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "mac", required_argument, NULL, OPT_MAC },
	{ "via", required_argument, NULL, OPT_VIA },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "netns", required_argument, NULL, OPT_NETNS },
	{ "host", no_argument, NULL, OPT_HOST },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "sink", no_argument, NULL, OPT_SINK },
	{ }
};

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "i:n:t:r:p:s:d:h", options,
				NULL)) != -1) {
		switch (c) {
		case 'i':
			o.ifname = optarg;
			break;
		case 'n':
			o.count = number("--count", optarg, 1, 1ull << 40);
			break;
		case 't':
			o.seconds = number("--time", optarg, 1, 3600);
			break;
		case 'r':
			o.rate = number("--rate", optarg, 0, 100000000);
			break;
		case 'p':
			o.proto = protocol("proto", optarg);
			break;
		case 's':
			o.family = address("source", optarg, o.source);
			o.have_source = true;
			break;
		case 'd':
			o.dest_family = address("dest", optarg, o.dest);
			o.have_dest = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case OPT_SOURCES:
			o.nr_sources = number("--sources", optarg, 1, MAX_SOURCES);
			break;
		case OPT_DESTS:
			o.nr_dests = number("--dests", optarg, 1, MAX_SOURCES);
			break;
		case OPT_STEP:
			o.step = number("--step", optarg, 0, 120);
			break;
		case OPT_SPORT:
			o.sport = ports("sport", optarg);
			break;
		case OPT_DPORT:
			o.dport = ports("dport", optarg);
			break;
		case OPT_RANDOM:
			o.random = true;
			break;
		case OPT_SEED:
			o.seed = number("--seed", optarg, 0, UINT64_MAX);
			break;
		case OPT_FLAGS:
			o.flags = tcp_flags(optarg);
			break;
		case OPT_SEQ:
			o.seq = number("--seq", optarg, 0, UINT32_MAX);
			break;
		case OPT_ACK:
			o.ack = number("--ack", optarg, 0, UINT32_MAX);
			break;
		case OPT_WINDOW:
			o.window = number("--window", optarg, 0, 65535);
			break;
		case OPT_ICMP:
			set_icmp(optarg);
			break;
		case OPT_INNER:
			o.inner = protocol("inner", optarg);
			break;
		case OPT_PAYLOAD:
			o.payload = number("--payload", optarg, 0, MAX_PAYLOAD);
			break;
		case OPT_TTL:
			o.ttl = number("--ttl", optarg, 1, 255);
			break;
		case OPT_FAULT:
			if (!strcmp(optarg, "badsum"))
				o.fault = FAULT_BADSUM;
			else if (!strcmp(optarg, "short"))
				o.fault = FAULT_SHORT;
			else
				die("--fault %s: give badsum or short", optarg);
			break;
		case OPT_MAC:
			set_mac(optarg);
			break;
		case OPT_VIA:
			o.via_family = address("via", optarg, o.via);
			break;
		case OPT_LOG:
			o.log = optarg;
			break;
		case OPT_NETNS:
			o.netns = number("--netns", optarg, 1, UINT64_MAX);
			break;
		case OPT_HOST:
			o.host = true;
			break;
		case OPT_JSON:
			o.json = true;
			break;
		case OPT_SINK:
			o.sink = true;
			break;
		default:
			fputs("ctgen: see ctgen --help\n", stderr);
			return 2;
		}
	}
	if (optind < argc)
		die("%s: not an option; see ctgen --help", argv[optind]);
	if (o.sink && o.have_dest)
		o.family = o.dest_family;
	check_options();
	if (o.proto == IPPROTO_ICMP && o.family == AF_INET6)
		o.proto = IPPROTO_ICMPV6;
	if (!o.have_icmp)
		o.icmp_type = o.family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	check_netns();
	stop_on_signals();
	if (o.sink)
		run_sink();
	else
		run_send();
	return 0;
}
