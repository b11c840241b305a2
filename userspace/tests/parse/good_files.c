// SPDX-License-Identifier: GPL-2.0
/* Files that hosts really have: what the snapshot must say then. */
#include <string.h>

#include "kmod/abi.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define SYSCTL(name) "proc/sys/net/netfilter/nf_conntrack_" name
#define STAT "proc/net/stat/nf_conntrack"
#define OWN "etc/sysctl.d/50-local.conf"

bool host_is_full(const struct snapshot *s)
{
	return !strcmp(s->kernel, "6.1.0-56-amd64") &&
	       !strcmp(s->hostname, "router1") &&
	       s->mem_total == 4030728LL * 1024 &&
	       s->mem_available == 2030728LL * 1024 &&
	       s->slab_objs == 262144 && s->slab_objsize == 256 &&
	       s->boot_age == 123456 && s->own_netns == 4026531840 &&
	       s->ct_loaded && s->ct_at_boot && s->count == 262144 &&
	       s->max == 262144 && s->buckets == 65536 &&
	       s->hashsize_option == 65536 &&
	       !strcmp(s->hashsize_in, "/etc/modprobe.d/conntrack.conf") &&
	       sysctl_of(s, "tcp_timeout_established")->value == 432000;
}

static bool stat_sums(const struct snapshot *s)
{
	return s->stat.found == 33 && s->stat.invalid == 220 &&
	       s->stat.insert_failed == 4 && s->stat.drop == 12047 &&
	       s->stat.early_drop == 5033 && s->stat.clash_resolve == 9 &&
	       s->stat.chaintoolong == 1 && s->stat.search_restart == 8;
}

static bool module(const struct snapshot *s)
{
	const struct netns_row *n = s->netns;
	const struct source_row *a = s->source;

	return s->mod.loaded && !*s->mod.why_not &&
	       !strcmp(s->mod.version, "0.1.0") && s->mod.window == 10 &&
	       s->mod.prefix6 == 64 && s->mod.lost_cause == 2 &&
	       s->mod.lost_sample == 17 &&
	       !strcmp(s->mod.probe_gc, "absent") &&
	       s->nr_netns == 2 && n[0].netns == 4026531840 &&
	       n[0].inv[2] == 100 && n[0].inv[8] == 0 && n[0].k_clash == 9 &&
	       n[0].k_chaintoolong == UNKNOWN && n[1].drops_unattr == -1 &&
	       n[0].insert_failed == 3 && n[0].insert_failed_unattr == 1 &&
	       !strcmp(s->mod.probe_confirm, "idle") && s->mod.lost_ticks == 3 &&
	       !strcmp(s->mod.confirm, "ftrace") && !strcmp(s->mod.insert, "kprobe") &&
	       !strcmp(s->mod.ftrace, "on") && !strcmp(s->mod.kprobes, "off") &&
	       s->mod.lost_blind == 12 && n[0].inserts_direct == 41 && n[0].k_insert == 40 &&
	       !s->mod.partial && s->nr_source == 12 && a[0].class == SRC_INSERT &&
	       a[0].rate == 912.5 && a[0].nr_kinds == 3 &&
	       !strcmp(a[0].kind[2].name, "direct") && a[0].kind[2].count == 41 &&
	       !strcmp(a[0].kind[1].name, "udp") && a[0].kind[1].count == 1000 &&
	       a[1].family == 6 && !strcmp(a[1].source, "2001:db8:1:2::/64");
}

static bool service(const struct snapshot *s)
{
	const struct source_row *a = &s->source[6];

	return a->class == SRC_INSERT_FAILED && a->family == 0 &&
	       !strcmp(a->source, "udp/53") && a->nr_kinds == 2 &&
	       !strcmp(a->kind[0].name, "clash") && a->kind[0].count == 3;
}

static bool numbered_service(const struct snapshot *s)
{
	return s->nr_source == 12 && !strcmp(s->source[6].source, "132/65535");
}

static bool tables(const struct snapshot *s)
{
	const struct census_row *c = s->census;

	return s->has_class[SRC_EVICTED] &&
	       s->class[SRC_EVICTED].distinct == 300 && s->nr_census == 23 &&
	       c[0].record == CENSUS_WALK && c[0].netns == UNKNOWN &&
	       !*c[0].proto && c[5].idle[7] == 2000 &&
	       c[11].record == CENSUS_SOURCE && c[12].err == 12 &&
	       c[11].idle[0] == UNKNOWN && s->nr_history == 3 &&
	       s->history[2].span == 400 && s->history[2].distinct == 2310;
}

