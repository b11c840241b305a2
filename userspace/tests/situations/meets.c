// SPDX-License-Identifier: GPL-2.0
/* How much of a flow a command meets. */
#include <math.h>
#include <string.h>

#include "tests/situations/meets.h"
#include "tests/situations/told.h"

/* How much of a crowd some words select; all, where there are none */
static double selected(const struct crowd *c, const char *const *words, int nr)
{
	double sum = 0;
	int i;

	for (i = 0; i < nr; i++)
		sum += crowd_share(c, words[i]);
	return nr ? fmin(sum, 1) : 1;
}

double command_meets(const struct command *c, const struct flow *f)
{
	double ports = 0;
	int i;

	if (c->proto && strcmp(c->proto, proto_name(f->service[0].proto)))
		return 0;
	for (i = 0; i < f->nr_services; i++)
		if (!c->port || (!f->all_ports && f->service[i].port == c->port))
			ports += f->service[i].weight;
	return selected(f->who, c->source, c->nr_sources) *
	       selected(f->whom, c->dest, c->nr_dests) * ports;
}
