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
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctprog.h"

#define MAX_FDS		1000	/* that serve polls at once; RLIMIT_NOFILE is 1,024 */

static struct {
	struct sockaddr_storage addr;
	socklen_t addrlen;
	bool tcp, hold;
	unsigned int count, rate, seconds, wait_ms, sport;
} o = { .count = 1, .wait_ms = 1000 };

static void set_port(struct sockaddr_storage *ss, unsigned int port)
{
	if (ss->ss_family == AF_INET)
		((struct sockaddr_in *)ss)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)ss)->sin6_port = htons(port);
}

static int open_socket(int type)
{
	int one = 1, fd = socket(o.addr.ss_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

static int open_server(int type)
{
	int fd = open_socket(type);

	if (bind(fd, (struct sockaddr *)&o.addr, o.addrlen))
		die("bind: %s; is the address this namespace's, and the port free?",
		    strerror(errno));
	if (type == SOCK_STREAM && listen(fd, 4096))
		die("listen: %s", strerror(errno));
	return fd;
}

static void answer_udp(int fd, unsigned int *nr)
{
	struct sockaddr_storage from;
	char buf[2048];

	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT,
				     (struct sockaddr *)&from, &len);

		if (n < 0)
			return;
		if (sendto(fd, buf, n, 0, (struct sockaddr *)&from, len) == n)
			(*nr)++;
	}
}

static void serve(void)
{
	struct pollfd pfd[MAX_FDS] = {
		{ .fd = open_server(SOCK_DGRAM), .events = POLLIN },
		{ .fd = open_server(SOCK_STREAM), .events = POLLIN },
	};
	unsigned int nr = 2, udp = 0, tcp = 0, i;
	double end = now() + o.seconds;

	puts("ready");
	fflush(stdout);
	while (!stop && now() < end) {
		pfd[1].events = nr < MAX_FDS ? POLLIN : 0;
		if (poll(pfd, nr, 200) <= 0)
			continue;
		if (pfd[0].revents)
			answer_udp(pfd[0].fd, &udp);
		for (i = 2; i < nr; i++) {
			char buf[2048];
			ssize_t n;

			if (!pfd[i].revents)
				continue;
			n = recv(pfd[i].fd, buf, sizeof(buf), MSG_DONTWAIT);
			if (n < 0 && errno == EAGAIN)
				continue;
			if (n > 0 && send(pfd[i].fd, buf, n, MSG_NOSIGNAL) == n)
				continue;
			close(pfd[i].fd);
			pfd[i--] = pfd[--nr];
		}
		if (pfd[1].revents && nr < MAX_FDS) {
			int fd = accept4(pfd[1].fd, NULL, NULL, SOCK_CLOEXEC);

			if (fd >= 0) {
				pfd[nr].fd = fd;
				pfd[nr].revents = 0;
				pfd[nr++].events = POLLIN;
				tcp++;
			}
		}
	}
	printf("udp=%u tcp=%u\n", udp, tcp);
}

static bool wait_for(int fd, short events, double end)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	while (!stop) {
		double left = end - now();

		if (left <= 0)
			return false;
		if (poll(&pfd, 1, left * 1000 + 1) > 0)
			return !(pfd.revents & POLLNVAL);
	}
	return false;
}

#define KEPT_OPEN	500	/* UDP sockets; far below RLIMIT_NOFILE's 1,024 */

/* Returns the connected socket, or -1: not answered within --wait. */
static int ask_once(unsigned int k)
{
	double end = now() + o.wait_ms / 1e3;
	int fd = open_socket((o.tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK);
	int err = 0;
	socklen_t len = sizeof(err);
	char buf[16] = "conntriage";

	if (o.sport) {
		struct sockaddr_storage local = { .ss_family = o.addr.ss_family };

		set_port(&local, o.sport + k);
		if (bind(fd, (struct sockaddr *)&local, o.addrlen))
			die("--sport %u: %s", o.sport + k, strerror(errno));
	}
	if (connect(fd, (struct sockaddr *)&o.addr, o.addrlen) &&
	    errno != EINPROGRESS)
		goto fail;
	if (o.tcp && (!wait_for(fd, POLLOUT, end) ||
		      getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) || err))
		goto fail;
	if (send(fd, buf, sizeof(buf), MSG_NOSIGNAL) < 0)
		goto fail;
	if (!wait_for(fd, POLLIN, end) || recv(fd, buf, sizeof(buf), 0) <= 0)
		goto fail;
	return fd;
fail:
	close(fd);
	return -1;
}

