/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small HTTP/1.1 server: one thread, a fixed number of connections with a fixed buffer
 * each, one request a connection.
 */
#ifndef CONNTRIAGE_EXPORTER_SERVER_H
#define CONNTRIAGE_EXPORTER_SERVER_H

#include "exporter/http.h"

#define SERVER_LISTENERS	8	/* sockets to accept on, at most */
#define SERVER_CONNECTIONS	256	/* 8 KiB each */
#define SERVER_MS		5000	/* for a request to come, and as long for its answer to go */
#define SERVER_DRAIN_MS		1000	/* for a client that is still sending to read its answer */

struct server {
	int listener[SERVER_LISTENERS];	/* not blocking */
	size_t nr_listeners;
	/* What to say to a request that was understood: fills @a, and holds its page for it */
	void (*answer)(void *context, const struct request_head *r, struct answer *a);
	void *context;
};

/**
 * server_run() - answer until SIGTERM or SIGINT
 *
 * When all connections are in use, the oldest gives way to a new one.
 *
 * Return: 0, or -errno: it couldn't begin.
 */
int server_run(struct server *s);

#endif
