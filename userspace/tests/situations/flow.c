// SPDX-License-Identifier: GPL-2.0
/* Crowds and flows: what a situation is put together of. */
#include <netinet/in.h>

#include "tests/situations/situation.h"

/* docs/conntrack.md, "Timeouts" */
const struct setting_name setting_names[SETTINGS] = {
	[SYN_SENT_S] = { "tcp_timeout_syn_sent", 120 },
	[SYN_RECV_S] = { "tcp_timeout_syn_recv", 60 },
	[ESTABLISHED_S] = { "tcp_timeout_established", 432000 },
	[FIN_WAIT_S] = { "tcp_timeout_fin_wait", 120 },
	[CLOSE_WAIT_S] = { "tcp_timeout_close_wait", 60 },
	[TIME_WAIT_S] = { "tcp_timeout_time_wait", 120 },
	[UNACKNOWLEDGED_S] = { "tcp_timeout_unacknowledged", 300 },
	[UDP_S] = { "udp_timeout", 30 },
	[UDP_STREAM_S] = { "udp_timeout_stream", 120 },
	[ICMP_S] = { "icmp_timeout", 30 },
};

const char *const close_states[] = {
	[TIME_WAIT] = "TIME_WAIT", [CLOSE_WAIT] = "CLOSE_WAIT", [FIN_WAIT] = "FIN_WAIT",
};

struct crowd *crowd_add(struct situation *s, enum crowd_size size, uint32_t nr, enum role role)
{
	struct crowd *c = &s->crowd[s->nr_crowds];

	*c = (struct crowd) {
		.size = size, .role = role, .family = s->host.family, .nr = nr,
		.block = 11 + s->nr_crowds,
	};
	s->nr_crowds++;
	return c;
}

struct flow *flow_add(struct situation *s, int ingredient, enum script script,
		      struct crowd *who, struct crowd *whom)
{
	struct flow *f = &s->flow[s->nr_flows++];

	*f = (struct flow) {
		.ingredient = ingredient, .who = who, .whom = whom, .script = script,
		.begun = LONG_AGO, .life = 1, .gap = 8, .close_state = TIME_WAIT,
		.retries = true,
	};
	return f;
}

enum setting flow_setting(const struct flow *f, bool close)
{
	int proto = f->service[0].proto;

	if (close)
		return f->close_state == CLOSE_WAIT ? CLOSE_WAIT_S :
		       f->close_state == FIN_WAIT ? FIN_WAIT_S : TIME_WAIT_S;
	if (proto != IPPROTO_TCP)
		return proto == IPPROTO_UDP ? UDP_S : ICMP_S;
	if (f->script == NEVER_COMPLETED)
		return SYN_RECV_S;
	if (f->script == PICKED_UP)
		return f->ends ? FIN_WAIT_S : UNACKNOWLEDGED_S;
	return SYN_SENT_S;
}

const char *flow_state_name(const struct flow *f)
{
	if (f->service[0].proto != IPPROTO_TCP)
		return f->script == ASKED_ONCE ? "REPLIED" :
		       f->script == TALKS ? "ASSURED" : "UNREPLIED";
	return f->script == NEVER_COMPLETED ? "SYN_RECV" :
	       f->script == NEVER_ANSWERED ? "SYN_SENT" : f->ends ? "FIN_WAIT" : "ESTABLISHED";
}

void flow_service(struct flow *f, int proto, int port, double weight)
{
	f->service[f->nr_services++] = (struct service) { proto, port, weight };
	f->retries = f->retries && proto == IPPROTO_TCP;
}

void flow_timeouts(struct flow *f, const struct host *h)
{
	enum setting wait = flow_setting(f, false), close = flow_setting(f, true);

	f->wait = h->setting[wait];
	f->wait_usual = setting_names[wait].usual;
	/* A stream of UDP has no end that anybody sees. */
	if (f->service[0].proto == IPPROTO_TCP) {
		f->close = h->setting[close];
		f->close_usual = setting_names[close].usual;
	}
}

double flow_holds(const struct flow *f)
{
	switch (f->script) {
	case TALKS:
		return f->rate * (f->life + f->close);
	case FALLS_SILENT:
		return f->stock;
	case NO_ENTRY:
		return 0;
	default:
		return f->rate * f->wait;
	}
}

void flow_sized(struct flow *f, double entries)
{
	int i;

	if (f->script == NO_ENTRY) {
		f->rate = 0;
		return;
	}
	if (f->script == FALLS_SILENT) {
		f->stock = entries;
		f->rate = entries / f->stock_age;
	} else {
		f->rate = 1;
		f->rate = entries / flow_holds(f);
	}
	/* Until now these were INVALID packets a connection. */
	for (i = 0; i < 8; i++)
		f->invalid[i] *= f->rate;
}
