/* SPDX-License-Identifier: GPL-2.0 */
/* Whom several hosts blame. */
#ifndef CONNTRIAGE_FLEET_SHARED_H
#define CONNTRIAGE_FLEET_SHARED_H

#include <stddef.h>

#include "fleet/host.h"

struct fleet_shared {
	const char *name;
	const char *who;			/* or NULL */
	const struct cause *cause;		/* on the worst of the hosts */
	const struct fleet_host **host;		/* worst first, each once */
	size_t nr;
};

struct fleet_shares {
	struct fleet_shared *shared;		/* most hosts first */
	size_t nr;
};

/**
 * shares_find() - who is blamed by two hosts or more
 * @host: worst first; the result points into them
 *
 * Captures of one host by one name are one host. Return: free with shares_free().
 */
struct fleet_shares shares_find(const struct fleet_host *host, size_t nr);

void shares_free(struct fleet_shares *s);

#endif
