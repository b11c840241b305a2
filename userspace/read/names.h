/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of read_who() share: which addresses rows name, and who they are. */
#ifndef CONNTRIAGE_READ_NAMES_H
#define CONNTRIAGE_READ_NAMES_H

#include "read/reader.h"
#include "read/runtimes.h"
#include "snapshot.h"

/* An address that rows name: all that is read is for these. */
struct named {
	char address[64];
	size_t lease;			/* its row's place, counted from 1; 0: none */
};

struct names {
	struct reader *r;
	struct named *named;		/* by address */
	size_t nr_named;
	int64_t *netns;			/* that rows name, or that own such addresses; sorted */
	size_t nr_netns;
	/* Not all addresses of all namespaces are known: nobody knows who alone has one. */
	bool too_many;
	int64_t now;			/* s since 1970: of the host or of its capture */
	struct runtimes runtimes;
};

/** named_collect() - the addresses and namespaces that the snapshot's rows name */
void named_collect(struct names *n);

/** named_find() - an address among them, or NULL */
struct named *named_find(const struct names *n, const char *address);

/** names_netns() - one more namespace whose tenant is wanted; in any order */
void names_netns(struct names *n, int64_t netns);

/** read_owned() - which namespaces have these addresses */
void read_owned(struct names *n);

/** add_owned() - an address that a namespace has; left out where no row names it */
void add_owned(struct names *n, int64_t netns, const char *address);

/**
 * add_addresses() - all of a namespace's
 * @dir: the net directory of a process in it: "proc/812/net"
 */
void add_addresses(struct names *n, int64_t netns, const char *dir);

/** read_empty() - as read_owned(), and after it, of named namespaces without a process */
void read_empty(struct names *n);

/** read_tenants() - who lives in the namespaces, and their containers; programs' too */
void read_tenants(struct names *n);

/** read_neighbours() - interfaces and MACs of these addresses */
void read_neighbours(struct names *n);

/** read_neighbours6() - the same of IPv6, of own_netns alone; not out of a tree */
void read_neighbours6(struct names *n);

/** read_leases() - what DHCP servers of this host know of these addresses */
void read_leases(struct names *n);

/**
 * container_of_cgroup() - the container of a cgroup, with its names
 * @path: of the cgroup, see cgroups.h
 *
 * Return: its row, until the next call; NULL where the cgroup is no container's.
 */
const struct container *container_of_cgroup(struct names *n, const char *path);

/** outside_mark() - find the owned addresses that mean hosts beyond network cards */
void outside_mark(struct names *n);

/** names_sort() - the order in which lib/who.c looks things up */
void names_sort(struct snapshot *s);

/** names_keep() - put what was found into a copy: the files that it is from never are */
void names_keep(struct reader *r);

/** names_kept() - read what a copy has; false where it has none */
bool names_kept(struct reader *r);

/* The parsers of lists of leases; @text is written to */
void parse_dnsmasq(struct names *n, char *text);
void parse_odhcpd(struct names *n, char *text);
void parse_kea(struct names *n, char *text);
void parse_isc(struct names *n, char *text);
void parse_libvirt(struct names *n, char *text);
void parse_arp(struct names *n, int64_t netns, char *text);

#endif
