// SPDX-License-Identifier: GPL-2.0
/*
 * ctpeer - the ordinary hosts of the selftests: real sockets that answer
 * (serve) or ask (ask) over UDP and TCP. Every request of "ask" has a socket,
 * and so a connection, of its own.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "ctpeer.h"
#include "ctprog.h"

#define MAX_OPEN	1000	/* that ask polls at once */
#define MAX_FILES	16384

struct peer_options peer = {
	.count = 1, .wait_ms = 1000, .open = 1,
	.nr_from = 1, .nr_dest = 1, .nr_port = 1,
};

void set_port(struct sockaddr_storage *ss, unsigned int port)
{
	if (ss->ss_family == AF_INET)
		((struct sockaddr_in *)ss)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)ss)->sin6_port = htons(port);
}

int peer_socket(int type)
{
	int one = 1, fd = socket(peer.addr.ss_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one));
	if (peer.addr.ss_family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one));
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	}
	return fd;
}

/* Hundreds of connections; root may */
static void raise_files(void)
{
	struct rlimit most = { .rlim_cur = MAX_FILES, .rlim_max = MAX_FILES };

	setrlimit(RLIMIT_NOFILE, &most);
}

static const char usage[] =
"Usage: ctpeer serve -a ADDR -p PORT -t SECONDS\n"
"       ctpeer ask -a ADDR -p PORT -t SECONDS [-n COUNT] [-r PPS] [...]\n"
"\n"
"  -a, --addr ADDR     the server's IPv4 or IPv6 address\n"
"  -p, --port PORT     UDP and TCP\n"
"  -t, --time SECONDS  end then, whatever happens\n"
"  -n, --count N       requests (default 1)\n"
"  -r, --rate PPS      requests a second; 0: one after the other (default)\n"
"      --open N        so many may wait for their answers at once (default 1)\n"
"      --tcp           ask over TCP, not UDP\n"
"      --hold          keep the connections open until --time or SIGTERM\n"
"      --talk MS       each of those asks again that often\n"
"      --from ADDR     of this host's; first of --froms N\n"
"      --froms N, --dests N, --ports N\n"
"                      request k comes from, then asks another one\n"
"      --step BITS     those sources differ above their lowest BITS bits (8, 16, ...)\n"
"      --sport PORT    request k comes from port PORT + k\n"
"      --wait MS       how long an answer may take (default 1000)\n"
"\n"
"serve -a 0.0.0.0 or :: answers at every address that a route of type local has.\n";

static socklen_t inet_address(const char *name, const char *text, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		return sizeof(*in);
	}
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		return sizeof(*in6);
	}
	die("%s %s: give an IPv4 or IPv6 address", name, text);
}

enum {
	OPT_TCP = 256, OPT_HOLD, OPT_SPORT, OPT_WAIT, OPT_OPEN, OPT_TALK, OPT_FROM,
	OPT_FROMS, OPT_DESTS, OPT_PORTS, OPT_STEP,
};

static const struct option options[] = {
	{ "addr", required_argument, NULL, 'a' },
	{ "port", required_argument, NULL, 'p' },
	{ "time", required_argument, NULL, 't' },
	{ "count", required_argument, NULL, 'n' },
	{ "rate", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ "tcp", no_argument, NULL, OPT_TCP },
	{ "hold", no_argument, NULL, OPT_HOLD },
	{ "sport", required_argument, NULL, OPT_SPORT },
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "open", required_argument, NULL, OPT_OPEN },
	{ "talk", required_argument, NULL, OPT_TALK },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "froms", required_argument, NULL, OPT_FROMS },
	{ "dests", required_argument, NULL, OPT_DESTS },
	{ "ports", required_argument, NULL, OPT_PORTS },
	{ "step", required_argument, NULL, OPT_STEP },
	{ }
};

/* How many, how fast, and what becomes of them; false: @c is none of these options */
static bool set_job(int c, const char *text)
{
	switch (c) {
	case 't':
		peer.seconds = number("--time", text, 1, 3600);
		break;
	case 'n':
		peer.count = number("--count", text, 1, 60000);
		break;
	case 'r':
		peer.rate = number("--rate", text, 0, 1000000);
		break;
	case OPT_OPEN:
		peer.open = number("--open", text, 1, MAX_OPEN);
		break;
	case OPT_TCP:
		peer.tcp = true;
		break;
	case OPT_HOLD:
		peer.hold = true;
		break;
	case OPT_TALK:
		peer.talk_ms = number("--talk", text, 1, 60000);
		break;
	case OPT_WAIT:
		peer.wait_ms = number("--wait", text, 1, 60000);
		break;
	default:
		return false;
	}
	return true;
}

/* From whom to whom; likewise */
static bool set_flow(int c, const char *text)
{
	switch (c) {
	case 'a':
		peer.addrlen = inet_address("--addr", text, &peer.addr);
		break;
	case 'p':
		peer.port = number("--port", text, 1, 65535);
		break;
	case OPT_SPORT:
		peer.sport = number("--sport", text, 1, 65535);
		break;
	case OPT_FROM:
		inet_address("--from", text, &peer.from);
		break;
	case OPT_FROMS:
		peer.nr_from = number("--froms", text, 1, 65536);
		break;
	case OPT_DESTS:
		peer.nr_dest = number("--dests", text, 1, 65536);
		break;
	case OPT_PORTS:
		peer.nr_port = number("--ports", text, 1, 65535);
		break;
	case OPT_STEP:
		peer.step = number("--step", text, 0, 120);
		break;
	default:
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "a:p:t:n:r:h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (!set_job(c, optarg) && !set_flow(c, optarg)) {
			fputs("ctpeer: see ctpeer --help\n", stderr);
			return 2;
		}
	}
	if (optind != argc - 1)
		die("give serve or ask; see ctpeer --help");
	if (!peer.addrlen || !peer.port || !peer.seconds)
		die("give --addr, --port and --time");
	if (peer.from.ss_family && peer.from.ss_family != peer.addr.ss_family)
		die("--from and --addr: give both of IPv4 or both of IPv6");
	if (peer.port + peer.nr_port > 65536)
		die("--ports %u: that many don't follow --port %u", peer.nr_port, peer.port);
	if (peer.step % 8)
		die("--step %u: give a multiple of 8", peer.step);
	set_port(&peer.addr, peer.port);
	raise_files();
	stop_on_signals();
	if (!strcmp(argv[optind], "serve"))
		run_serve();
	else if (!strcmp(argv[optind], "ask"))
		run_ask();
	else
		die("%s: give serve or ask", argv[optind]);
	return 0;
}
