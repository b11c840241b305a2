/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A situation: a host, and who opens which connections through it. crowd.c says
 * what members are called, mix*.c make one up, queue.c plays it, members.c tells
 * what the module would see of it.
 */
#ifndef CONNTRIAGE_SITUATIONS_SITUATION_H
#define CONNTRIAGE_SITUATIONS_SITUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/situations/chance.h"

#define MOST_CROWDS	48
#define MOST_FLOWS	32
#define MOST_INGREDIENTS 4	/* the background is one of them */
#define MOST_SERVICES	4
#define MOST_NAMED	256	/* members of a crowd that are told apart */

/* What a crowd deserves */
enum role {
	HONEST,		/* nothing may be dropped, limited or deleted of it */
	CULPRIT,	/* whatever helps */
	MIXED,		/* work and harm from one address: only what meets the harm */
	DEAD_END,	/* answers nobody: it may be rejected as a destination */
	PHANTOM,	/* made-up sources */
	GONE,		/* was a culprit, and has ended: to be told of, not punished */
};

enum crowd_size {
	NAMED,		/* at most MOST_NAMED of them, who come back */
	MANY,		/* a great number, who come back */
	NEW,		/* each comes once */
};

struct crowd {
	enum crowd_size size;
	enum role role;
	int family;		/* 4 or 6 */
	unsigned int block;	/* a network of its own */
	uint32_t nr;
	double skew;		/* the i-th heaviest has a weight of 1 / i^skew */
	bool neighbours;	/* all in one /24 or /48 */
	bool local;		/* this host */
};

struct service {
	int proto;		/* IPPROTO_* */
	int port;
	double weight;
};

/* What becomes of a flow's connections */
enum script {
	NEVER_ANSWERED,	/* SYN_SENT, or UDP and ICMP without a reply */
	NEVER_COMPLETED,	/* SYN_RECV */
	PICKED_UP,	/* midstream, no reply */
	ASKED_ONCE,	/* UDP: a question and its answer */
	TALKS,		/* then closes */
	FALLS_SILENT,	/* after its first words; is never closed */
	NO_ENTRY,	/* INVALID packets alone */
};

struct flow {
	int ingredient;
	struct crowd *who, *whom;
	struct service service[MOST_SERVICES];
	int nr_services;
	bool all_ports;		/* of the first service's protocol, each as likely */
	enum script script;
	bool ends;		/* what is picked up closes at once, in one direction */
	double rate;		/* new connections a second */
	double begun;		/* s before the question; >= LONG_AGO: always */
	double over;		/* s before the question; 0: it goes on */
	int restarted;		/* s before the question: all end, and come again; 0: never */
	double life;		/* s, mean, while it talks */
	double gap;		/* s, mean silence while it talks */
	double stock;		/* silent ones when the play begins */
	double stock_age;	/* s, over which they came */
	int wait, close;	/* s: timeouts of the first and of the last stage */
	double wait_usual, close_usual;	/* the kernel's defaults for these */
	int close_state;	/* an index of close_states */
	double invalid[8];	/* INVALID packets a second, by kmod/abi.h's inv_ columns */
	bool retries;		/* refused packets come again, as TCP's do */
};

#define LONG_AGO	1e7

extern const char *const close_states[];
enum { TIME_WAIT, CLOSE_WAIT, FIN_WAIT };

enum ingredient_kind {
	FLOOD_ONE, FLOOD_FEW, FLOOD_PREFIX, SCAN, SPOOFED, HALF_OPEN, DEAD_SERVICE,
	ONE_WAY_OUT, ONE_WAY_BACK, FORGOTTEN, INVALID_FLOOD, CHATTER, CHURN, GROWTH,
	PROXY, PROXY_CHURN, LEAK, DEAD_PEERS, RAISED, UNREAPED, IN_VAIN, MONITORING,
	BACKGROUND,
	INGREDIENT_KINDS
};

struct ingredient {
	enum ingredient_kind kind;
	double wanted;		/* entries, if the table had room for them */
};

/* The timeouts that a situation may change, as sysctls */
enum setting {
	SYN_SENT_S, SYN_RECV_S, ESTABLISHED_S, FIN_WAIT_S, CLOSE_WAIT_S, TIME_WAIT_S,
	UNACKNOWLEDGED_S, UDP_S, UDP_STREAM_S, ICMP_S, SETTINGS
};

struct setting_name {
	const char *name;	/* without "nf_conntrack_" */
	int usual;		/* the kernel's default, s */
};

extern const struct setting_name setting_names[SETTINGS];

enum fill { ROOMY, GREY, FULL, FILLS };

#define SITUATION_BOOT	60	/* s from the host's boot to the module's load */

struct host {
	int64_t max, buckets;
	int setting[SETTINGS];
	int tcp_loose;
	int64_t uptime;		/* of the module, s */
	int64_t mem_total;	/* bytes */
	bool nat;
	int family;		/* of most traffic */
	int flushed;		/* s ago that the table was emptied; 0: never */
};

struct situation {
	uint64_t seed;
	struct chance chance;
	struct host host;
	enum fill fill;
	double wanted;		/* entries, by all */
	struct ingredient ingredient[MOST_INGREDIENTS];
	int nr_ingredients;	/* [0] is the background */
	struct crowd crowd[MOST_CROWDS];
	int nr_crowds;
	struct flow flow[MOST_FLOWS];
	int nr_flows;
};

extern const char *const ingredient_names[INGREDIENT_KINDS];

/** situation_make() - make up the situation of a seed */
void situation_make(struct situation *s, uint64_t seed);

/* flow.c */

/** crowd_add() - a crowd with a network of its own */
struct crowd *crowd_add(struct situation *s, enum crowd_size size, uint32_t nr,
			enum role role);

/** flow_add() - a flow that always was, of TCP, without services */
struct flow *flow_add(struct situation *s, int ingredient, enum script script,
		      struct crowd *who, struct crowd *whom);

/** flow_service() - a further service of a flow */
void flow_service(struct flow *f, int proto, int port, double weight);

/** flow_holds() - the entries of a flow, in a table with room for all */
double flow_holds(const struct flow *f);

/** flow_sized() - set its rate (and what goes by it) so that it holds so many entries */
void flow_sized(struct flow *f, double entries);

/** flow_timeouts() - take the timeouts that it meets on a host */
void flow_timeouts(struct flow *f, const struct host *h);

/** flow_setting() - the timeout that rules a flow's first or, with @close, last stage */
enum setting flow_setting(const struct flow *f, bool close);

/** flow_state_name() - of TCP's, or UDP's, in that first stage; as the module has it */
const char *flow_state_name(const struct flow *f);

/* mix_harm.c, mix_work.c */

/** harm_add(), work_add() - the flows of an ingredient; ->rate is a share of its entries */
void harm_add(struct situation *s, int ingredient);
void work_add(struct situation *s, int ingredient);

#endif
