// SPDX-License-Identifier: GPL-2.0
/* Gateways, resolvers and the session's peer: whom no advice may cut off. */
#include <string.h>

#include "snapshot.h"
#include "tests/parse/parse_test.h"

static bool is_guarded(const struct snapshot *s, size_t nr, const char *address,
		       enum guard_reason why)
{
	return nr < s->nr_guarded && !strcmp(s->guarded[nr].address, address) &&
	       s->guarded[nr].why == why;
}

static bool guarded(const struct snapshot *s)
{
	return s->nr_guarded == 4 && is_guarded(s, 0, "198.51.100.20", GUARD_SESSION) &&
	       is_guarded(s, 1, "192.0.2.53", GUARD_RESOLVER) &&
	       is_guarded(s, 2, "192.0.2.254", GUARD_GATEWAY) &&
	       is_guarded(s, 3, "fe80::1", GUARD_GATEWAY);
}

static bool guarded_by_host(const struct snapshot *s)
{
	return s->nr_guarded == 6 && is_guarded(s, 0, "127.0.0.53", GUARD_RESOLVER) &&
	       is_guarded(s, 1, "192.0.2.53", GUARD_RESOLVER) &&
	       is_guarded(s, 2, "fe80::53", GUARD_RESOLVER) &&
	       is_guarded(s, 3, "10.0.0.10", GUARD_GATEWAY) &&
	       is_guarded(s, 4, "11.0.0.11", GUARD_GATEWAY) &&
	       is_guarded(s, 5, "fd00::1", GUARD_GATEWAY);
}

static bool nobody_guarded(const struct snapshot *s)
{
	return !s->nr_guarded;
}

const struct test guard_files[] = {
	{ "whom no advice may cut off", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, guarded },
	{ "gateways and resolvers as the host has them",
	  {{ "conntriage/guarded", REMOVE, NULL, NULL, 0 },
	   { "etc/resolv.conf", WRITE, NULL, "# nameserver 1.1.1.1\nsearch example\n"
	     "nameserver 127.0.0.53\noptions edns0\n", 0 },
	   { "run/systemd/resolve/resolv.conf", WRITE, NULL, "nameserver 192.0.2.53\n"
	     "nameserver fe80::53%eth0\nnameserver 192.0.2.53\nnameserver x\n", 0 },
	   { "proc/net/route", WRITE, NULL, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\t"
	     "Metric\tMask\t\tMTU\tWindow\tIRTT\n"
	     "eth0\t00000000\t0A00000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
	     "eth1\t0000007F\t0B00000B\t0003\t0\t0\t0\t000000FF\t0\t0\t0\n"
	     "eth0\t0002A8C0\t0C00000C\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
	     "eth0\t0002A8C0\t00000000\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", 0 },
	   { "proc/net/ipv6_route", WRITE, NULL,
	     "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 "
	     "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n"
	     "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
	     "fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n"
	     "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
	     "fd00 00000400 00000002 00000000 00000003     eth0\n", 0 }}, NULL, guarded_by_host },
	{ "routes that can't be read, and no resolver",
	  {{ "conntriage/guarded", REMOVE, NULL, NULL, 0 },
	   { "proc/net/route", DIRECTORY, NULL, NULL, 0 },
	   { "etc/resolv.conf", FIFO, NULL, NULL, 0 }}, NULL, nobody_guarded },
	{ "guarded for reasons that came later, and no addresses",
	  {{ "conntriage/guarded", WRITE, NULL, "address why new\n192.0.2.1 later x\n"
	     "192.0.2.1/24 gateway x\nx gateway x\n0.0.0.0 gateway x\n", 0 }},
	  NULL, nobody_guarded },
	{ "guarded: a column less",
	  {{ "conntriage/guarded", WRITE, NULL, "why\ngateway\n", 0 }},
	  "conntriage/guarded:1: no column \"address\"", NULL },
	{ "guarded: no address but a command",
	  {{ "conntriage/guarded", REPLACE, "192.0.2.53", "$(reboot)", 0 }},
	  "conntriage/guarded:3: column \"address\"", NULL },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
