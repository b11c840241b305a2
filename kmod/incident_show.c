// SPDX-License-Identifier: GPL-2.0
/* The files "incidents" and "incident_top". Process context. */
#include <linux/mm.h>
#include "abi.h"
#include "incident.h"
#include "incident_show.h"
#include "rows.h"
#include "show.h"

static void ctri_incident_row(struct seq_file *m, const void *row)
{
	const struct ctri_incident *inc = row;
	const u64 *n = inc->n, *peak = inc->peak;

	seq_printf(m, "%u %lld %lld %llu %llu %u %u %u", inc->nr, inc->begin_wall,
		   inc->over ? inc->end_wall : 0, ctri_seconds_ago(inc->begin),
		   inc->over ? ctri_seconds_ago(inc->end) : 0, inc->netns,
		   inc->count_peak, inc->max);
	seq_printf(m, " %llu %llu %llu %llu %llu %llu %llu %llu",
		   n[CTRI_N_INSERT], peak[CTRI_N_INSERT], n[CTRI_N_EVICTION],
		   peak[CTRI_N_EVICTION], n[CTRI_N_GC_EVICTION],
		   peak[CTRI_N_GC_EVICTION], n[CTRI_N_REFUSAL],
		   peak[CTRI_N_REFUSAL]);
	seq_printf(m, " %llu %llu %llu %llu\n", inc->k_insert_failed,
		   inc->invalid, inc->k_early_drop, inc->k_drop);
}

static struct ctri_incident *ctri_incidents_read(unsigned int *nr)
{
	struct ctri_incident *rows = kvcalloc(CTRI_INCIDENTS, sizeof(*rows),
					      GFP_KERNEL);

	if (rows)
		*nr = ctri_incident_read(rows);
	return rows;
}

static int ctri_incidents_open(struct inode *inode, struct file *file)
{
	struct ctri_rows r = {
		.head = CTRI_HEAD_INCIDENTS,
		.show = ctri_incident_row,
		.size = sizeof(struct ctri_incident),
	};

	r.rows = ctri_incidents_read(&r.nr);
	return r.rows ? ctri_rows_open(file, &r) : -ENOMEM;
}

CTRI_FOPS(ctri_incidents, ctri_rows_release);

struct ctri_incident_top_row {
	u32 nr;
	enum ctri_inc_list list;
	struct ctri_share share;
};

static const char *ctri_incident_list_name(enum ctri_inc_list list)
{
	switch (list) {
	case CTRI_I_EVICTED:
		return CTRI_CLASS_EVICTED;
	case CTRI_I_REFUSED:
		return CTRI_CLASS_REFUSED;
	case CTRI_I_EVICTING:
		return CTRI_CLASS_EVICTING;
	case CTRI_I_HELD:
		return "held";
	default:
		return CTRI_CLASS_INSERT;
	}
}

static void ctri_incident_top_row_show(struct seq_file *m, const void *row)
{
	const struct ctri_incident_top_row *r = row;

	seq_printf(m, "%u %s %s ", r->nr,
		   r->list == CTRI_I_BEFORE ? CTRI_PHASE_BEFORE :
					      CTRI_PHASE_DURING,
		   ctri_incident_list_name(r->list));
	ctri_put_source(m, CTRI_C_INSERT, &r->share.src, r->share.inum);
	seq_printf(m, " %llu", r->share.count);
	ctri_put_u64(m, r->share.err, U64_MAX);
	seq_putc(m, '\n');
}

static int ctri_incident_top_open(struct inode *inode, struct file *file)
{
	struct ctri_rows r = {
		.head = CTRI_HEAD_INC_TOP,
		.show = ctri_incident_top_row_show,
		.size = sizeof(struct ctri_incident_top_row),
	};
	unsigned int i, list, k, incidents;
	struct ctri_incident *inc;
	struct ctri_incident_top_row *row;

	inc = ctri_incidents_read(&incidents);
	if (!inc)
		return -ENOMEM;
	row = kvcalloc(incidents * CTRI_I_LISTS * CTRI_INC_TOP + 1, sizeof(*row),
		       GFP_KERNEL);
	if (!row) {
		kvfree(inc);
		return -ENOMEM;
	}
	for (i = 0; i < incidents; i++)
		for (list = 0; list < CTRI_I_LISTS; list++)
			for (k = 0; k < CTRI_INC_TOP; k++)
				if (inc[i].top[list][k].src.family)
					row[r.nr++] = (struct ctri_incident_top_row){
						inc[i].nr, list,
						inc[i].top[list][k]
					};
	kvfree(inc);
	r.rows = row;
	return ctri_rows_open(file, &r);
}

CTRI_FOPS(ctri_incident_top, ctri_rows_release);
