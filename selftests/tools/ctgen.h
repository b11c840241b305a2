/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packet k is a function of k alone (of k and --seed with --random): the source
 * changes with every packet, then source port, destination port, destination.
 * No tuple repeats within sources * sports * dports * dests packets, so that a
 * test knows how many conntrack entries it asks for, and of whom.
 */
#ifndef CTGEN_H
#define CTGEN_H

#include <net/ethernet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_FRAME	1514
#define MAX_PAYLOAD	1200

enum fault { FAULT_NONE, FAULT_BADSUM, FAULT_SHORT };

struct range {
	uint32_t first, nr;
};

struct options {
	const char *ifname, *log;
	uint64_t count, rate, seed, netns;
	double seconds;
	int family, proto, inner;	/* IPPROTO_*; inner 0: none embedded */
	uint8_t source[16], dest[16], via[16], mac[6];
	int via_family, dest_family;
	uint32_t nr_sources, nr_dests;
	unsigned int step;		/* low bits of a source that don't count */
	struct range sport, dport;
	uint8_t flags, icmp_type, icmp_code, ttl;
	uint32_t seq, ack, window, payload;
	enum fault fault;
	bool random, have_source, have_dest, have_mac, have_icmp, sink, json;
	bool host;
};

/* The command line's; set once, by parse_options() */
extern struct options o;

struct ifreq;
struct sockaddr_ll;

/* Sets @o, or dies; exits where --help is asked for */
void parse_options(int argc, char **argv);

/* A packet socket, bound to @o.ifname; the name and number go to @ll and @ifr,
 * which begin as zeros
 */
int open_interface(struct sockaddr_ll *ll, struct ifreq *ifr);

/* Send what @o asks for, or digest what arrives; print how it went */
void run_send(void);
void run_sink(void);

/* The address @index steps above @base */
void addr_at(uint8_t *to, const uint8_t *base, uint32_t index,
	     unsigned int step);

/* Packet @k to @frame; returns its length, and its source's number */
size_t build(uint8_t *frame, uint64_t k, uint32_t *index);

#endif
