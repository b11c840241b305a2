/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of ctpeer share: whom it asks, and how. */
#ifndef CTPEER_H
#define CTPEER_H

#include <stdbool.h>
#include <sys/socket.h>

struct peer_options {
	struct sockaddr_storage addr;	/* with the first port */
	socklen_t addrlen;
	struct sockaddr_storage from;	/* family AF_UNSPEC: the kernel chooses */
	bool tcp, hold;
	unsigned int count, rate, seconds, wait_ms, talk_ms, open;
	unsigned int port, sport, nr_from, nr_dest, nr_port;
	unsigned int step;		/* low bits of --from that don't count; whole bytes */
};

/* The command line's; set once, by main() */
extern struct peer_options peer;

void set_port(struct sockaddr_storage *ss, unsigned int port);

/* A socket of the server's family, SOCK_STREAM or SOCK_DGRAM with flags, whose
 * address may be one that only a route of type local knows; dies where there is
 * none to be had
 */
int peer_socket(int type);

/* Until the time is over or a signal came; they print how it went */
void run_serve(void);
void run_ask(void);

#endif
