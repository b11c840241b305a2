// SPDX-License-Identifier: GPL-2.0
/* /proc/net/conntriage: what the snapshot must say of a namespace's own rows. */
#include <string.h>

#include "kmod/abi.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

static bool own_rows(const struct snapshot *s)
{
	return s->mod.loaded && s->mod.partial && s->nr_netns == 1 &&
	       s->netns[0].count == 7 && s->netns[0].insert_failed_unattr == 1 &&
	       s->nr_source == 1 && !s->nr_history && !s->nr_incidents &&
	       s->mod.uptime == UNKNOWN && !*s->mod.probe_alloc &&
	       strstr(s->mod.why_not, "only this network namespace is seen") &&
	       host_is_full(s);
}

static bool own_rows_off(const struct snapshot *s)
{
	return own_rows(s) && strstr(s->mod.why_not, "debugfs=off");
}

static bool own_row_other(const struct snapshot *s)
{
	return s->mod.partial && s->nr_netns == 1 && s->netns[0].id == 0 &&
	       s->nr_source == 1;
}

static bool own_rows_not_root(const struct snapshot *s)
{
	return s->mod.partial && strstr(s->mod.why_not, "run conntriage as root");
}

static bool own_rows_no_modules(const struct snapshot *s)
{
	return s->mod.partial && strstr(s->mod.why_not, "mount -t debugfs");
}

static bool no_sources(const struct snapshot *s)
{
	return s->mod.partial && s->nr_netns == 1 && !s->nr_source;
}

static bool proc_not_root(const struct snapshot *s)
{
	return !s->mod.loaded && !s->mod.partial &&
	       strstr(s->mod.why_not, "only root may read /proc/net/conntriage");
}

static bool debugfs_first(const struct snapshot *s)
{
	return s->mod.loaded && !s->mod.partial && s->nr_netns == 2;
}

const struct test proc_files[] = {
	{ "proc: debugfs=off",
	  { NO_DEBUGFS, PROC(OWN_TABLE),
	    { "proc/cmdline", WRITE, NULL, "quiet debugfs=off ro\n", 0 }},
	  NULL, own_rows_off },
	{ "proc: no sources", { NO_DEBUGFS, PROC(CTRI_HEAD_OWN "\n" OWN_NETNS) },
	  NULL, no_sources },
	{ "proc: sources first", { NO_DEBUGFS, PROC(CTRI_HEAD_OWN "\n" OWN_SOURCE OWN_NETNS),
	    { "proc/cmdline", WRITE, NULL, "quiet debugfs=off ro\n", 0 }},
	  NULL, own_rows_off },
	{ "proc: rows and columns that aren't known",
	  { NO_DEBUGFS, PROC("new " CTRI_HEAD_OWN "\n- " OWN_NETNS "2 " OWN_SOURCE
			     "3 unheard" OWN_SOURCE),
	    { "proc/cmdline", WRITE, NULL, "quiet debugfs=off ro\n", 0 }},
	  NULL, own_rows_off },
	{ "proc: another namespace than the initial one",
	  { NO_DEBUGFS, PROC(CTRI_HEAD_OWN "\n" OWN_NETNS OWN_SOURCE),
	    { "proc/net/conntriage", REPLACE, "netns 4026531840 1 ", "netns 4026531840 0 ", 0 }},
	  NULL, own_row_other },
	{ "proc: debugfs isn't for this user",
	  { PROC(OWN_TABLE), { DEBUGFS("abi"), UNREADABLE, NULL, NULL, 0 }},
	  NULL, own_rows_not_root },
	{ "proc: a container that sees no modules",
	  { NO_DEBUGFS, PROC(OWN_TABLE),
	    { "proc/modules", REMOVE, NULL, NULL, 0 }}, NULL, own_rows_no_modules },
	{ "proc: not for this user",
	  { NO_DEBUGFS, PROC(OWN_TABLE),
	    { "proc/net/conntriage", UNREADABLE, NULL, NULL, 0 }},
	  NULL, proc_not_root },
	{ "proc: debugfs has more", { PROC(OWN_TABLE) }, NULL, debugfs_first },
	{ "proc: two tables, of an older module",
	  { NO_DEBUGFS, PROC(NETNS_TABLE "\n" SOURCES_TABLE),
	    { "proc/cmdline", WRITE, NULL, "quiet debugfs=off ro\n", 0 }},
	  NULL, own_rows_off },
	{ "proc: two tables, no sources",
	  { NO_DEBUGFS, PROC(NETNS_TABLE "\n" OLD_HEAD_SOURCES) },
	  NULL, no_sources },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
