/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names that conntriage.ko writes and the conntriage reader looks for:
 * the one header that both halves include. docs/ABI/testing/debugfs-conntriage
 * describes every file and column; a change goes there and into CHANGELOG.md
 * first.
 *
 * Every file is text: one header line that names the columns, then rows, all
 * separated by single spaces. Readers find columns by name and ignore those
 * that they don't know. A value that isn't known is written as CTRI_ABI_NONE.
 */
#ifndef CONNTRIAGE_ABI_H
#define CONNTRIAGE_ABI_H

/* Raised when a name changes its meaning or goes; new columns don't raise it. */
#define CTRI_ABI_SCHEMA		2
#define CTRI_ABI_OLD		1	/* which the reader still takes */
#define CTRI_VERSION		"0.1.0"

#define CTRI_ABI_DIR		"conntriage"	/* below debugfs' root */
#define CTRI_ABI_NONE		"-"

/* Last column of every table but abi: what was opened in one second of history */
#define CTRI_COL_GENERATION	"generation"

/* The files of CTRI_ABI_DIR */
#define CTRI_FILE_ABI		"abi"
#define CTRI_FILE_STATUS	"status"
#define CTRI_FILE_NETNS		"netns"
#define CTRI_FILE_SOURCES	"sources"
#define CTRI_FILE_CLASSES	"classes"
#define CTRI_FILE_CENSUS	"census"
#define CTRI_FILE_HISTORY	"history"
#define CTRI_FILE_MINUTES	"history_minutes"
#define CTRI_FILE_INCIDENTS	"incidents"
#define CTRI_FILE_INC_TOP	"incident_top"

/* Of a namespace itself, and nothing of others: see CTRI_HEAD_OWN */
#define CTRI_PROC_NAME		"conntriage"

#define CTRI_HEAD_ABI		"schema"

/* status: one name and one value a row */
#define CTRI_HEAD_STATUS	"name value"
#define CTRI_ST_VERSION		"version"
#define CTRI_ST_UPTIME		"uptime"	/* s since the module was loaded */
#define CTRI_ST_GENERATION	CTRI_COL_GENERATION
#define CTRI_ST_BOOTTIME	"boottime"	/* s of CLOCK_BOOTTIME */
#define CTRI_ST_REALTIME	"realtime"	/* s since 1970, at the same moment */
#define CTRI_ST_WINDOW		"window"	/* s */
#define CTRI_ST_PREFIX4		"prefix4"
#define CTRI_ST_PREFIX6		"prefix6"
#define CTRI_ST_CENSUS4		"census_prefix4"
#define CTRI_ST_CENSUS6		"census_prefix6"
#define CTRI_ST_MEMORY		"memory"	/* bytes of the source tables */
#define CTRI_ST_CPUS		"cpus"		/* source tables */
#define CTRI_ST_NAMESPACES	"namespaces"
#define CTRI_ST_HOOKED		"hooked_namespaces"
#define CTRI_ST_PRESSURE	"pressure"	/* 1: probes are wanted */
#define CTRI_ST_ARMINGS		"armings"	/* times that they were armed */
#define CTRI_ST_PROBE_ALLOC	"probe_alloc"	/* a CTRI_PROBE_* word */
#define CTRI_ST_PROBE_DROP	"probe_early_drop"
#define CTRI_ST_PROBE_DELETE	"probe_delete"
#define CTRI_ST_PROBE_GC	"probe_gc"
#define CTRI_ST_PROBE_CONFIRM	"probe_confirm"
#define CTRI_ST_PROBE_CLASH	"probe_clash"
#define CTRI_ST_LOST_PROBE	"lost_probe_missed"	/* kprobe nmissed */
#define CTRI_ST_LOST_CAUSE	"lost_no_cause"	/* evicted or refused, by whom unknown */
#define CTRI_ST_LOST_NETNS	"lost_no_netns"	/* event in a netns that isn't watched */
#define CTRI_ST_LOST_SAMPLE	"lost_unsampled"	/* INVALID not judged */
#define CTRI_ST_LOST_TICKS	"lost_ticks"	/* seconds that the recorder missed */
#define CTRI_ST_LOST_TABLE	"lost_no_table"	/* on a CPU without a source table */
#define CTRI_ST_UNWATCHED	"unwatched"	/* namespaces: no memory for them */
#define CTRI_ST_CPUS_WITHOUT	"cpus_without"	/* online, and likewise */
#define CTRI_ST_MEMORY_CPU	"memory_cpu"	/* bytes of one source table */
#define CTRI_ST_MEMORY_CAP	"memory_cap"	/* bytes, with all possible CPUs up */
#define CTRI_ST_MEMORY_NETNS	"memory_netns"	/* bytes besides, a namespace */
#define CTRI_ST_MEMORY_CENSUS	"memory_census"	/* bytes besides, of the last one */
#define CTRI_ST_MEMORY_RECORDS	"memory_records" /* bytes besides, fixed */
#define CTRI_ST_CONFIRM		"confirm"	/* by CTRI_BY_FTRACE or CTRI_BY_HOOKS */
#define CTRI_ST_INSERT		"insert"	/* by CTRI_BY_FTRACE, _KPROBE or _NONE */
#define CTRI_ST_FTRACE		"ftrace"	/* CTRI_ON, CTRI_OFF or CTRI_BY_NONE */
#define CTRI_ST_KPROBES		"kprobes"	/* likewise */
#define CTRI_ST_LOST_BLIND	"lost_blind"	/* seconds that one was off */
#define CTRI_ST_LOST_VICTIM	"lost_no_victim"	/* early_drop evicted, nobody saw what */

