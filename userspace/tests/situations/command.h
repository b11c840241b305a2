/* SPDX-License-Identifier: GPL-2.0 */
/* What a command that the reader prints does to connections. */
#ifndef CONNTRIAGE_SITUATIONS_COMMAND_H
#define CONNTRIAGE_SITUATIONS_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#define COMMAND_WORDS	256
#define COMMAND_TEXT	16384

enum verb {
	DOES_NOTHING,	/* to connections */
	DROPS, LIMITS, REJECTS,
	DROPS_INVALID,	/* what conntrack calls so */
	DROPS_UNROUTABLE,	/* sources that the routes don't lead back to */
	DROPS_FLAGS,	/* TCP flags that no connection has */
	UNTRACKS,	/* and SYNPROXY, before it knows the client */
	DELETES,	/* entries that there are */
	SETS,		/* a setting of conntrack */
	REAPS,		/* a dump, which kills what has expired */
};

struct command {
	enum verb verb;
	/* Whom it selects, as it stands there; none: everybody */
	const char *source[COMMAND_WORDS], *dest[COMMAND_WORDS];
	int nr_sources, nr_dests;
	const char *proto;	/* "tcp", ... or NULL */
	int port, from_port;	/* 0: any */
	const char *state;	/* of TCP, or NULL */
	bool unreplied;		/* only what nobody answered */
	bool silent;		/* only what has been silent for a while: of whose timeout */
	int above, below;	/* ... more than so many seconds are left, and less */
	bool new_only;		/* spares what is established */
	double rate;		/* of a limit, packets a second */
	const char *setting;	/* without "nf_conntrack_" */
	int64_t value;
	char text[COMMAND_TEXT];	/* the words point into it */
};

/**
 * command_parse() - read one line of a fix
 * @line: a comment does nothing
 */
void command_parse(struct command *c, const char *line);

#endif
