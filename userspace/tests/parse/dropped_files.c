// SPDX-License-Identifier: GPL-2.0
/* A damaged file is dropped as a whole, and nothing else is. */
#include <string.h>

#include "lib/numbers.h"
#include "tests/parse/parse_test.h"

#define META	"conntriage/meta"

/* So many rows of the module's tables, as trees/full has them */
enum table { NONE, NETNS, SOURCES, CENSUS, HISTORY, MINUTES, INCIDENTS, TOPS, STATUS, CLASSES };

static bool all_but(const struct snapshot *s, enum table dropped)
{
	return s->nr_dropped == 1 && s->mod.loaded && !s->mod.partial &&
	       !s->nr_netns == (dropped == NETNS) &&
	       !s->nr_source == (dropped == SOURCES) &&
	       !s->nr_census == (dropped == CENSUS) &&
	       !s->nr_history == (dropped == HISTORY) &&
	       !s->nr_minutes == (dropped == MINUTES) &&
	       !s->nr_incidents == (dropped == INCIDENTS) &&
	       !s->nr_incident_tops == (dropped == TOPS) &&
	       !*s->mod.version == (dropped == STATUS) &&
	       (s->mod.window == UNKNOWN) == (dropped == STATUS) &&
	       !s->has_class[SRC_INSERT] == (dropped == CLASSES);
}

#define ALL_BUT(name, table) \
	static bool name(const struct snapshot *s) { return all_but(s, table); }
ALL_BUT(no_netns, NETNS)
ALL_BUT(no_sources, SOURCES)
ALL_BUT(no_census, CENSUS)
ALL_BUT(no_history, HISTORY)
ALL_BUT(no_minutes, MINUTES)
ALL_BUT(no_incidents, INCIDENTS)
ALL_BUT(no_tops, TOPS)
ALL_BUT(no_status, STATUS)
ALL_BUT(no_classes, CLASSES)
ALL_BUT(no_abi, NONE)

static bool is_of(const struct snapshot *s, size_t nr, const char *part, const char *fault)
{
	return nr < s->nr_dropped && !strcmp(s->dropped[nr].part, part) &&
	       strstr(s->dropped[nr].fault, fault);
}

static bool two_are_named(const struct snapshot *s)
{
	return s->nr_dropped == 2 && !s->nr_source && !s->nr_incidents && s->nr_census &&
	       is_of(s, 0, CTRI_FILE_SOURCES, "/sources:13: ") &&
	       is_of(s, 1, CTRI_FILE_INCIDENTS, "/incidents:");
}

static bool no_partial(const struct snapshot *s)
{
	return !s->mod.loaded && !s->nr_netns && !s->nr_source &&
	       is_of(s, 0, CTRI_PROC_NAME, "") && strstr(s->mod.why_not, "damaged");
}

/* The line before the damaged one counts for nothing; slabinfo is another file. */
static bool no_meminfo(const struct snapshot *s)
{
	return s->mem_total == UNKNOWN && s->mem_available == UNKNOWN &&
	       s->slab_objs != UNKNOWN;
}

static bool no_slabinfo(const struct snapshot *s)
{
	return s->slab_objs == UNKNOWN && s->slab_objsize == UNKNOWN &&
	       s->mem_total != UNKNOWN;
}

static bool no_stat(const struct snapshot *s)
{
	return s->stat.drop == UNKNOWN && s->stat.found == UNKNOWN;
}

static bool no_max(const struct snapshot *s)
{
	return s->max == UNKNOWN && s->count != UNKNOWN && s->ct_loaded;
}

static bool no_fw_rules(const struct snapshot *s)
{
	return !s->rules.known && strstr(s->rules.why_not, "damaged") && s->nr_census;
}

static bool no_uptime(const struct snapshot *s)
{
	return s->boot_age == UNKNOWN && *s->kernel && *s->hostname && s->nr_local;
}

static bool other_folders(const struct snapshot *s)
{
	return s->nr_dropped == 1 && s->hashsize_option != UNKNOWN && s->ct_at_boot;
}

/* What the file says isn't known; what other files say of the boot is. */
static bool other_boot_files(const struct snapshot *s)
{
	return sysctl_of(s, "max")->persisted == UNKNOWN && s->hashsize_option != UNKNOWN &&
	       s->ct_at_boot;
}

static bool guards_nobody(const struct snapshot *s)
{
	return !s->nr_guarded && s->nr_local;
}

static bool no_meta(const struct snapshot *s)
{
	return !s->captured.known && !*s->captured.host && s->captured.date == UNKNOWN &&
	       all_but(s, NONE);
}

/* 16 of a part are named, and those of other parts besides. */
static bool many_are_counted(const struct snapshot *s)
{
	return s->nr_dropped == 17 && s->more_dropped == 24 && is_of(s, 15, "boot", "file-") &&
	       is_of(s, 16, CTRI_FILE_CENSUS, "/census:");
}

static bool whose(const struct snapshot *s)
{
	return s->captured.known && !strcmp(s->captured.host, "router1") &&
	       !strcmp(s->captured.version, "0.1.0") && s->captured.date == 1795453200 &&
	       !s->captured.newer;
}

static bool newer(const struct snapshot *s)
{
	return s->captured.known && s->captured.newer;
}