#define CTRI_PROBE_ARMED	"armed"
#define CTRI_PROBE_IDLE		"idle"
#define CTRI_PROBE_ABSENT	"absent"	/* can't attach on this kernel */

/* "kinds" of class insert: besides the protocols */
#define CTRI_KIND_DIRECT	"direct"	/* without a packet */

#define CTRI_BY_FTRACE		"ftrace"
#define CTRI_BY_KPROBE		"kprobe"
#define CTRI_BY_HOOKS		"hooks"
#define CTRI_BY_NONE		"absent"

#define CTRI_ON			"on"
#define CTRI_OFF		"off"	/* switched off for the whole host */

/*
 * netns: one row a network namespace. Counters without "k_" are the module's,
 * since it was loaded; those with "k_" are the kernel's own (net->ct.stat)
 * since then; "unattr" is what the kernel counted and the probes didn't see.
 */
#define CTRI_NETNS_COUNTS(COL)		\
	COL("max") COL("inserts") COL("evictions") COL("gc_evictions") \
	COL("evicting") COL("refusals") COL("evictions_unattr") \
	COL("drops_unattr") COL("insert_failed") COL("insert_failed_unattr") \
	COL("k_insert_failed") COL("k_chaintoolong") COL("k_clash") \
	COL("k_drop") COL("k_early_drop") COL("k_invalid") COL("k_error") \
	COL("invalid") COL("inv_malformed") COL("inv_flags") \
	COL("inv_midstream") COL("inv_rstfin") COL("inv_synack") \
	COL("inv_window") COL("inv_icmp") COL("inv_other") \
	COL("inv_unsampled") COL("inserts_direct") COL("k_insert")
#define CTRI_COL_NAME(name)	" " name
#define CTRI_COL_NONE(name)	" " CTRI_ABI_NONE

#define CTRI_HEAD_NETNS \
	"netns id conntrack count" CTRI_NETNS_COUNTS(CTRI_COL_NAME)

#define CTRI_ID_INIT		1	/* "id" of the initial namespace */
#define CTRI_ID_OTHER		0	/* "id" of any other one in /proc */

/* sources: the heavy sources of each class, worst first within a class */
#define CTRI_HEAD_SOURCES \
	"class netns id family source count err recent recent_err rate " \
	"first_ago last_ago kinds first_at last_at"

#define CTRI_CLASS_INSERT	"insert"
#define CTRI_CLASS_INVALID	"invalid"
#define CTRI_CLASS_REFUSED	"refused"
#define CTRI_CLASS_EVICTED	"evicted"
#define CTRI_CLASS_EVICTING	"evicting"
#define CTRI_CLASS_INSERT_FAILED "insert_failed"
/* The same events by original destination, and by service */
#define CTRI_CLASS_INVALID_TO	"invalid_to"
#define CTRI_CLASS_REFUSED_TO	"refused_to"
#define CTRI_CLASS_EVICTED_TO	"evicted_to"
#define CTRI_CLASS_PROGRAM	"program"	/* inserts, by cgroup id */

/*
 * /proc/net/conntriage: a row of class CTRI_CLASS_NETNS for the namespace itself,
 * as in netns, then rows as in sources. Columns that a row doesn't have are
 * CTRI_ABI_NONE.
 */