static bool census_columns(const struct snapshot *s)
{
	const struct census_row *c = s->census;

	return c[4].record == CENSUS_WALK && !strcmp(c[4].name, "chain_max") &&
	       c[6].has_hist && c[6].hist[0] == 232000 && c[6].hist[5] == 8000 &&
	       c[6].zone == 0 && !c[7].has_hist && !c[6].has_below &&
	       c[7].has_below && c[7].below[0] == 0 && c[7].below[5] == 3540 &&
	       c[7].below[7] == 80000 && c[7].idle_unknown == 3 &&
	       c[11].zone == UNKNOWN && c[21].record == CENSUS_ZONE &&
	       c[21].zone == 7 && c[21].entries == 600 &&
	       c[22].record == CENSUS_EXT && !strcmp(c[22].name, "nat") &&
	       c[22].entries == 250;
}

/* Where states and zones found no room, all of them are in one row */
static bool other_rows(const struct snapshot *s)
{
	const struct census_row *c = s->census;

	return s->nr_census == 23 && c[8].record == CENSUS_STATE && !*c[8].proto &&
	       !strcmp(c[8].name, "other") && c[8].entries == 10000 &&
	       c[21].record == CENSUS_ZONE && !strcmp(c[21].name, "other") &&
	       c[21].zone == UNKNOWN && c[21].entries == 600;
}

/* Every stage, in the order of enum stage */
static bool stages(const struct snapshot *s)
{
	static const int64_t all[STAGES] = {
		90, 232000, 8000, 40, 60, 4000, 1000, 9860, 110, 1900, 2000, 1000,
		2000, 30, 10,
	};
	const struct census_row *c = s->census;

	return c[5].has_stages && !memcmp(c[5].stage, all, sizeof(all)) &&
	       c[9].stage[STAGE_HALF_OPEN] == 60 && !c[9].stage[STAGE_CLOSING] &&
	       c[21].has_stages && c[21].stage[STAGE_ONCE] == 100 &&
	       !c[4].has_stages && !c[20].has_stages && !c[22].has_stages;
}

static bool peers(const struct snapshot *s)
{
	const struct census_row *c = s->census;

	return c[12].dests == 30 && c[12].ports == 4 && c[15].sources == 1210 &&
	       c[15].dests == 40 && c[15].ports == 1 && c[18].ports == 50000 &&
	       c[5].sources == UNKNOWN && c[6].dests == UNKNOWN;
}

#define LONGEST "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535"

static bool prefixes_and_pairs(const struct snapshot *s)
{
	const struct census_row *c = s->census;

	return c[16].record == CENSUS_PREFIX && !strcmp(c[16].name, "198.51.100.0/24") &&
	       !strcmp(c[17].name, "2001:db8:1::/48") && c[17].sources == 2 &&
	       c[18].record == CENSUS_PAIR && !strcmp(c[18].proto, "tcp") &&
	       !strcmp(c[18].name, "192.0.2.80:443") && !strcmp(c[19].name, LONGEST) &&
	       c[19].stage[STAGE_SILENT_1800] == 480;
}

/* The classes that aren't by source */
static bool destinations_and_programs(const struct snapshot *s)
{
	const struct source_row *a = s->source;

	return a[4].nr_kinds == 3 && !strcmp(a[4].kind[0].name, "early_drop_unanswered") &&
	       a[7].class == SRC_INVALID_TO && a[8].class == SRC_REFUSED_TO &&
	       a[8].family == 6 && !a[9].family && !strcmp(a[9].source, "tcp/443") &&
	       a[10].class == SRC_EVICTED_TO && a[11].class == SRC_PROGRAM &&
	       !strcmp(a[11].source, "4294967296123") && a[11].count == 640 &&
	       s->class[SRC_PROGRAM].distinct == 5 && s->has_class[SRC_EVICTED_TO] &&
	       s->mod.census_prefix4 == 24 && s->mod.census_prefix6 == 48;
}

/* A stage that this reader doesn't know is in none of those that it does. */
static bool stage_of_later(const struct snapshot *s)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < STAGES; i++)
		sum += s->census[19].stage[i];
	return s->census[19].has_stages && sum == 880;
}

