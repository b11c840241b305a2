// SPDX-License-Identifier: GPL-2.0
/*
 * Connections: each is read until a request is whole, written, drained and closed, and
 * has a deadline for each of these. Whatever a client does, it can't have more than its
 * one buffer, and a share of the pages that are current.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "exporter/server.h"
#include "lib/moment.h"

#define BREATH_US	100000	/* before the next try where there may be no more files */

struct connection {
	enum { FREE, READING, WRITING, DRAINING } state;
	int fd;
	int64_t begun, deadline;	/* ms of CLOCK_MONOTONIC; begun: 0 when it is over */
	size_t len, head_len, page_len, sent;
	struct page *page;
	char in[REQUEST_MOST], head[ANSWER_MOST];
};

static struct connection connections[SERVER_CONNECTIONS];
#define for_each(c) for ((c) = connections; (c) < connections + SERVER_CONNECTIONS; (c)++)

static void hang_up(struct connection *c)
{
	close(c->fd);
	page_drop(c->page);
	c->page = NULL;
	c->state = FREE;
}

/* As much of the answer as the client takes now */
static void send_some(struct connection *c)
{
	size_t of_head = c->sent < c->head_len ? c->sent : c->head_len, of_page = c->sent - of_head;
	struct iovec part[2] = { { c->head + of_head, c->head_len - of_head } };
	struct msghdr m = { .msg_iov = part, .msg_iovlen = 1 };
	ssize_t done;

	if (c->page_len)
		part[m.msg_iovlen++] = (struct iovec) { c->page->text + of_page,
							c->page_len - of_page };
	done = sendmsg(c->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (done < 0 && errno != EAGAIN)
		hang_up(c);
	if (done < 0)
		return;
	c->sent += done;
	if (c->sent < c->head_len + c->page_len)
		return;
	/* To close now would take the answer away from a client that is still sending. */
	shutdown(c->fd, SHUT_WR);
	c->state = DRAINING;
	c->begun = 0;
	c->deadline = clock_ms(CLOCK_MONOTONIC) + SERVER_DRAIN_MS;
}

static void reply(struct connection *c, bool head, const struct answer *a)
{
	c->head_len = answer_head(a, !head, c->head);
	c->page = a->page;
	c->page_len = a->page && !head ? a->page->len : 0;
	c->sent = 0;
	c->state = WRITING;
	c->deadline = clock_ms(CLOCK_MONOTONIC) + SERVER_MS;
	send_some(c);
}

static void refuse(struct connection *c, int status)
{
	reply(c, false, &(struct answer) { .status = status });
}

static void receive(struct server *s, struct connection *c)
{
	struct answer a = { .status = 404 };
	struct request_head r;
	ssize_t got;

	c->len = c->state == DRAINING ? 0 : c->len;
	got = recv(c->fd, c->in + c->len, REQUEST_MOST - c->len, MSG_DONTWAIT);
	if (!got || (got < 0 && errno != EAGAIN))
		hang_up(c);
	if (got <= 0 || c->state == DRAINING)
		return;
	c->len += got;
	a.status = request_parse(c->in, c->len, &r);
	if (!a.status)
		return;
	if (a.status == 200)
		s->answer(s->context, &r, &a);
	reply(c, r.head, &a);
}

/* A free one, or one that is over, or whichever is here longest */
static struct connection *find_room(void)
{
	struct connection *c, *oldest = connections;

	for_each(c) {
		if (c->state == FREE)
			return c;
		if (c->begun < oldest->begun)
			oldest = c;
	}
	if (oldest->state == READING)
		refuse(oldest, 503);
	if (oldest->state != FREE)
		hang_up(oldest);
	return oldest;
}

static void accept_some(struct server *s, int listener)
{
	struct connection *c;
	int i, fd;

	for (i = 0; i < SERVER_CONNECTIONS / 4; i++) {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
			usleep(BREATH_US);
		if (fd < 0)
			return;
		c = find_room();
		c->state = READING;
		c->fd = fd;
		c->len = 0;
		c->begun = clock_ms(CLOCK_MONOTONIC);
		c->deadline = c->begun + SERVER_MS;
		/* Mostly it is there already, so that nothing can come in between. */
		receive(s, c);
	}
}

/* @fd: what ends it, the listeners, the connections. Returns what poll() does. */
static int wait_for_it(const struct server *s, int ends, struct pollfd *fd)
{
	int64_t when = INT64_MAX, left;
	struct connection *c;
	nfds_t nr = 0;
	size_t i;

	fd[nr++] = (struct pollfd) { ends, POLLIN, 0 };
	for (i = 0; i < s->nr_listeners; i++)
		fd[nr++] = (struct pollfd) { s->listener[i], POLLIN, 0 };
	for_each(c) {
		fd[nr++] = (struct pollfd) { c->state == FREE ? -1 : c->fd,
					     c->state == WRITING ? POLLOUT : POLLIN, 0 };
		if (c->state != FREE && c->deadline < when)
			when = c->deadline;
	}
	left = when - clock_ms(CLOCK_MONOTONIC);
	return poll(fd, nr, when == INT64_MAX ? -1 : left < 0 ? 0 : left);
}

/* What has come is looked at before deadlines: making a page may have taken long. */
static void attend(struct server *s, struct connection *c, short events)
{
	if (c->state == WRITING && events)
		send_some(c);
	else if (c->state != FREE && events)
		receive(s, c);
	else if (c->state != FREE && c->deadline <= clock_ms(CLOCK_MONOTONIC))
		c->state == READING ? refuse(c, 408) : hang_up(c);
}

int server_run(struct server *s)
{
	struct pollfd fd[1 + SERVER_LISTENERS + SERVER_CONNECTIONS];
	struct connection *c;
	sigset_t signals;
	int ends;
	size_t i;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	ends = signalfd(-1, &signals, SFD_CLOEXEC);
	if (ends < 0)
		return -errno;
	for (;;) {
		if (wait_for_it(s, ends, fd) < 0)
			continue;
		if (fd[0].revents)
			break;
		for_each(c)
			attend(s, c, fd[1 + s->nr_listeners + (c - connections)].revents);
		for (i = 0; i < s->nr_listeners; i++)
			if (fd[1 + i].revents)
				accept_some(s, s->listener[i]);
	}
	return 0;	/* what is open goes with the process */
}