#define CTRI_HEAD_OWN \
	CTRI_HEAD_SOURCES " conntrack" CTRI_NETNS_COUNTS(CTRI_COL_NAME)
#define CTRI_CLASS_NETNS	"netns"

/* classes: what the source table as a whole knows and lost, one row a class */
#define CTRI_HEAD_CLASSES \
	"class distinct entries capacity replaced missed torn"

/*
 * Stages of a connection's life, in the order of enum ctri_stage: "stages" is
 * name=count,... of those that aren't 0. _N: silent for at least N seconds.
 */
#define CTRI_STAGES(STAGE)		\
	STAGE(EXPIRED, "expired")	\
	STAGE(UNANSWERED, "unanswered")	\
	STAGE(UNANSWERED_60, "unanswered_60") \
	STAGE(MIDSTREAM, "midstream")	\
	STAGE(HALF_OPEN, "half_open")	\
	STAGE(ONCE, "once")		\
	STAGE(ONCE_60, "once_60")	\
	STAGE(TALKING, "talking")	\
	STAGE(TALKING_60, "talking_60")	\
	STAGE(SILENT_300, "silent_300")	\
	STAGE(SILENT_1800, "silent_1800") \
	STAGE(SILENT_7200, "silent_7200") \
	STAGE(SILENT_86400, "silent_86400") \
	STAGE(CLOSING, "closing")	\
	STAGE(CLOSING_120, "closing_120")

/*
 * census: several kinds of record in one table. Columns that a record doesn't
 * have are CTRI_ABI_NONE. idle_N: entries silent for at least N seconds.
 */
#define CTRI_HEAD_CENSUS \
	"record netns proto name entries unreplied assured err stages " \
	"sources dests ports " \
	"idle_60 idle_120 idle_300 idle_600 idle_1800 idle_3600 idle_7200 " \
	"idle_86400 zone hist idle_unknown idle_below"

#define CTRI_CENSUS_WALK	"walk"	/* name: what; entries: how much */
#define CTRI_CENSUS_ZONE	"zone"	/* totals of one zone of one netns */
#define CTRI_CENSUS_EXT		"ext"	/* name: extension; of a sample */
#define CTRI_CENSUS_NETNS	"netns"	/* totals of one netns */
#define CTRI_CENSUS_STATE	"state"	/* proto, name: state */
#define CTRI_CENSUS_SOURCE	"source" /* name: address; err as in sources */
#define CTRI_CENSUS_DEST	"dest"	/* name: address */
#define CTRI_CENSUS_SERVICE	"service" /* proto, name: port */
#define CTRI_CENSUS_PREFIX	"prefix" /* name: address/bits, of sources */
#define CTRI_CENSUS_PAIR	"pair"	/* proto, name: address:port */
#define CTRI_CENSUS_OTHER	"other"	/* name of a state or zone row: all others */
#define CTRI_CENSUS_CHAIN	"chain"	/* name: length; entries: chains */

/* history: one row a second, oldest first */
#define CTRI_HEAD_HISTORY \
	"ago at span count max netns inserts insert_failed evictions " \
	"gc_evictions refusals k_drop k_early_drop invalid distinct"

/* history_minutes: least, mean and most a second, within each minute */
#define CTRI_MINUTE(name)	name "_min " name "_mean " name "_max "
#define CTRI_HEAD_MINUTES \
	"ago at span max " CTRI_MINUTE("count") CTRI_MINUTE("inserts") \
	CTRI_MINUTE("insert_failed") CTRI_MINUTE("evictions") \
	CTRI_MINUTE("gc_evictions") CTRI_MINUTE("refusals") \
	CTRI_MINUTE("k_drop") CTRI_MINUTE("invalid") "distinct"

/* incidents: one row a spell of evictions or refusals, oldest first */
#define CTRI_HEAD_INCIDENTS \
	"incident begin end begin_ago end_ago netns count_peak max " \
	"inserts inserts_peak evictions evictions_peak gc_evictions " \
	"gc_evictions_peak refusals refusals_peak insert_failed invalid " \
	"k_early_drop k_drop worst_ago stages begin_at end_at worst_at"

/* incident_top: who, in each of them */
#define CTRI_HEAD_INC_TOP \
	"incident phase class netns id family source count err stages"

#define CTRI_PHASE_BEFORE	"before"
#define CTRI_PHASE_DURING	"during"
#define CTRI_PHASE_WORST	"worst"	/* class: a CTRI_CENSUS_* word */

#endif