static bool no_stages(const struct snapshot *s)
{
	const struct census_row *c = &s->census[11];

	return !c->has_stages && !c->stage[STAGE_UNANSWERED] && !c->stage[STAGE_ONCE] &&
	       s->census[12].has_stages;
}

static bool longest_stages(const struct snapshot *s)
{
	return s->census[21].stage[STAGE_EXPIRED] == INT64_MAX &&
	       s->census[21].stage[STAGE_CLOSING_120] == INT64_MAX;
}

static bool minutes(const struct snapshot *s)
{
	const struct minute_row *m = s->minute;

	return s->nr_minutes == 2 && m[0].ago == 62 && m[0].span == 60004 &&
	       m[1].count.min == 500 && m[1].count.mean == 510 &&
	       m[1].count.max == 520 && m[1].inserts.min == 501 &&
	       m[1].refusals.mean == 515 && m[1].invalid.max == 527 &&
	       m[1].distinct == 2310 && m[1].max == 262144;
}

static bool incidents(const struct snapshot *s)
{
	const struct incident_row *i = s->incident;
	const struct incident_top *t = s->incident_top;

	return s->nr_incidents == 2 && i[0].nr == 1 && i[0].begin == 1795403527 &&
	       i[0].end_ago == 1877 && i[0].gc_evictions_peak == 3 &&
	       i[0].k_drop == 12047 && i[1].end == 0 && i[1].refusals == 44 &&
	       s->nr_incident_tops == 13 && t[0].phase == PHASE_BEFORE &&
	       t[0].class == INC_INSERT && t[1].phase == PHASE_DURING &&
	       t[1].count == 90000 && t[1].err == 12 && !t[1].has_stages &&
	       t[2].class == INC_REFUSED && t[2].err == UNKNOWN && t[2].family == 6 &&
	       t[4].nr == 2 && t[4].class == INC_EVICTED && t[4].netns == 0 && t[4].id == 2;
}

static bool worst_minutes(const struct snapshot *s)
{
	const struct incident_row *i = s->incident;
	const struct incident_top *t = s->incident_top;

	return i[0].worst_ago == 1940 && i[0].has_stages &&
	       i[0].stage[STAGE_UNANSWERED_60] == 2000 && i[1].worst_ago == UNKNOWN &&
	       !i[1].has_stages && t[3].phase == PHASE_WORST && t[3].class == INC_SERVICE &&
	       !t[3].family && !strcmp(t[3].source, "tcp/443") &&
	       t[3].stage[STAGE_TALKING] == 11000 && t[5].class == INC_REFUSED_TO &&
	       t[6].class == INC_EVICTED_TO && t[7].class == INC_PROGRAM &&
	       t[8].class == INC_SOURCE && t[9].class == INC_DEST &&
	       t[10].class == INC_PREFIX && t[11].class == INC_PAIR &&
	       !strcmp(t[11].source, "tcp/192.0.2.80:443") && t[12].family == 6 &&
	       !strcmp(t[12].source, "tcp/" LONGEST) && t[12].has_stages;
}

static bool names(const struct snapshot *s)
{
	return s->nr_netns_names == 1 && s->netns_name[0].netns == 4026532201 &&
	       !strcmp(s->netns_name[0].name, "red") &&
	       !strcmp(s->netns_name[0].path, "/run/netns/red");
}

static bool addresses(const struct snapshot *s)
{
	return s->nr_local == 4 && !strcmp(s->local[0], "127.0.0.1") &&
	       !strcmp(s->local[1], "192.0.2.1") && !strcmp(s->local[2], "::1") &&
	       !strcmp(s->local[3], "2001:db8:1:2::1");
}

static bool no_addresses(const struct snapshot *s)
{
	return !s->nr_local && !s->nr_netns_names && s->mod.loaded;
}

static bool older(const struct snapshot *s)
{
	return s->mod.loaded && s->nr_netns == 1 && s->netns[0].k_clash == 9 &&
	       s->netns[0].insert_failed == UNKNOWN &&
	       s->netns[0].insert_failed_unattr == UNKNOWN &&
	       !*s->mod.probe_confirm && s->mod.lost_ticks == UNKNOWN &&
	       s->netns[0].inserts_direct == UNKNOWN && !*s->mod.confirm && !*s->mod.insert &&
	       !*s->mod.ftrace && s->mod.lost_blind == UNKNOWN;
}