static bool nobody_says(const struct snapshot *s)
{
	return s->captured.known && !*s->captured.host && s->captured.date == UNKNOWN &&
	       s->captured.age == UNKNOWN && !s->captured.newer;
}

static bool unmarked(const struct snapshot *s)
{
	return !s->captured.known;
}

#define DAMAGE(file)	{{ DEBUGFS(file), CUT, NULL, NULL, 1 }}

const struct test dropped_files[] = {
	{ "dropped: netns", DAMAGE("netns"), "/netns:", no_netns },
	{ "dropped: sources", DAMAGE("sources"), "/sources:", no_sources },
	{ "dropped: census", DAMAGE("census"), "/census:", no_census },
	{ "dropped: history", DAMAGE("history"), "/history:", no_history },
	{ "dropped: minutes", DAMAGE("history_minutes"), "/history_minutes:", no_minutes },
	{ "dropped: incidents", DAMAGE("incidents"), "/incidents:", no_incidents },
	{ "dropped: incident_top", DAMAGE("incident_top"), "/incident_top:", no_tops },
	{ "dropped: status", DAMAGE("status"), "/status:", no_status },
	{ "dropped: classes", DAMAGE("classes"), "/classes:", no_classes },
	{ "dropped: abi", DAMAGE("abi"), "/abi:", no_abi },
	{ "dropped: /proc/net/conntriage",
	  { NO_DEBUGFS, PROC(OWN_TABLE "x\n") },
	  "net/conntriage:4: ", no_partial },
	{ "dropped: /proc/net/conntriage, the sources",
	  { NO_DEBUGFS, PROC(OWN_TABLE),
	    { "proc/net/conntriage", REPLACE, "tcp=9", "tcp", 0 }},
	  "net/conntriage:3: ", no_partial },
	{ "dropped: meminfo", {{ "proc/meminfo", REPLACE, "2030728", "much", 0 }},
	  "proc/meminfo:3: ", no_meminfo },
	{ "dropped: slabinfo", {{ "proc/slabinfo", REPLACE, "262144    256", "262144    x", 0 }},
	  "proc/slabinfo:4: ", no_slabinfo },
	{ "dropped: stat", {{ "proc/net/stat/nf_conntrack", CUT, NULL, NULL, 20 }},
	  "nf_conntrack:3: ", no_stat },
	{ "dropped: nf_conntrack_max",
	  {{ "proc/sys/net/netfilter/nf_conntrack_max", WRITE, NULL, "x\n", 0 }},
	  "nf_conntrack_max:1: ", no_max },
	{ "dropped: the ruleset", {{ "conntriage/nft-ruleset.json", CUT, NULL, NULL, 30 }},
	  "nft-ruleset.json:1: ", no_fw_rules },
	{ "dropped: the ruleset, too long",
	  {{ "conntriage/nft-ruleset.json", ADD_LONG, NULL, NULL, 20 << 20 }},
	  "nft-ruleset.json: ", no_fw_rules },
	{ "dropped: uptime", {{ "proc/uptime", WRITE, NULL, "long\n", 0 }},
	  "proc/uptime:1: ", no_uptime },
	{ "dropped: a file of sysctl.d",
	  {{ "etc/sysctl.d/50-local.conf", WRITE, NULL, "a=1\nb\0=2\n", 9 }},
	  "50-local.conf:2: ", other_boot_files },
	{ "dropped: guarded", {{ "conntriage/guarded", WRITE, NULL, "why address\nx\n", 0 }},
	  "conntriage/guarded:2: ", guards_nobody },
	{ "dropped: meta, a date", {{ META, REPLACE, "2026-11-23T", "yesterday-", 0 }},
	  "conntriage/meta:3: \"date\" is none", no_meta },
	{ "dropped: meta, cut", {{ META, CUT, NULL, NULL, 3 }}, "conntriage/meta:5: ", no_meta },
	{ "dropped: a folder", {{ "etc/sysctl.d/file", MANY, NULL, NULL, 1100 }},
	  "etc/sysctl.d: more than", other_folders },
	{ "dropped: two files",
	  {{ DEBUGFS("sources"), CUT, NULL, NULL, 5 },
	   { DEBUGFS("incidents"), CUT, NULL, NULL, 5 }}, "/sources:13: ", two_are_named },
	{ "dropped: more files than are named",
	  {{ "etc/sysctl.d/file", LOOPS, NULL, NULL, 40 }, { DEBUGFS("census"), CUT, NULL, NULL, 1 }},
	  "etc/sysctl.d/file-0.conf: ", many_are_counted },
	{ "meta: whose, and when", {{ META, KEEP, NULL, NULL, 0 }}, NULL, whose },
	{ "meta: a newer version", {{ META, REPLACE, "0.1.0", "0.10.0", 0 }}, NULL, newer },
	{ "meta: a newer schema", {{ META, REPLACE, "date", "schema 99\ndate", 0 }}, NULL, newer },
	{ "meta: nothing is told",
	  {{ META, WRITE, NULL, "name value\nhostname -\nversion -\nschema -\ndate -\n", 0 }},
	  NULL, nobody_says },
	{ "meta: none", {{ META, REMOVE, NULL, NULL, 0 }}, NULL, unmarked },
	{ NULL, { { NULL, KEEP, NULL, NULL, 0 } }, NULL, NULL }
};
