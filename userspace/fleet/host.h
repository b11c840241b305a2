/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of a host once its snapshot is gone. */
#ifndef CONNTRIAGE_FLEET_HOST_H
#define CONNTRIAGE_FLEET_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "snapshot.h"

/* Somebody, or something, that a finding names as who causes it */
struct fleet_party {
	char *name;		/* "10.0.0.13", "192.0.2.1 udp/53" */
	char *who;		/* whose it is, or NULL */
	bool blamed;		/* another host is accused by it: see host_judge() */
};

struct fleet_finding {
	const struct cause *cause;
	enum severity severity;
	enum certainty certainty;
	char *sentence;
	struct fleet_party *party;
	size_t nr_parties;
};

struct fleet_host {
	char *root;			/* the tree */
	char *name;			/* of the host; else the tree's */
	char *error;			/* what of it couldn't be read: all, or a file; or NULL */
	int64_t captured;		/* s since 1970; UNKNOWN */
	enum severity severity;
	int64_t since;			/* s since 1970 that its incident began, or UNKNOWN */
	int64_t entries, max;		/* of the table that is worst, or UNKNOWN */
	struct fleet_finding *finding;	/* worst first */
	size_t nr_findings;
};

/**
 * host_judge() - read a captured tree, judge it, and let go of it
 * @root: the tree
 * @h: filled; free with host_free()
 *
 * A source, a network, or a destination that answers nobody is blamed where the cause is
 * about what it does; whoever merely opens most connections isn't: that may be the
 * monitoring of all hosts. Nor is what each host has for itself: its own addresses, those of
 * its containers, loopback.
 */
void host_judge(const char *root, struct fleet_host *h);

void host_free(struct fleet_host *h);

/** host_urgency() - by which severities are ranked: worse ones are greater */
int host_urgency(const struct fleet_host *h);

#endif