static bool full_boot_files(const struct snapshot *s)
{
	return persists(s, "max", 262144, "/etc/sysctl.d/50-local.conf") &&
	       persists(s, "udp_timeout", 25, "/usr/lib/sysctl.d/60-late.conf") &&
	       persists(s, "acct", 1, "/etc/sysctl.d/50-local.conf") &&
	       persists(s, "udp_timeout_stream", 90,
			"/usr/lib/sysctl.d/60-late.conf") &&
	       persists(s, "tcp_timeout_established", UNKNOWN, "") &&
	       !strcmp(sysctl_of(s, "tcp_timeout_established")->ignored_in,
		       "/etc/sysctl.conf");
}

static bool not_loaded(const struct snapshot *s)
{
	return !s->mod.loaded && strstr(s->mod.why_not, "modprobe conntriage") &&
	       s->max == 262144;
}

static bool not_mounted(const struct snapshot *s)
{
	return !s->mod.loaded && strstr(s->mod.why_not, "mount -t debugfs");
}

static bool debugfs_off(const struct snapshot *s)
{
	return !s->mod.loaded && strstr(s->mod.why_not, "debugfs=off") &&
	       host_is_full(s);
}

static bool not_root(const struct snapshot *s)
{
	return !s->mod.loaded && strstr(s->mod.why_not, "as root") &&
	       s->max == 262144;
}

static bool unknown_schema(const struct snapshot *s)
{
	return !s->mod.loaded && !s->nr_source && s->max == 262144 &&
	       strstr(s->mod.why_not, "conntriage/abi:2: schema 99 isn't known");
}

/* Its census isn't asked for what it doesn't have. */
static bool old_schema(const struct snapshot *s)
{
	return s->mod.loaded && s->mod.old && !s->nr_census && s->nr_source == 12 &&
	       s->nr_history && strstr(s->mod.why_not, "older than conntriage") &&
	       !s->nr_dropped;
}

static bool apart(const struct snapshot *s)
{
	return s->mod.loaded && s->nr_dropped == 1 && s->nr_source == 12 &&
	       !strcmp(s->dropped[0].part, "classes");
}

static bool not_apart(const struct snapshot *s)
{
	return s->mod.loaded && !s->nr_dropped;
}

static bool no_census(const struct snapshot *s)
{
	return s->mod.loaded && !s->nr_census && !s->nr_history &&
	       !s->nr_minutes && !s->nr_incidents && !s->nr_incident_tops &&
	       !s->has_class[SRC_INSERT] && s->nr_source == 12;
}

static bool one_class_less(const struct snapshot *s)
{
	return s->mod.loaded && s->nr_source == 11 &&
	       s->source[2].class == SRC_REFUSED;
}

static bool two_columns(const struct snapshot *s)
{
	return s->mod.loaded && s->class[SRC_INSERT].distinct == 7 &&
	       s->class[SRC_INSERT].torn == 6;
}

static bool many_kinds(const struct snapshot *s)
{
	const struct source_row *a = &s->source[5];

	return a->nr_kinds == 16 && !strcmp(a->kind[15].name, "k15") &&
	       a->kind[15].count == 15;
}

static bool biggest(const struct snapshot *s)
{
	return s->source[0].count == INT64_MAX;
}

static bool no_chain_column(const struct snapshot *s)
{
	return s->stat.chaintoolong == UNKNOWN && s->stat.drop == 2 &&
	       s->stat.clash_resolve == UNKNOWN;
}

static bool no_stat(const struct snapshot *s)
{
	return s->stat.drop == UNKNOWN && s->stat.clash_resolve == UNKNOWN &&
	       s->stat.found == UNKNOWN && s->max == 262144;
}

static bool no_slab(const struct snapshot *s)
{
	return s->slab_objs == UNKNOWN && s->mem_total > 0;
}

static bool buckets_from_hashsize(const struct snapshot *s)
{
	return s->buckets == 32768;
}

static bool odd_sysctl(const struct snapshot *s)
{
	return sysctl_of(s, "acct")->value == UNKNOWN && s->max == 262144;
}

static bool no_conntrack(const struct snapshot *s)
{
	return !s->ct_loaded && !s->nr_sysctl && s->max == UNKNOWN &&
	       s->count == UNKNOWN;
}

