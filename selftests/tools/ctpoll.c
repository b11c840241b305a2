// SPDX-License-Identifier: GPL-2.0
/*
 * ctpoll - wait for a file to say that it has news: a line "ready" when it has been
 * read and is waited for, and then a line each time that the wait ended: what
 * poll(2) said, how many lines the file has then, and how long that took.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "ctprog.h"

/* Lines of the file, from its beginning */
static unsigned int lines(int fd)
{
	unsigned int nr = 0;
	char buf[4096];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET))
		die("seek: %s", strerror(errno));
	while ((got = read(fd, buf, sizeof(buf))) > 0)
		while (got--)
			nr += buf[got] == '\n';
	if (got < 0)
		die("read: %s", strerror(errno));
	return nr;
}

/* Each returns what is said of the file, with POLLIN: there is something to read */
static int by_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	return poll(&p, 1, -1) == 1 ? p.revents : -1;
}

static int by_select(int fd)
{
	fd_set except;

	FD_ZERO(&except);
	FD_SET(fd, &except);
	return select(fd + 1, NULL, NULL, &except, NULL) == 1 ? POLLPRI : -1;
}

static int by_epoll(int fd)
{
	struct epoll_event e = { .events = EPOLLPRI };
	static int ep = -1;

	if (ep < 0) {
		ep = epoll_create1(EPOLL_CLOEXEC);
		if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
			die("epoll: %s", strerror(errno));
	}
	return epoll_wait(ep, &e, 1, -1) == 1 ? (int)e.events : -1;
}

int main(int argc, char **argv)
{
	int (*wait_for)(int fd);
	double began = now();
	int fd, said;

	if (argc != 3)
		die("usage: ctpoll poll|select|epoll FILE");
	wait_for = !strcmp(argv[1], "poll") ? by_poll :
		   !strcmp(argv[1], "select") ? by_select : by_epoll;
	fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", argv[2], strerror(errno));
	stop_on_signals();
	setlinebuf(stdout);
	printf("ready %u\n", lines(fd));
	while (!stop) {
		said = wait_for(fd);
		if (said < 0 && errno == EINTR)
			continue;
		if (said < 0)
			die("%s: %s", argv[1], strerror(errno));
		printf("%s%s lines=%u at=%.1f\n", said & POLLPRI ? "pri" : "-",
		       said & POLLERR ? ",err" : "", lines(fd), now() - began);
	}
	return 0;
}
