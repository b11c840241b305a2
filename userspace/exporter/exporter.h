/* SPDX-License-Identifier: GPL-2.0 */
/* conntriage exporter: what Prometheus and others ask of this host, by HTTP. */
#ifndef CONNTRIAGE_EXPORTER_EXPORTER_H
#define CONNTRIAGE_EXPORTER_EXPORTER_H

#include "metrics/metrics.h"

#define EXPORTER_LISTEN	"127.0.0.1:9997"	/* if nothing else is asked for */

struct exporter_request {
	const char *root;		/* "": this host */
	const char *listen;		/* ADDRESS:PORT; NULL: systemd's sockets, or EXPORTER_LISTEN */
	struct metrics_request metrics;	/* ->census and ->top are used */
};

/**
 * exporter_run() - serve until SIGTERM or SIGINT
 *
 * Return: SEV_OK, or SEV_UNKNOWN where it can't, with the reason said.
 */
int exporter_run(const struct exporter_request *ask);

#endif
