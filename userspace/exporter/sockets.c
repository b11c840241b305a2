// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets of systemd's by its protocol, which is two variables of the environment: no
 * reason to need its library. Or one that is opened here.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exporter/sockets.h"
#include "lib/complain.h"
#include "lib/text.h"

#define FIRST_PASSED	3	/* the first that systemd passes */
/* bytes that the kernel keeps for a connection in each direction: it would be megabytes */
#define KERNEL_SENDS	16384
#define KERNEL_TAKES	8192

static bool is_listening(int fd)
{
	int type = 0, listens = 0;
	socklen_t len = sizeof(int);

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) && type == SOCK_STREAM &&
	       !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) && listens;
}

/* What is accepted there inherits these. */
static void bound_memory(int fd)
{
	const int sends = KERNEL_SENDS, takes = KERNEL_TAKES;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sends, sizeof(sends));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &takes, sizeof(takes));
}

int sockets_passed(int *fd, size_t most)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int64_t whose, nr, i;

	if (!pid || !fds || !text_count(pid, &whose) || whose != getpid() ||
	    !text_count(fds, &nr) || !nr)
		return 0;
	/* They are this process's alone, not nft's. */
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (nr > (int64_t)most) {
		complain("LISTEN_FDS=%" PRId64 ": more than %zu sockets; take some out of the "
			 "socket unit", nr, most);
		return -1;
	}
	for (i = 0; i < nr; i++) {
		fd[i] = FIRST_PASSED + i;
		if (!is_listening(fd[i])) {
			complain("LISTEN_FDS: descriptor %d is no socket that accepts connections; "
				 "the socket unit wants ListenStream= and Accept=no", fd[i]);
			return -1;
		}
		fcntl(fd[i], F_SETFD, FD_CLOEXEC);
		fcntl(fd[i], F_SETFL, O_NONBLOCK);
		bound_memory(fd[i]);
	}
	return nr;
}

/* What somebody can do about it */
static const char *advice(int error)
{
	switch (error) {
	case EADDRINUSE:
		return "ss -ltnp shows who listens there; stop it, or give another port";
	case EADDRNOTAVAIL:
		return "give an address that \"ip address\" shows here";
	case EACCES:
		return "ports below 1024 take CAP_NET_BIND_SERVICE; give a higher one";
	default:
		return "give another address";
	}
}

/* ADDRESS:PORT as numbers, nothing that a resolver would have to be asked for */
static struct addrinfo *parse_address(const char *where)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	const char *colon = strrchr(where, ':');
	struct addrinfo *a = NULL;
	char host[80];
	size_t len;

	if (!colon || !text_port(colon + 1) || colon - where >= (ptrdiff_t)sizeof(host))
		return NULL;
	len = colon - where;
	if (len > 1 && *where == '[' && where[len - 1] == ']') {
		memcpy(host, where + 1, len - 2);
		host[len - 2] = '\0';
	} else {
		memcpy(host, where, len);
		host[len] = '\0';
		if (!text_address(host, 4))
			return NULL;
	}
	return getaddrinfo(host, colon + 1, &hints, &a) ? NULL : a;
}

static void say_where(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char host[80], port[8];

	if (getsockname(fd, (struct sockaddr *)&at, &len) ||
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return;
	printf(at.ss_family == AF_INET6 ? "listens on [%s]:%s\n" : "listens on %s:%s\n", host,
	       port);
	fflush(stdout);
}

int sockets_open(const char *where)
{
	struct addrinfo *a = parse_address(where);
	int fd, error = 0, yes = 1;

	if (!a) {
		complain("--listen %s: no address and port; give such as 127.0.0.1:9997 or "
			 "[::1]:9997", where);
		return -1;
	}
	fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
	    bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, SOMAXCONN))
		error = errno;
	freeaddrinfo(a);
	if (!error) {
		bound_memory(fd);
		say_where(fd);
		return fd;
	}
	complain("--listen %s: %s; %s", where, strerror(error), advice(error));
	if (fd >= 0)
		close(fd);
	return -1;
}
