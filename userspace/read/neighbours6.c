// SPDX-License-Identifier: GPL-2.0
/*
 * The interface and MAC of an IPv6 address on a local link. /proc doesn't have that
 * table; the kernel tells it by a socket, as it does ip(8).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/names.h"

#define ROOM		32768	/* bytes; the kernel's messages are shorter */
#define MAX_ANSWERS	4096	/* of so many bytes: a table ends before */
#define REACHED		(NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

static bool ask(int fd)
{
	const struct {
		struct nlmsghdr head;
		struct ndmsg about;
	} question = {
		.head = { .nlmsg_len = sizeof(question), .nlmsg_type = RTM_GETNEIGH,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.about = { .ndm_family = AF_INET6 },
	};

	return send(fd, &question, sizeof(question), 0) == sizeof(question);
}

static void add_neighbour(struct names *n, const struct ndmsg *about, const void *to,
			  const unsigned char *mac)
{
	char address[INET6_ADDRSTRLEN], device[IF_NAMESIZE];
	struct snapshot *s = n->r->s;
	struct neighbour *row;

	if (!inet_ntop(AF_INET6, to, address, sizeof(address)) || !named_find(n, address) ||
	    !if_indextoname(about->ndm_ifindex, device) ||
	    s->nr_neighbours == READ_MAX_NEIGHBOURS)
		return;
	row = grow(&s->neighbour, &s->nr_neighbours, sizeof(*row));
	row->netns = s->own_netns;
	snprintf(row->address, sizeof(row->address), "%s", address);
	text_printable(row->interface, sizeof(row->interface), device);
	snprintf(row->mac, sizeof(row->mac), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
}

static void hear_one(struct names *n, struct nlmsghdr *head)
{
	const struct ndmsg *about = NLMSG_DATA(head);
	const void *to = NULL, *mac = NULL;
	struct rtattr *attr;
	int len = head->nlmsg_len - NLMSG_LENGTH(sizeof(*about));

	if (len < 0 || about->ndm_family != AF_INET6 || !(about->ndm_state & REACHED))
		return;
	attr = (struct rtattr *)((char *)about + NLMSG_ALIGN(sizeof(*about)));
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (attr->rta_type == NDA_DST && RTA_PAYLOAD(attr) == sizeof(struct in6_addr))
			to = RTA_DATA(attr);
		else if (attr->rta_type == NDA_LLADDR && RTA_PAYLOAD(attr) == 6)
			mac = RTA_DATA(attr);
	if (to && mac)
		add_neighbour(n, about, to, mac);
}

/* Return: whether more answers follow. */
static bool hear(struct names *n, int fd)
{
	char room[ROOM] __attribute__((aligned(__alignof__(struct nlmsghdr))));
	struct nlmsghdr *head = (struct nlmsghdr *)room;
	int len;

	do {
		len = recv(fd, room, sizeof(room), 0);
	} while (len < 0 && errno == EINTR);
	if (len <= 0)
		return false;
	for (; NLMSG_OK(head, (unsigned int)len); head = NLMSG_NEXT(head, len)) {
		if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
			return false;
		if (head->nlmsg_type == RTM_NEWNEIGH)
			hear_one(n, head);
	}
	return true;
}

void read_neighbours6(struct names *n)
{
	int fd, answers;

	if (*n->r->s->root || !n->nr_named)
		return;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return;
	if (ask(fd))
		for (answers = 0; answers < MAX_ANSWERS && hear(n, fd); answers++)
			;
	close(fd);
}