static bool clean_host(const struct snapshot *s)
{
	return !strcmp(s->hostname, "a??31mb");
}

#define OLD_NETNS "netns id conntrack count max inserts evictions gc_evictions " \
	"evicting refusals evictions_unattr drops_unattr k_insert_failed " \
	"k_chaintoolong k_clash k_drop k_early_drop k_invalid k_error invalid " \
	"inv_malformed inv_flags inv_midstream inv_rstfin inv_synack inv_window " \
	"inv_icmp inv_other inv_unsampled\n" \
	"4026531840 1 1 2 3 4 5 6 7 8 9 10 11 - 9 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"

#define MOST	"9223372036854775807"

const struct test good_files[] = {
	{ "full: the host", {{ "etc/modules", KEEP, NULL, NULL, 0 }}, NULL, host_is_full },
	{ "full: CPU rows are summed", {{ STAT, KEEP, NULL, NULL, 0 }}, NULL,
	  stat_sums },
	{ "full: the module", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, module },
	{ "full: classes, census, history",
	  {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, tables },
	{ "full: services", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, service },
	{ "full: histogram, zones, extensions, a record of later",
	  {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, census_columns },
	{ "census: states and zones without room",
	  {{ DEBUGFS("census"), REPLACE, " udp - 10000 ", " - other 10000 ", 0 },
	   { DEBUGFS("census"), REPLACE, "zone 4026531840 - - ", "zone 4026531840 - other ", 0 },
	   { DEBUGFS("census"), REPLACE, " 9 9 9 7 - ", " 9 9 9 - - ", 0 }},
	  NULL, other_rows },
	{ "full: stages", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, stages },
	{ "full: a stage of later", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL,
	  stage_of_later },
	{ "full: peers", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, peers },
	{ "full: prefixes and pairs", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL,
	  prefixes_and_pairs },
	{ "full: destinations and programs", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL,
	  destinations_and_programs },
	{ "full: minutes", {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, minutes },
	{ "full: incidents, phases and classes of later",
	  {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, incidents },
	{ "full: the worst minutes of incidents",
	  {{ DEBUGFS("abi"), KEEP, NULL, NULL, 0 }}, NULL, worst_minutes },
	{ "full: names of namespaces", {{ OWN, KEEP, NULL, NULL, 0 }}, NULL, names },
	{ "full: own addresses", {{ OWN, KEEP, NULL, NULL, 0 }}, NULL, addresses },
	{ "full: boot files", {{ OWN, KEEP, NULL, NULL, 0 }}, NULL, full_boot_files },

	/* Without the module */
	{ "module not loaded",
	  {{ DEBUGFS(""), REMOVE, NULL, NULL, 0 },
	   { "proc/modules", WRITE, NULL, "nf_conntrack 1 0 - Live 0x0\n", 0 }},
	  NULL, not_loaded },
	{ "module loaded, debugfs not mounted",
	  {{ DEBUGFS(""), REMOVE, NULL, NULL, 0 }}, NULL, not_mounted },
	{ "debugfs=off",
	  {{ DEBUGFS(""), REMOVE, NULL, NULL, 0 },
	   { "proc/cmdline", WRITE, NULL, "quiet debugfs=off ro\n", 0 }},
	  NULL, debugfs_off },
	{ "debugfs=on is no debugfs=off",
	  {{ DEBUGFS(""), REMOVE, NULL, NULL, 0 },
	   { "proc/cmdline", WRITE, NULL, "debugfs=off debugfs=on\n", 0 }},
	  NULL, not_mounted },
	{ "debugfs is a whole word",
	  {{ DEBUGFS(""), REMOVE, NULL, NULL, 0 },
	   { "proc/cmdline", WRITE, NULL, "debugfsXoff xdebugfs=off\n", 0 }},
	  NULL, not_mounted },
	{ "not root", {{ DEBUGFS("abi"), UNREADABLE, NULL, NULL, 0 }}, NULL,
	  not_root },
	{ "unknown schema", {{ DEBUGFS("abi"), WRITE, NULL, "schema\n99\n", 0 }},
	  "/abi:2: schema 99 isn't known", unknown_schema },

	{ "the last schema",
	  {{ DEBUGFS("abi"), WRITE, NULL, "schema\n1\n", 0 },
	   { DEBUGFS("status"), REPLACE, "census_prefix4 24\n", "", 0 },
	   { DEBUGFS("incidents"), REPLACE, "worst_ago stages", "- +", 0 },
	   { DEBUGFS("incident_top"), REPLACE, "err stages", "err -", 0 }},
	  NULL, old_schema },

	/* Files of one moment, or not */
	{ "eleven seconds apart",
	  {{ DEBUGFS("status"), REPLACE, "uptime ", "generation 90\nuptime ", 0 },
	   { DEBUGFS("classes"), WRITE, NULL, "generation class distinct entries capacity "
	     "replaced missed torn\n101 insert 7 6 5 4 3 2\n", 0 }},
	  "classes: shows another moment than status, at least 11 seconds later", apart },
	{ "ten seconds apart",
	  {{ DEBUGFS("status"), REPLACE, "uptime ", "generation 90\nuptime ", 0 },
	   { DEBUGFS("classes"), WRITE, NULL, "class distinct entries capacity "
	     "replaced missed torn generation\ninsert 7 6 5 4 3 2 100\n", 0 }},
	  NULL, not_apart },
	{ "a generation that isn't told",
	  {{ DEBUGFS("status"), REPLACE, "uptime ", "generation 90\nuptime ", 0 },
	   { DEBUGFS("classes"), WRITE, NULL, "class distinct entries capacity "
	     "replaced missed torn generation\ninsert 7 6 5 4 3 2 -\n", 0 }},
	  NULL, not_apart },

	/* The stability terms of the module's files */
	{ "files that an older module lacks",
	  {{ DEBUGFS("census"), REMOVE, NULL, NULL, 0 },
	   { DEBUGFS("history"), REMOVE, NULL, NULL, 0 },
	   { DEBUGFS("history_minutes"), REMOVE, NULL, NULL, 0 },
	   { DEBUGFS("incidents"), REMOVE, NULL, NULL, 0 },
	   { DEBUGFS("incident_top"), REMOVE, NULL, NULL, 0 },
	   { DEBUGFS("classes"), REMOVE, NULL, NULL, 0 }}, NULL, no_census },
	{ "columns and names that an older module lacks",
	  {{ DEBUGFS("netns"), WRITE, NULL, OLD_NETNS, 0 },
	   { DEBUGFS("status"), REPLACE, "probe_confirm idle\n", "", 0 },
	   { DEBUGFS("status"), REPLACE, "lost_ticks 3\nconfirm ftrace\ninsert kprobe\n"
	     "ftrace on\nkprobes off\nlost_blind 12\n", "", 0 }}, NULL, older },
	{ "a protocol without a name",
	  {{ DEBUGFS("sources"), REPLACE, "udp/53", "132/65535", 0 }},
	  NULL, numbered_service },

	/* What namespaces and addresses are called */
	{ "neither names nor addresses",
	  {{ "run/netns", REMOVE, NULL, NULL, 0 },
	   { "proc/net/fib_trie", REMOVE, NULL, NULL, 0 },
	   { "proc/net/if_inet6", REMOVE, NULL, NULL, 0 }}, NULL, no_addresses },
	{ "names that stand for something else",
	  {{ "run/netns/blue", LINK, NULL, "net:[x]", 0 },
	   { "run/netns/green", LINK, NULL, "mnt:[4026532201]", 0 },
	   { "run/netns/grey", LINK, NULL, "net:[4026532202", 0 },
	   { "run/netns/file", WRITE, NULL, "net:[4026532203]", 0 },
	   { "run/netns/a b", LINK, NULL, "net:[4026532204]", 0 },
	   { "run/netns/gone", LINK, NULL, "/proc/77/ns/net", 0 }}, NULL, names },
	{ "a name by way of a process",
	  {{ "run/netns/red", LINK, NULL, "/proc/77/ns/net", 0 },
	   { "proc/77/ns/net", LINK, NULL, "net:[4026532201]", 0 }}, NULL, names },
	{ "a namespace with a name needs no process",
	  {{ "proc/77/ns/net", LINK, NULL, "net:[4026532201]", 0 }}, NULL, names },
	{ "addresses that aren't any",
	  {{ "proc/net/fib_trie", WRITE, NULL, "        /32 host LOCAL\n"
	     "     |-- 1.2.3.4.5.6.7.8.9\n        /32 host LOCAL\n"
	     "     |-- $(reboot)\n        /32 host LOCAL\n"
	     "     |-- 192.0.2.1\n        /32 host LOCAL\n"
	     "     |-- 127.0.0.1\n        /32 host LOCAL", 0 },
	   { "proc/net/if_inet6", WRITE, NULL, "0001 01 80 10 80 lo\n"
	     "00000000000000000000000000000001 01 80 10 80 lo\n"
	     "0000000000000000000000000000000100 01 80 10 80 lo\n"
	     "20010db8000100020000000000000001", 0 }}, NULL, addresses },
	{ "unknown class", {{ DEBUGFS("sources"), REPLACE, "invalid", "later", 0 }},
	  NULL, one_class_less },
	{ "other order, unknown columns and rows",
	  {{ DEBUGFS("classes"), WRITE, NULL,
	     "new torn missed replaced capacity entries class distinct newer\n"
	     "\033 6 5 4 3 2 insert 7 \x80\n" "x 1 1 1 1 1 novel 1 y\n", 0 }},
	  NULL, two_columns },
	{ "more kinds than there is room for",
	  {{ DEBUGFS("sources"), REPLACE, " 0 tcp=5000",
	     " 0 k0=0,k1=1,k2=2,k3=3,k4=4,k5=5,k6=6,k7=7,k8=8,k9=9,k10=10,"
	     "k11=11,k12=12,k13=13,k14=14,k15=15,k16=16", 0 }}, NULL, many_kinds },
	{ "the biggest number",
	  {{ DEBUGFS("sources"), REPLACE, " 900000 ", " 9223372036854775807 ", 0 }},
	  NULL, biggest },

	{ "a row without stages",
	  {{ DEBUGFS("census"), REPLACE, "unanswered=231024,unanswered_60=7966,once=10", "-", 0 }},
	  NULL, no_stages },
	{ "every stage with the biggest number",
	  {{ DEBUGFS("census"), REPLACE, " unanswered=100,once=100,talking=400 ",
	     " expired=" MOST ",unanswered=" MOST ",unanswered_60=" MOST ",midstream=" MOST
	     ",half_open=" MOST ",once=" MOST ",once_60=" MOST ",talking=" MOST
	     ",talking_60=" MOST ",silent_300=" MOST ",silent_1800=" MOST ",silent_7200=" MOST
	     ",silent_86400=" MOST ",closing=" MOST ",closing_120=" MOST " ", 0 }},
	  NULL, longest_stages },

	/* The kernel's files on other kernels and with fewer rights */
	{ "stat of an old kernel",
	  {{ STAT, WRITE, NULL, "entries  searched found insert_failed drop early_drop\n"
	     "00000001  00000000 00000000 00000000 00000002 00000000\n", 0 }},
	  NULL, no_chain_column },
	{ "stat without CPU rows",
	  {{ STAT, WRITE, NULL, "insert_failed drop early_drop\n", 0 }},
	  NULL, no_stat },
	{ "stat absent", {{ STAT, REMOVE, NULL, NULL, 0 }}, NULL, no_stat },
	{ "slabinfo absent", {{ "proc/slabinfo", REMOVE, NULL, NULL, 0 }}, NULL, no_slab },
	{ "slabinfo unreadable",
	  {{ "proc/slabinfo", UNREADABLE, NULL, NULL, 0 }}, NULL, no_slab },
	{ "buckets from the module's parameter",
	  {{ SYSCTL("buckets"), REMOVE, NULL, NULL, 0 },
	   { "sys/module/nf_conntrack/parameters/hashsize", WRITE, NULL, "32768\n", 0 }},
	  NULL, buckets_from_hashsize },
	{ "a sysctl that isn't a number",
	  {{ SYSCTL("acct"), WRITE, NULL, "a b\n", 0 }}, NULL, odd_sysctl },
	{ "no conntrack",
	  {{ "proc/sys/net/netfilter", REMOVE, NULL, NULL, 0 },
	   { "sys/module/nf_conntrack", REMOVE, NULL, NULL, 0 }}, NULL, no_conntrack },
	{ "host name with an escape sequence",
	  {{ "proc/sys/kernel/hostname", WRITE, NULL, "a\033[31mb\n", 0 }},
	  NULL, clean_host },
	{ NULL, { { NULL, KEEP, NULL, NULL, 0 } }, NULL, NULL }
};
