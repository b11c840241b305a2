/* SPDX-License-Identifier: GPL-2.0 */
/* Those whom a finding is about: who causes it, and who suffers. */
#ifndef CONNTRIAGE_JUDGE_PARTY_H
#define CONNTRIAGE_JUDGE_PARTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/fact.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "snapshot.h"

enum party_kind {
	PARTY_SOURCE,		/* an address, or the network that is one source */
	PARTY_NETWORK,
	PARTY_DESTINATION,
	PARTY_SERVICE,		/* a port, whoever serves it */
	PARTY_ENDPOINT,		/* a destination and port */
	PARTY_NETNS,
	PARTY_PROGRAM,
	PARTY_HELPER,		/* of conntrack: ftp, sip, ... */
	PARTY_SETTING,		/* a sysctl */
	PARTY_RULE,
	PARTY_NOBODY,		/* nobody in particular: the facts say all */
	PARTY_KINDS
};

extern const char *const party_word[PARTY_KINDS];

struct party {
	enum party_kind kind;
	int64_t netns;		/* that it is seen in, or UNKNOWN */
	char *netns_name;	/* of that, or NULL */
	char *name;		/* an address, a port, a unit, a key; NULL of nobody */
	char *proto;		/* of a service or an endpoint, or NULL */
	char *port;		/* of an endpoint, or NULL */
	char *who;		/* whose it is, in words: see lib/who.h; NULL: not known */
	bool own;		/* an address of this host */
	int64_t pid;		/* of a program, or UNKNOWN */
	char *command;		/* its process, or NULL */
	bool has_life;
	double life[LIVES];	/* its entries */
	struct facts facts;	/* what it does, or what happens to it */
};

struct parties {
	struct party *party;
	size_t nr;
};

/** party_add() - name somebody, or something; facts_add() to its ->facts */
struct party *party_add(struct parties *l, enum party_kind kind, const char *name);

/** party_nobody() - what there is to say where nobody in particular is meant */
struct facts *party_nobody(struct parties *l);

/** party_actor() - name a source, and whose it is */
struct facts *party_actor(struct parties *l, const struct tables *ts, const struct actor *a);

/** party_row() - name the source of a row */
struct facts *party_row(struct parties *l, const struct tables *ts, const struct source_row *row);

/** party_group() - name those who have entries in common, and what these are */
struct facts *party_group(struct parties *l, const struct tables *ts,
			  const struct netns_table *n, const struct group *g);

/** party_netns() - name a namespace; the reader's own has no name */
struct facts *party_netns(struct parties *l, const struct netns_table *n);

/** party_service() - name a service: "udp/53", or a port and @proto */
struct facts *party_service(struct parties *l, const char *name, const char *proto);

/** party_setting() - name a sysctl, by its name without "nf_conntrack_" */
struct facts *party_setting(struct parties *l, const char *name);

/** party_rule() - name a rule, by its place */
struct facts *party_rule(struct parties *l, const char *place);

/** party_program() - name a program; party_process() - and its process */
struct party *party_program(struct parties *l, const char *name);
void party_process(struct party *p, int64_t pid, const char *command);

void parties_free(struct parties *l);

#endif
