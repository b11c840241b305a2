// SPDX-License-Identifier: GPL-2.0
/* ctpeer ask: requests, each with a socket and so a connection of its own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctpeer.h"
#include "ctprog.h"

#define KEPT_OPEN	500	/* UDP sockets that have their answer */
#define MAKE_UP		0.5	/* s behind its schedule: a busy guest's pauses */

/* One that waits: to be connected, then for its answer. A held one's @due is
 * when it asks again.
 */
struct request {
	int fd;
	bool connected;
	double due;
};

static struct request *waiting, *held;
static struct pollfd *pfd;
static unsigned int nr_waiting, nr_held, nr_asked, nr_answered;
static const char question[16] = "conntriage";

/* @base, @index addresses on, of those that differ above their lowest @step bits;
 * with that port (0: any)
 */
static struct sockaddr_storage address_at(const struct sockaddr_storage *base,
					  unsigned int index, unsigned int step,
					  unsigned int port)
{
	struct sockaddr_storage ss = *base;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *in = (struct sockaddr_in *)&ss;
	bool v4 = ss.ss_family == AF_INET;
	uint8_t *addr = v4 ? (uint8_t *)&in->sin_addr : in6->sin6_addr.s6_addr;
	uint64_t sum = index;
	int i;

	for (i = (v4 ? 4 : 16) - 1 - (int)step / 8; i >= 0 && sum; i--) {
		sum += addr[i];
		addr[i] = sum;
		sum >>= 8;
	}
	set_port(&ss, port);
	return ss;
}

/* Request @k comes from an address, asks a port and an address: the first
 * changes with every request, then the second, then the third.
 */
static int open_request(unsigned int k)
{
	int fd = peer_socket((peer.tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK);
	int one = 1;
	unsigned int sport = peer.sport ? peer.sport + k : 0;
	struct sockaddr_storage to, from = { .ss_family = peer.addr.ss_family };

	if (peer.from.ss_family)
		from = address_at(&peer.from, k % peer.nr_from, peer.step, sport);
	else
		set_port(&from, sport);
	/* the same port for several, as long as they ask different addresses */
	if (!sport)
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if ((sport || peer.from.ss_family) &&
	    bind(fd, (struct sockaddr *)&from, peer.addrlen))
		die("--from or --sport %u: %s", sport, strerror(errno));
	k /= peer.nr_from;
	to = address_at(&peer.addr, k / peer.nr_port % peer.nr_dest, 0,
			peer.port + k % peer.nr_port);
	if (connect(fd, (struct sockaddr *)&to, peer.addrlen) && errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool ask_question(int fd)
{
	return send(fd, question, sizeof(question), MSG_NOSIGNAL) == sizeof(question);
}

static void begin(unsigned int k, double t)
{
	int fd = open_request(k);

	/* UDP has no handshake */
	if (fd >= 0 && !peer.tcp && !ask_question(fd)) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		nr_asked++;
	else
		waiting[nr_waiting++] = (struct request){
			.fd = fd, .connected = !peer.tcp, .due = t + peer.wait_ms / 1e3,
		};
}

/* The kernel could choose a closed UDP socket's port once more, and then the next
 * would be no new connection.
 */
static void answered(int fd, double t)
{
	nr_answered++;
	if (peer.hold || (!peer.tcp && nr_held < KEPT_OPEN))
		held[nr_held++] = (struct request){
			.fd = fd, .due = t + peer.talk_ms / 1e3,
		};
	else
		close(fd);
}

/* Returns whether @r is done: answered, or given up. */
static bool go_on(struct request *r, short events, double t)
{
	socklen_t len = sizeof(int);
	char buf[sizeof(question)];
	int err = 0;

	if (events && !r->connected) {
		if (getsockopt(r->fd, SOL_SOCKET, SO_ERROR, &err, &len) || err ||
		    !ask_question(r->fd))
			goto fail;
		r->connected = true;
	} else if (events) {
		if (recv(r->fd, buf, sizeof(buf), 0) <= 0)
			goto fail;
		nr_asked++;
		answered(r->fd, t);
		return true;
	}
	if (t < r->due)
		return false;
fail:
	nr_asked++;
	close(r->fd);
	return true;
}

/* What each of those that are held has to say, now and then */
static void talk(double t)
{
	char buf[256];
	unsigned int i;

	for (i = 0; i < nr_held; i++) {
		if (t < held[i].due)
			continue;
		held[i].due = t + peer.talk_ms / 1e3;
		while (recv(held[i].fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
			;
		ask_question(held[i].fd);
	}
}

static double next_talk(double until)
{
	unsigned int i;

	for (i = 0; i < nr_held; i++)
		if (held[i].due < until)
			until = held[i].due;
	return until;
}

/* Until something happens or until then; what has happened is in pfd */
static void wait_for_answers(double until)
{
	double t = now();
	unsigned int i;

	for (i = 0; i < nr_waiting; i++) {
		if (waiting[i].due < until)
			until = waiting[i].due;
		pfd[i] = (struct pollfd){
			.fd = waiting[i].fd,
			.events = waiting[i].connected ? POLLIN : POLLOUT,
		};
	}
	/* never less than nothing: poll() waits for ever then */
	poll(pfd, nr_waiting, until > t ? (until - t) * 1000 + 1 : 0);
}

static void take_answers(void)
{
	double t = now();
	unsigned int i;

	for (i = nr_waiting; i-- > 0;)
		if (go_on(&waiting[i], pfd[i].revents, t))
			waiting[i] = waiting[--nr_waiting];
}

/*
 * Begins what is due, so that the rate is the same in a guest that is busy. After a long
 * wait the schedule moves: a burst to make up for it would be a flood of its own. Returns
 * when the next is due.
 */
static double begin_due(unsigned int *k, double *from)
{
	while (!stop && *k < peer.count && nr_waiting < peer.open) {
		double t = now(), due = peer.rate ? *from + (double)*k / peer.rate : t;

		if (due > t)
			return due;
		if (peer.rate && t - due > MAKE_UP && t - due > 1.0 / peer.rate)
			*from += t - due;
		begin((*k)++, t);
	}
	return HUGE_VAL;
}

void run_ask(void)
{
	double start = now(), end = start + peer.seconds, from = start, due;
	unsigned int k = 0;

	waiting = calloc(peer.open, sizeof(*waiting));
	pfd = calloc(peer.open, sizeof(*pfd));
	held = calloc(peer.count > KEPT_OPEN ? peer.count : KEPT_OPEN, sizeof(*held));
	if (!waiting || !pfd || !held)
		die("no memory for %u connections", peer.count);
	while (!stop && now() < end && (k < peer.count || nr_waiting)) {
		due = begin_due(&k, &from);
		if (due > end)
			due = end;
		if (peer.talk_ms)
			due = next_talk(due);
		wait_for_answers(due);
		take_answers();
		if (peer.talk_ms)
			talk(now());
	}
	/* of what waits still, nobody knows whether it was to be answered */
	printf("asked=%u answered=%u seconds=%.3f\n", nr_asked, nr_answered, now() - start);
	fflush(stdout);
	while (peer.hold && !stop && now() < end) {
		due = now() + 0.2;
		if (peer.talk_ms) {
			due = next_talk(due);
			talk(now());
		}
		wait_for_answers(due < end ? due : end);
	}
}
