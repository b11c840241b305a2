// SPDX-License-Identifier: GPL-2.0
/* What commands need: programs, systemd, our unit, a way into a namespace. */
#include <string.h>

#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define TOOLS(text)	{ "conntriage/tools", WRITE, NULL, text, 0 }

static bool not_told(const struct snapshot *s)
{
	return !s->tools.known && !s->tools.there && s->systemd && s->rules_unit &&
	       s->euid == UNKNOWN;
}

static bool two_tools(const struct snapshot *s)
{
	return s->tools.known && s->tools.there == (1u << TOOL_NFT | 1u << TOOL_SYSCTL) &&
	       s->systemd && !s->rules_unit && s->euid == UNKNOWN;
}

static bool no_tools(const struct snapshot *s)
{
	return s->tools.known && !s->tools.there && !s->systemd && !s->rules_unit;
}

static bool the_unit(const struct snapshot *s)
{
	return s->tools.known && s->tools.there == 1u << TOOL_SYSTEMCTL && s->rules_unit;
}

static bool leads(const struct snapshot *s, size_t nr, int64_t netns, const char *path)
{
	return nr < s->nr_netns_names && s->netns_name[nr].netns == netns &&
	       !*s->netns_name[nr].name && !strcmp(s->netns_name[nr].path, path);
}

static bool by_docker(const struct snapshot *s)
{
	return s->nr_netns_names == 1 && leads(s, 0, 4026532201, "/run/docker/netns/8f1c2d");
}

static bool by_process(const struct snapshot *s)
{
	return s->nr_netns_names == 1 && leads(s, 0, 4026532201, "/proc/99/ns/net");
}

const struct test tool_files[] = {
	{ "a namespace without a name: Docker's file",
	  {{ "run/netns/red", REMOVE, NULL, NULL, 0 },
	   { "run/docker/netns/default", LINK, NULL, "net:[4026531840]", 0 },
	   { "run/docker/netns/$(reboot)", LINK, NULL, "net:[4026532201]", 0 },
	   { "run/docker/netns/8f1c2d", LINK, NULL, "net:[4026532201]", 0 },
	   { "proc/77/ns/net", LINK, NULL, "net:[4026532201]", 0 }}, NULL, by_docker },
	{ "a namespace without a name: its first process",
	  {{ "run/netns/red", REMOVE, NULL, NULL, 0 },
	   { "proc/1000/ns/net", LINK, NULL, "net:[4026532201]", 0 },
	   { "proc/99/ns/net", LINK, NULL, "net:[4026532201]", 0 },
	   { "proc/98/ns/net", LINK, NULL, "mnt:[4026532201]", 0 },
	   { "proc/97/ns/net", LINK, NULL, "net:[4026531840]", 0 },
	   { "proc/96x/ns/net", LINK, NULL, "net:[4026532201]", 0 }}, NULL, by_process },
	{ "tools: a tree that doesn't tell",
	  {{ "conntriage/tools", REMOVE, NULL, NULL, 0 },
	   { "run/systemd", REMOVE, NULL, NULL, 0 }}, NULL, not_told },
	{ "tools: two, one that is new, and systemd",
	  { TOOLS("path name new\n/usr/sbin/nft nft x\n/bin/later later x\n- sysctl x\n"),
	    { "run/systemd/system/.keep", WRITE, NULL, "", 0 }}, NULL, two_tools },
	{ "tools: none, nor systemd",
	  { TOOLS("name path\n"), { "run/systemd", REMOVE, NULL, NULL, 0 }}, NULL, no_tools },
	{ "tools: a unit of ours, where packages put it",
	  { TOOLS("name path\nsystemctl /bin/systemctl\n"),
	    { "lib/systemd/system/conntriage-rules.service", WRITE, NULL, "", 0 }},
	  NULL, the_unit },
	{ "tools: a unit of ours, where make install puts it",
	  { TOOLS("name path\nsystemctl /bin/systemctl\n"),
	    { "usr/local/lib/systemd/system/conntriage-rules.service", WRITE, NULL, "", 0 }},
	  NULL, the_unit },
	{ "tools: a column less", { TOOLS("name\nnft\n") },
	  "conntriage/tools:1: no column \"path\"", NULL },
	{ "tools: no name but a command", { TOOLS("name path\n$(reboot) /x\n") },
	  "conntriage/tools:2: column \"name\"", NULL },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
