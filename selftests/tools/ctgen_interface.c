// SPDX-License-Identifier: GPL-2.0
/* ctgen: the packet socket on its interface. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "ctgen.h"
#include "ctprog.h"

int open_interface(struct sockaddr_ll *ll, struct ifreq *ifr)
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
