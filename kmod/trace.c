// SPDX-License-Identifier: GPL-2.0
/* The tracepoints' code, and what they have in common. */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/string.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * ctri_trace_addr() - an address as the trace buffer keeps it
 * @sockaddr: room for a struct sockaddr_in6
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: the address
 * @port: its port, or 0
 *
 * Context: any.
 */
void ctri_trace_addr(u8 *sockaddr, u16 family, const union nf_inet_addr *addr,
		     __be16 port)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };

	if (family == NFPROTO_IPV4) {
		struct sockaddr_in *sin = (struct sockaddr_in *)&sa;

		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = addr->ip;
		sin->sin_port = port;
	} else {
		sa.sin6_addr = addr->in6;
		sa.sin6_port = port;
	}
	memcpy(sockaddr, &sa, sizeof(sa));
}
