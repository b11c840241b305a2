// SPDX-License-Identifier: GPL-2.0
/* The command line of ctgen. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctgen.h"
#include "ctprog.h"

#define MAX_SOURCES	(1u << 22)

struct options o = {
	.family = AF_INET, .proto = IPPROTO_UDP, .seed = 1, .ttl = 64,
	.nr_sources = 1, .nr_dests = 1, .sport = { 1024, 1 }, .dport = { 9, 1 },
	.flags = TH_SYN, .seq = 1000, .window = 64240,
};

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

static enum fault fault_kind(const char *text)
{
	if (!strcmp(text, "badsum"))
		return FAULT_BADSUM;
	if (!strcmp(text, "short"))
		return FAULT_SHORT;
	die("--fault %s: give badsum or short", text);
}

/* Where, how many and how fast; false: @c is none of these options. */
static bool set_job(int c, const char *text)
{
	switch (c) {
	case 'i':
		o.ifname = text;
		break;
	case 'n':
		o.count = number("--count", text, 1, 1ull << 40);
		break;
	case 't':
		o.seconds = number("--time", text, 1, 3600);
		break;
	case 'r':
		o.rate = number("--rate", text, 0, 100000000);
		break;
	case OPT_MAC:
		set_mac(text);
		break;
	case OPT_VIA:
		o.via_family = address("via", text, o.via);
		break;
	case OPT_LOG:
		o.log = text;
		break;
	case OPT_NETNS:
		o.netns = number("--netns", text, 1, UINT64_MAX);
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
		return false;
	}
	return true;
}

/* From whom to whom; likewise. */
static bool set_flow(int c, const char *text)
{
	switch (c) {
	case 's':
		o.family = address("source", text, o.source);
		o.have_source = true;
		break;
	case 'd':
		o.dest_family = address("dest", text, o.dest);
		o.have_dest = true;
		break;
	case OPT_SOURCES:
		o.nr_sources = number("--sources", text, 1, MAX_SOURCES);
		break;
	case OPT_DESTS:
		o.nr_dests = number("--dests", text, 1, MAX_SOURCES);
		break;
	case OPT_STEP:
		o.step = number("--step", text, 0, 120);
		break;
	case OPT_SPORT:
		o.sport = ports("sport", text);
		break;
	case OPT_DPORT:
		o.dport = ports("dport", text);
		break;
	case OPT_RANDOM:
		o.random = true;
		break;
	case OPT_SEED:
		o.seed = number("--seed", text, 0, UINT64_MAX);
		break;
	default:
		return false;
	}
	return true;
}

/* What a packet is made of; likewise. */
static bool set_packet(int c, const char *text)
{
	switch (c) {
	case 'p':
		o.proto = protocol("proto", text);
		break;
	case OPT_FLAGS:
		o.flags = tcp_flags(text);
		break;
	case OPT_SEQ:
		o.seq = number("--seq", text, 0, UINT32_MAX);
		break;
	case OPT_ACK:
		o.ack = number("--ack", text, 0, UINT32_MAX);
		break;
	case OPT_WINDOW:
		o.window = number("--window", text, 0, 65535);
		break;
	case OPT_ICMP:
		set_icmp(text);
		break;
	case OPT_INNER:
		o.inner = protocol("inner", text);
		break;
	case OPT_PAYLOAD:
		o.payload = number("--payload", text, 0, MAX_PAYLOAD);
		break;
	case OPT_TTL:
		o.ttl = number("--ttl", text, 1, 255);
		break;
	case OPT_FAULT:
		o.fault = fault_kind(text);
		break;
	default:
		return false;
	}
	return true;
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

void parse_options(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "i:n:t:r:p:s:d:h", options,
				NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (!set_job(c, optarg) && !set_flow(c, optarg) &&
		    !set_packet(c, optarg)) {
			fputs("ctgen: see ctgen --help\n", stderr);
			exit(2);
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
}
