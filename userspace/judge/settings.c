// SPDX-License-Identifier: GPL-2.0
/* Settings of conntrack: what they are, and what the kernel makes them. */
#include <string.h>

#include "judge/settings.h"
#include "judge/tables.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* nf_conntrack_proto_*.c, nf_conntrack_standalone.c */
static const struct {
	const char *key;
	int64_t value;
} kernel[] = {
	{ "generic_timeout", 600 }, { "icmp_timeout", 30 }, { "icmpv6_timeout", 30 },
	{ "udp_timeout", 30 }, { "udp_timeout_stream", 120 },
	{ "tcp_timeout_syn_sent", 120 }, { "tcp_timeout_syn_recv", 60 },
	{ "tcp_timeout_established", 432000 }, { "tcp_timeout_fin_wait", 120 },
	{ "tcp_timeout_close_wait", 60 }, { "tcp_timeout_last_ack", 30 },
	{ "tcp_timeout_time_wait", 120 }, { "tcp_timeout_close", 10 },
	{ "tcp_timeout_max_retrans", 300 }, { "tcp_timeout_unacknowledged", 300 },
	{ "tcp_loose", 1 }, { "tcp_be_liberal", 0 }, { "tcp_max_retrans", 3 },
	{ "log_invalid", 0 }, { "acct", 0 },
};

bool setting_too_short(const struct ct_sysctl *c)
{
	return !strcmp(c->name, "tcp_timeout_established") && c->value > 0 &&
	       c->value < RFC5382_IDLE;
}

int64_t setting_default(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernel); i++)
		if (!strcmp(kernel[i].key, key))
			return kernel[i].value;
	return UNKNOWN;
}

int64_t setting_now(const struct tables *ts, const struct netns_table *n,
		    const char *key)
{
	const struct ct_sysctl *c = n->own ? find_sysctl(ts->s, key) : NULL;

	return c && c->value > 0 ? c->value : setting_default(key);
}
