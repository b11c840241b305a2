// SPDX-License-Identifier: GPL-2.0
/* ctpeer serve: answers every request with itself, at whatever address of this
 * host it was sent to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctpeer.h"
#include "ctprog.h"

#define EVENTS		64

static int open_server(int type)
{
	int one = 1, fd = peer_socket(type);

	if (bind(fd, (struct sockaddr *)&peer.addr, peer.addrlen))
		die("bind: %s; is the address this namespace's, and the port free?",
		    strerror(errno));
	if (type & SOCK_STREAM) {
		if (listen(fd, 4096))
			die("listen: %s", strerror(errno));
		return fd;
	}
	/* Who asked one of many addresses wants its answer from that one */
	if (peer.addr.ss_family == AF_INET ?
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)) :
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one)))
		die("IP_PKTINFO: %s", strerror(errno));
	return fd;
}

/* The control message names the address that was asked, and sent back the one to
 * answer from. By whatever way leads to who asked, not by that on which he came.
 */
static void any_way(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);

	if (!c)
		return;
	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
		((struct in_pktinfo *)CMSG_DATA(c))->ipi_ifindex = 0;
	else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
		((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_ifindex = 0;
}

static void answer_udp(int fd, unsigned int *nr)
{
	for (;;) {
		char buf[2048];
		char control[128] __attribute__((aligned(8)));
		struct sockaddr_storage from;
		struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
		struct msghdr m = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);

		if (n < 0)
			return;
		iov.iov_len = n;
		any_way(&m);
		if (sendmsg(fd, &m, MSG_DONTWAIT) == n)
			(*nr)++;
	}
}

static void answer_tcp(int fd)
{
	char buf[2048];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0 && send(fd, buf, n, MSG_NOSIGNAL) == n)
		return;
	close(fd);
}

static void wait_on(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev))
		die("epoll: %s", strerror(errno));
}

/* Out of descriptors, the others wait until one is closed */
static void accept_all(int epoll, int fd, unsigned int *nr)
{
	for (;;) {
		int peer_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (peer_fd < 0)
			return;
		wait_on(epoll, peer_fd);
		(*nr)++;
	}
}

void run_serve(void)
{
	int udp = open_server(SOCK_DGRAM), tcp = open_server(SOCK_STREAM | SOCK_NONBLOCK);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	unsigned int nr_udp = 0, nr_tcp = 0;
	struct epoll_event ev[EVENTS];
	double end = now() + peer.seconds;

	if (epoll < 0)
		die("epoll: %s", strerror(errno));
	wait_on(epoll, udp);
	wait_on(epoll, tcp);
	puts("ready");
	fflush(stdout);
	while (!stop && now() < end) {
		int i, n = epoll_wait(epoll, ev, EVENTS, 200);

		for (i = 0; i < n; i++) {
			if (ev[i].data.fd == udp)
				answer_udp(udp, &nr_udp);
			else if (ev[i].data.fd == tcp)
				accept_all(epoll, tcp, &nr_tcp);
			else
				answer_tcp(ev[i].data.fd);
		}
	}
	printf("udp=%u tcp=%u\n", nr_udp, nr_tcp);
}