static void ask(void)
{
	unsigned int k, answered = 0, held = 0;
	double start = now(), end = start + o.seconds, from = start;
	int *hold = calloc(o.count, sizeof(*hold));

	if (!hold)
		die("no memory for %u connections", o.count);
	for (k = 0; !stop && k < o.count && now() < end; k++) {
		double due = o.rate ? from + (double)k / o.rate : 0;
		double left = due - now();
		int fd;

		/* After a long wait the schedule moves: a burst to make up for
		 * it would be a flood of its own
		 */
		if (o.rate && -left > 1.0 / o.rate)
			from -= left;

		/* the clock is read once: poll() takes a negative timeout, of
		 * a moment that is over, for "wait for ever"
		 */
		for (; !stop && left > 0; left = due - now())
			poll(NULL, 0, left * 1000 + 1);
		fd = ask_once(k);
		if (fd < 0 && stop)
			break;		/* whether it was answered is unknown */
		if (fd < 0)
			continue;
		answered++;
		/* the kernel could choose a closed one's port once more, and
		 * then this would be no new connection
		 */
		if (o.hold || (!o.tcp && held < KEPT_OPEN))
			hold[held++] = fd;
		else
			close(fd);
	}
	printf("asked=%u answered=%u seconds=%.3f\n", k, answered, now() - start);
	fflush(stdout);
	while (o.hold && !stop && now() < end)
		poll(NULL, 0, 200);
	while (held)
		close(hold[--held]);
	free(hold);
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
"      --tcp           ask over TCP, not UDP\n"
"      --hold          keep the connections open until --time or SIGTERM\n"
"      --sport PORT    request k comes from port PORT + k\n"
"      --wait MS       how long an answer may take (default 1000)\n";

static void set_addr(const char *text)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&o.addr;
	struct sockaddr_in *in = (struct sockaddr_in *)&o.addr;

	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		o.addrlen = sizeof(*in);
	} else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		o.addrlen = sizeof(*in6);
	} else {
		die("--addr %s: give an IPv4 or IPv6 address", text);
	}
}

enum { OPT_TCP = 256, OPT_HOLD, OPT_SPORT, OPT_WAIT };

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
	{ }
};

int main(int argc, char **argv)
{
	unsigned int port = 0;
	int c;

	while ((c = getopt_long(argc, argv, "a:p:t:n:r:h", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			set_addr(optarg);
			break;
		case 'p':
			port = number("--port", optarg, 1, 65535);
			break;
		case 't':
			o.seconds = number("--time", optarg, 1, 3600);
			break;
		case 'n':
			o.count = number("--count", optarg, 1, 60000);
			break;
		case 'r':
			o.rate = number("--rate", optarg, 0, 1000000);
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case OPT_TCP:
			o.tcp = true;
			break;
		case OPT_HOLD:
			o.hold = true;
			break;
		case OPT_SPORT:
			o.sport = number("--sport", optarg, 1, 65535);
			break;
		case OPT_WAIT:
			o.wait_ms = number("--wait", optarg, 1, 60000);
			break;
		default:
			fputs("ctpeer: see ctpeer --help\n", stderr);
			return 2;
		}
	}
	if (optind != argc - 1)
		die("give serve or ask; see ctpeer --help");
	if (!o.addrlen || !port || !o.seconds)
		die("give --addr, --port and --time");
	set_port(&o.addr, port);
	stop_on_signals();
	if (!strcmp(argv[optind], "serve"))
		serve();
	else if (!strcmp(argv[optind], "ask"))
		ask();
	else
		die("%s: give serve or ask", argv[optind]);
	return 0;
}
