// SPDX-License-Identifier: GPL-2.0
/*
 * The files of docs/ABI/testing/debugfs-conntriage: text, one header line,
 * then rows. No arithmetic beyond units. Everything here is process context.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "abi.h"
#include "account.h"
#include "arm.h"
#include "census.h"
#include "census_show.h"
#include "clock.h"
#include "confirm.h"
#include "cpus.h"
#include "debugfs.h"
#include "direct.h"
#include "enable.h"
#include "history.h"
#include "incident.h"
#include "incident_show.h"
#include "netns.h"
#include "pressure.h"
#include "probe.h"
#include "pulse.h"
#include "rows.h"
#include "show.h"
#include "snapshot.h"
#include "source.h"
#include "tick.h"

static struct dentry *ctri_debugfs_dir;

static int ctri_abi_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n%u\n", CTRI_HEAD_ABI, CTRI_ABI_SCHEMA);
	return 0;
}

static int ctri_abi_open(struct inode *inode, struct file *file)
{
	return single_open(file, ctri_abi_show, NULL);
}

static CTRI_FOPS(ctri_abi, single_release);

static const char *ctri_probe_word(const struct ctri_probe_state *p,
				   enum ctri_probe which)
{
	if (!p->attached[which])
		return CTRI_PROBE_ABSENT;
	if (which == CTRI_P_CLASH)
		return CTRI_PROBE_ARMED;
	return p->armed[which == CTRI_P_CONFIRM ? CTRI_W_FAILED : CTRI_W_FULL] ?
	       CTRI_PROBE_ARMED : CTRI_PROBE_IDLE;
}

static void ctri_status_put(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%s %llu\n", name, value);
}

static int ctri_status_show(struct seq_file *m, void *v)
{
	struct ctri_snap_netns *netns;
	struct ctri_table **tables;
	struct ctri_lost_events lost;
	struct ctri_probe_state p;
	struct ctri_pulse pulse;
	unsigned int cpus, nr, i;
	u64 unsampled = 0, generation = ctri_history_generation();
	size_t bytes;

	cpus = ctri_cpus_tables(&tables, &bytes);
	kvfree(tables);
	if (!cpus || ctri_snap_netns(&netns, &nr))
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		unsampled += netns[i].counts.n[CTRI_N_INVALID + CTRI_INV_UNSAMPLED];
	kvfree(netns);
	ctri_probes_state(&p);
	ctri_account_lost(&lost);

	seq_printf(m, "%s\n", CTRI_HEAD_STATUS);
	seq_printf(m, "%s %s\n", CTRI_ST_VERSION, CTRI_VERSION);
	ctri_status_put(m, CTRI_ST_UPTIME, ctri_uptime());
	ctri_status_put(m, CTRI_ST_GENERATION, generation);
	ctri_status_put(m, CTRI_ST_BOOTTIME, ktime_get_boottime_seconds());
	ctri_status_put(m, CTRI_ST_REALTIME, ktime_get_real_seconds());
	ctri_status_put(m, CTRI_ST_WINDOW, CTRI_WINDOW);
	ctri_status_put(m, CTRI_ST_PREFIX4,
			ctri_source_prefix(CTRI_FAMILY_IPV4));
	ctri_status_put(m, CTRI_ST_PREFIX6,
			ctri_source_prefix(CTRI_FAMILY_IPV6));
	ctri_status_put(m, CTRI_ST_CENSUS4, ctri_census_masks.prefix4);
	ctri_status_put(m, CTRI_ST_CENSUS6, ctri_census_masks.prefix6);
	ctri_status_put(m, CTRI_ST_MEMORY, bytes);
	ctri_status_put(m, CTRI_ST_CPUS, cpus);
	ctri_status_put(m, CTRI_ST_NAMESPACES, nr);
	ctri_status_put(m, CTRI_ST_HOOKED, ctri_enable_count());
	ctri_status_put(m, CTRI_ST_PRESSURE, ctri_pressure_now());
	ctri_status_put(m, CTRI_ST_ARMINGS, ctri_arm_count());
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_ALLOC, ctri_probe_word(&p, CTRI_P_ALLOC));
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_DROP, ctri_probe_word(&p, CTRI_P_DROP));
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_DELETE, ctri_probe_word(&p, CTRI_P_DELETE));
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_GC, ctri_probe_word(&p, CTRI_P_GC));
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_CONFIRM, ctri_probe_word(&p, CTRI_P_CONFIRM));
	seq_printf(m, "%s %s\n", CTRI_ST_PROBE_CLASH, ctri_probe_word(&p, CTRI_P_CLASH));
	ctri_status_put(m, CTRI_ST_LOST_PROBE, p.missed);
	ctri_status_put(m, CTRI_ST_LOST_CAUSE, lost.no_cause);
	ctri_status_put(m, CTRI_ST_LOST_NETNS, lost.no_netns);
	ctri_status_put(m, CTRI_ST_LOST_SAMPLE, unsampled);
	ctri_status_put(m, CTRI_ST_LOST_TICKS, ctri_history_missed());
	ctri_status_put(m, CTRI_ST_LOST_TABLE, lost.no_table);
	ctri_status_put(m, CTRI_ST_UNWATCHED, ctri_nets_unwatched());
	ctri_status_put(m, CTRI_ST_CPUS_WITHOUT, ctri_cpus_without());
	ctri_status_put(m, CTRI_ST_MEMORY_CPU, ctri_cpus_bytes_each());
	ctri_status_put(m, CTRI_ST_MEMORY_CAP, ctri_cpus_bytes_most());
	ctri_status_put(m, CTRI_ST_MEMORY_NETNS, ctri_net_bytes());
	ctri_status_put(m, CTRI_ST_MEMORY_CENSUS, ctri_census_bytes());
	ctri_status_put(m, CTRI_ST_MEMORY_RECORDS,
			ctri_history_bytes() + ctri_incident_bytes());
	seq_printf(m, "%s %s\n", CTRI_ST_CONFIRM,
		   ctri_confirm_needs_hooks() ? CTRI_BY_HOOKS : CTRI_BY_FTRACE);
	seq_printf(m, "%s %s\n", CTRI_ST_INSERT, ctri_direct_by());
	ctri_pulse_feel(&pulse);
	seq_printf(m, "%s %s\n", CTRI_ST_FTRACE, pulse.ftrace);
	seq_printf(m, "%s %s\n", CTRI_ST_KPROBES, pulse.kprobes);
	ctri_status_put(m, CTRI_ST_LOST_BLIND, ctri_pulse_blind());
	ctri_status_put(m, CTRI_ST_LOST_VICTIM, lost.no_victim);
	return 0;
}

static int ctri_status_open(struct inode *inode, struct file *file)
{
	return single_open(file, ctri_status_show, NULL);
}

static CTRI_FOPS(ctri_status, single_release);

static int ctri_netns_open(struct inode *inode, struct file *file)
{
	struct ctri_snap_netns *rows;
	struct ctri_rows r = {
		.head = CTRI_HEAD_NETNS,
		.show = ctri_show_netns,
		.size = sizeof(*rows),
		.generation = ctri_history_generation(),
	};
	int err = ctri_snap_netns(&rows, &r.nr);

	r.rows = rows;
	return err ?: ctri_rows_open(file, &r);
}

static CTRI_FOPS(ctri_netns, ctri_rows_release);

static int ctri_sources_open(struct inode *inode, struct file *file)
{
	struct ctri_snap_source *rows;
	struct ctri_rows r = {
		.head = CTRI_HEAD_SOURCES,
		.show = ctri_show_source,
		.size = sizeof(*rows),
		.generation = ctri_history_generation(),
	};
	int err = ctri_snap_sources(&rows, &r.nr);

	r.rows = rows;
	return err ?: ctri_rows_open(file, &r);
}

static CTRI_FOPS(ctri_sources, ctri_rows_release);

static int ctri_classes_show(struct seq_file *m, void *v)
{
	struct ctri_merge_info info;
	u64 generation = ctri_history_generation();
	enum ctri_class class;
	int err;

	seq_printf(m, "%s " CTRI_COL_GENERATION "\n", CTRI_HEAD_CLASSES);
	for (class = 0; class < CTRI_CLASSES; class++) {
		err = ctri_snap_top(class, CTRI_RANK_TOTAL, NULL, 0, &info);
		if (err < 0)
			return err;
		seq_printf(m, "%s %llu %llu %llu %llu %llu %u %llu\n",
			   ctri_class_name(class), info.distinct, info.entries,
			   info.slots, info.replaced, info.missed, info.torn,
			   generation);
	}
	return 0;
}

static int ctri_classes_open(struct inode *inode, struct file *file)
{
	return single_open(file, ctri_classes_show, NULL);
}

static CTRI_FOPS(ctri_classes, single_release);

static void ctri_history_row(struct seq_file *m, const void *row)
{
	const struct ctri_second *s = row;

	seq_printf(m, "%llu %llu %u %u %u %u", ctri_seconds_ago(s->when),
		   ctri_seconds_at(s->when), s->span, s->count, s->max, s->netns);
	seq_printf(m, " %llu %llu %llu %llu %llu %llu %llu %llu %llu",
		   s->n[CTRI_N_INSERT], s->k_insert_failed,
		   s->n[CTRI_N_EVICTION], s->n[CTRI_N_GC_EVICTION],
		   s->n[CTRI_N_REFUSAL], s->k_drop, s->k_early_drop, s->invalid,
		   s->distinct);
}

static int ctri_history_open(struct inode *inode, struct file *file)
{
	struct ctri_second *rows = kvcalloc(CTRI_SECONDS, sizeof(*rows), GFP_KERNEL);
	struct ctri_rows r = {
		.head = CTRI_HEAD_HISTORY,
		.show = ctri_history_row,
		.size = sizeof(*rows),
		.generation = ctri_history_generation(),
		.rows = rows,
	};

	if (!rows)
		return -ENOMEM;
	r.nr = ctri_history_seconds(rows);
	return ctri_rows_open(file, &r);
}

static CTRI_FOPS(ctri_history, ctri_rows_release);

static void ctri_minutes_row(struct seq_file *m, const void *row)
{
	const struct ctri_minute *min = row;
	unsigned int i;

	seq_printf(m, "%llu %llu %u %u", ctri_seconds_ago(min->when),
		   ctri_seconds_at(min->when), min->span, min->max);
	for (i = 0; i < CTRI_SERIES; i++)
		seq_printf(m, " %u %u %u", min->s[i].min, min->s[i].mean,
			   min->s[i].max);
	seq_printf(m, " %llu", min->distinct);
}

static int ctri_minutes_open(struct inode *inode, struct file *file)
{
	struct ctri_minute *rows = kvcalloc(CTRI_MINUTES, sizeof(*rows), GFP_KERNEL);
	struct ctri_rows r = {
		.head = CTRI_HEAD_MINUTES,
		.show = ctri_minutes_row,
		.size = sizeof(*rows),
		.generation = ctri_history_generation(),
		.rows = rows,
	};

	if (!rows)
		return -ENOMEM;
	r.nr = ctri_history_minutes(rows);
	return ctri_rows_open(file, &r);
}

static CTRI_FOPS(ctri_minutes, ctri_rows_release);

static const struct {
	const char *name;
	const struct file_operations *fops;
} ctri_debugfs_files[] = {
	{ CTRI_FILE_ABI, &ctri_abi_fops },
	{ CTRI_FILE_STATUS, &ctri_status_fops },
	{ CTRI_FILE_NETNS, &ctri_netns_fops },
	{ CTRI_FILE_SOURCES, &ctri_sources_fops },
	{ CTRI_FILE_CLASSES, &ctri_classes_fops },
	{ CTRI_FILE_CENSUS, &ctri_census_fops },
	{ CTRI_FILE_HISTORY, &ctri_history_fops },
	{ CTRI_FILE_MINUTES, &ctri_minutes_fops },
	{ CTRI_FILE_INCIDENTS, &ctri_incidents_fops },
	{ CTRI_FILE_INC_TOP, &ctri_incident_top_fops },
};

/**
 * ctri_debugfs_init() - make the files; readers may come at once
 *
 * Without debugfs there is still /proc/net/conntriage, which is said once.
 *
 * Context: process.
 * Return: 0 or -errno, said in the log, with no file left.
 */
int ctri_debugfs_init(void)
{
	struct dentry *file;
	unsigned int i;
	int err;

	ctri_debugfs_dir = debugfs_create_dir(CTRI_ABI_DIR, NULL);
	err = PTR_ERR_OR_ZERO(ctri_debugfs_dir);
	if (err == -EPERM || err == -ENODEV) {
		pr_warn("debugfs is off (debugfs=off at boot?): only /proc/net/%s is there\n",
			CTRI_PROC_NAME);
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(ctri_debugfs_files) && !err; i++) {
		file = debugfs_create_file(ctri_debugfs_files[i].name, 0444,
					   ctri_debugfs_dir, NULL,
					   ctri_debugfs_files[i].fops);
		err = PTR_ERR_OR_ZERO(file);
	}
	if (err) {
		pr_err("cannot make the files of debugfs directory %s (%d), is another one there?\n",
		       CTRI_ABI_DIR, err);
		debugfs_remove(ctri_debugfs_dir);
	}
	return err;
}

/**
 * ctri_debugfs_exit() - remove the files; no reader is inside on return
 *
 * Context: process.
 */
void ctri_debugfs_exit(void)
{
	debugfs_remove(ctri_debugfs_dir);
}
