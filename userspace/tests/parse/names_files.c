// SPDX-License-Identifier: GPL-2.0
/* What a capture keeps of who is who. The files that it is from: tests/who. */
#include <string.h>

#include "lib/containers.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define NAMES(file) "conntriage/names/" file
#define CONTAINERS_HEAD "runtime id user name image pod pod_namespace\n"
#define TENANTS_HEAD "netns pid command unit container more\n"
#define OWNED_HEAD "address netns outside\n"
#define NEIGHBOURS_HEAD "netns address interface mac\n"
#define LEASES_HEAD "address mac name\n"
#define OWN 4026531840

static bool nobody(const struct snapshot *s)
{
	return !s->nr_containers && !s->nr_tenants && !s->nr_owned && !s->nr_neighbours &&
	       !s->nr_leases && !*who_words(s, OWN, "192.0.2.10") &&
	       !strcmp(who_netns(s, 4026532201), "namespace red");
}

static bool everybody(const struct snapshot *s)
{
	return !strcmp(who_words(s, OWN, "10.0.0.2"), "docker container a b=c, web:1") &&
	       !strcmp(who_netns(s, 4026532201), "docker container a b=c, web:1") &&
	       !strcmp(netns_phrase(s, 4026532201),
		       " of docker container a b=c (netns 4026532201)") &&
	       !strcmp(who_netns(s, 7), "x.service, pid 9 x y") &&
	       !strcmp(who_words(s, OWN, "10.0.0.3"), "one of 2 namespaces") &&
	       !strcmp(who_words(s, 7, "10.0.0.3"), "x.service, pid 9 x y") &&
	       !strcmp(who_words(s, OWN, "10.0.0.4"), "") &&
	       !strcmp(who_words(s, OWN, "10.0.0.5"), "namespace 8");
}

static bool newer_runtime(const struct snapshot *s)
{
	return s->nr_containers == 1 && s->container[0].runtime == RUNTIME_UNKNOWN &&
	       !strcmp(container_words(s->container), "container web of user 1000");
}

static bool linked(const struct snapshot *s)
{
	return !strcmp(who_words(s, OWN, "10.0.0.6"), "-, aa:bb:cc:dd:ee:ff on br lan") &&
	       !strcmp(who_words(s, OWN, "10.0.0.7"), "aa:bb:cc:dd:ee:00 on eth0") &&
	       !strcmp(who_words(s, 7, "10.0.0.6"), "aa:bb:cc:dd:ee:01 on lan") &&
	       !strcmp(who_words(s, OWN, "10.0.0.8"), "away");
}

static bool by_the_program(const struct snapshot *s)
{
	const struct program *p = find_program(s, "4711");

	return p && !strcmp(p->unit, "machine b") &&
	       !strcmp(who_program(s, p), "machine b, pid 812 nginx");
}

const struct test names_files[] = {
	{ "names: nobody's",
	  {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, nobody },
	{ "names: containers, their namespaces, their addresses",
	  {{ NAMES("containers"), WRITE, NULL, CONTAINERS_HEAD
	     "docker 4f2a - a=20b=3Dc docker.io/x/web:1 - -\n", 0 },
	   { NAMES("tenants"), WRITE, NULL, TENANTS_HEAD
	     "4026532201 5 nginx docker 4f2a 0\n7 9 x=20y x.service - 0\n", 0 },
	   { NAMES("owned"), WRITE, NULL, OWNED_HEAD
	     "10.0.0.3 8 0\n10.0.0.2 4026532201 0\n10.0.0.3 7 0\n10.0.0.4 7 1\n"
	     "10.0.0.5 8 0\n", 0 }}, NULL, everybody },
	{ "names: neighbours and leases",
	  {{ NAMES("neighbours"), WRITE, NULL, NEIGHBOURS_HEAD
	     "7 10.0.0.6 lan aa:bb:cc:dd:ee:01\n4026531840 10.0.0.7 eth0 aa:bb:cc:dd:ee:00\n"
	     "4026531840 10.0.0.6 br=20lan aa:bb:cc:dd:ee:ff\n", 0 },
	   { NAMES("leases"), WRITE, NULL, LEASES_HEAD
	     "10.0.0.7 aa:bb:cc:dd:ee:02 other\n10.0.0.6 aa:bb:cc:dd:ee:ff =2D\n"
	     "10.0.0.8 - away\n", 0 }}, NULL, linked },
	{ "names: a runtime that only a newer reader knows",
	  {{ NAMES("containers"), WRITE, NULL, CONTAINERS_HEAD
	     "new 4f2a 1000 web - - -\n", 0 }},
	  NULL, newer_runtime },
	{ "names: a program's container",
	  {{ "conntriage/cgroup", WRITE, NULL, "id path pid command container\n"
	     "4711 /machine.slice/machine-b.scope 812 nginx machine:b\n", 0 },
	   { NAMES("containers"), WRITE, NULL, CONTAINERS_HEAD "machine machine:b - b - - -\n", 0 }},
	  NULL, by_the_program },
	{ "names: not quoted",
	  {{ NAMES("containers"), WRITE, NULL, CONTAINERS_HEAD "docker 4f2a - a=2 - - -\n", 0 }},
	  "column \"name\": \"a=2\" is not a quoted name that fits", NULL },
	{ "names: quoted, and not printable",
	  {{ NAMES("leases"), WRITE, NULL, LEASES_HEAD "10.0.0.1 - a=1B=5B31m\n", 0 }},
	  "is not a quoted name that fits", NULL },
	{ "names: too long",
	  {{ NAMES("neighbours"), WRITE, NULL, NEIGHBOURS_HEAD
	     "1 10.0.0.1 interface-too-long aa:bb:cc:dd:ee:ff\n", 0 }},
	  "is not a quoted name that fits", NULL },
	{ "names: tenants are damaged",
	  {{ NAMES("tenants"), WRITE, NULL, TENANTS_HEAD "x 5 nginx docker 4f2a 0\n", 0 }},
	  "is not a number that fits", NULL },
	{ "names: owners are damaged",
	  {{ NAMES("owned"), WRITE, NULL, "address netns\n", 0 }}, "no column \"outside\"", NULL },

	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
