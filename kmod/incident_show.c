// SPDX-License-Identifier: GPL-2.0
/* The files "incidents" and "incident_top". Process context. */
#include <linux/mm.h>
#include <linux/poll.h>
#include "abi.h"
#include "history.h"
#include "incident.h"
#include "incident_show.h"
#include "incident_wait.h"
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
	seq_printf(m, " %llu %llu %llu %llu", inc->k_insert_failed, inc->invalid,
		   inc->k_early_drop, inc->k_drop);
	if (inc->worst.when)
		seq_printf(m, " %llu", ctri_seconds_ago(inc->worst.when));
	else
		seq_puts(m, " " CTRI_ABI_NONE);
	ctri_put_stages(m, inc->worst.stage);
	seq_printf(m, " %llu", ctri_seconds_at(inc->begin));
	ctri_put_u64(m, inc->over ? ctri_seconds_at(inc->end) : 0, 0);
	ctri_put_u64(m, ctri_seconds_at(inc->worst.when), 0);
}

static struct ctri_incident *ctri_incidents_alloc(void)
{
	return kvcalloc(CTRI_INCIDENTS, sizeof(struct ctri_incident), GFP_KERNEL);
}

/* What changes from here on wakes who polls, be it in these rows or not. */
static void ctri_incidents_fill(struct seq_file *m, struct ctri_rows *r)
{
	WRITE_ONCE(m->poll_event, ctri_incident_changes());
	r->generation = ctri_history_generation();
	r->nr = ctri_incident_read(r->rows);
}

static int ctri_incidents_open(struct inode *inode, struct file *file)
{
	int err, changes = ctri_incident_changes();
	struct ctri_rows r = {
		.head = CTRI_HEAD_INCIDENTS,
		.show = ctri_incident_row,
		.fill = ctri_incidents_fill,
		.size = sizeof(struct ctri_incident),
		.rows = ctri_incidents_alloc(),
	};

	if (!r.rows)
		return -ENOMEM;
	err = ctri_rows_open(file, &r);
	if (!err)
		((struct seq_file *)file->private_data)->poll_event = changes;
	return err;
}

/* As in /proc/mdstat: a change that wasn't read yet is an exceptional condition. */
static __poll_t ctri_incidents_poll(struct file *file, poll_table *wait)
{
	const struct seq_file *m = file->private_data;
	__poll_t mask = EPOLLIN | EPOLLRDNORM;

	ctri_incident_poll(file, wait);
	if (READ_ONCE(m->poll_event) != ctri_incident_changes())
		mask |= EPOLLERR | EPOLLPRI;
	return mask;
}

const struct file_operations ctri_incidents_fops = {
	.owner		= THIS_MODULE,
	.open		= ctri_incidents_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.poll		= ctri_incidents_poll,
	.release	= ctri_rows_release,
};

/* One of "before" and "during", or one of "worst": the other is NULL. */
struct ctri_incident_top_row {
	u32 nr;
	enum ctri_inc_list list;
	const struct ctri_share *share;
	enum ctri_heavy_kind kind;
	const struct ctri_holder *holder;
};

static const char *const ctri_holder_names[CTRI_HEAVIES] = {
	[CTRI_H_SOURCE]		= CTRI_CENSUS_SOURCE,
	[CTRI_H_DEST]		= CTRI_CENSUS_DEST,
	[CTRI_H_SERVICE]	= CTRI_CENSUS_SERVICE,
	[CTRI_H_PREFIX]		= CTRI_CENSUS_PREFIX,
	[CTRI_H_PAIR]		= CTRI_CENSUS_PAIR,
};

static void ctri_show_share(struct seq_file *m, const struct ctri_incident_top_row *r)
{
	enum ctri_class class = ctri_incident_list_class(r->list);
	const struct ctri_share *share = r->share;

	seq_printf(m, "%u %s %s ", r->nr,
		   r->list == CTRI_I_BEFORE ? CTRI_PHASE_BEFORE :
					      CTRI_PHASE_DURING,
		   ctri_class_name(class));
	ctri_put_source(m, class, &share->src, share->inum);
	seq_printf(m, " %llu", share->count);
	ctri_put_u64(m, share->err, U64_MAX);
	seq_puts(m, " " CTRI_ABI_NONE);
}

/* The column source. */
static void ctri_put_holder(struct seq_file *m, enum ctri_heavy_kind kind,
			    const struct ctri_holder *h)
{
	switch (kind) {
	case CTRI_H_DEST:
		ctri_put_whole(m, &h->src);
		break;
	case CTRI_H_SERVICE:
		ctri_put_service(m, &h->src);
		break;
	case CTRI_H_PREFIX:
		ctri_put_prefix(m, &h->src);
		break;
	case CTRI_H_PAIR:
		ctri_put_proto(m, h->service >> 16);
		seq_putc(m, '/');
		ctri_put_pair(m, &h->src, h->service);
		break;
	default:
		ctri_put_address(m, &h->src);
	}
}

static void ctri_show_holder(struct seq_file *m, const struct ctri_incident_top_row *r)
{
	const struct ctri_holder *h = r->holder;

	seq_printf(m, "%u " CTRI_PHASE_WORST " %s ", r->nr,
		   ctri_holder_names[r->kind]);
	ctri_put_owner(m, &h->src, h->inum);
	ctri_put_holder(m, r->kind, h);
	seq_printf(m, " %u", h->entries);
	ctri_put_u64(m, h->err, U32_MAX);
	ctri_put_stages(m, h->stage);
}

static void ctri_incident_top_row_show(struct seq_file *m, const void *row)
{
	const struct ctri_incident_top_row *r = row;

	if (r->share)
		ctri_show_share(m, r);
	else
		ctri_show_holder(m, r);
}

#define CTRI_INC_ROWS	((CTRI_I_LISTS + CTRI_HEAVIES) * CTRI_INC_TOP)

static void ctri_incident_top_rows(struct ctri_rows *r,
				   const struct ctri_incident *inc)
{
	struct ctri_incident_top_row *row = r->rows;
	unsigned int list, kind, i;

	for (list = 0; list < CTRI_I_LISTS; list++)
		for (i = 0; i < CTRI_INC_TOP; i++)
			if (inc->top[list][i].src.family)
				row[r->nr++] = (struct ctri_incident_top_row){
					.nr = inc->nr, .list = list,
					.share = &inc->top[list][i],
				};
	for (kind = 0; kind < CTRI_HEAVIES; kind++)
		for (i = 0; i < CTRI_INC_TOP; i++)
			if (inc->worst.top[kind][i].src.family)
				row[r->nr++] = (struct ctri_incident_top_row){
					.nr = inc->nr, .kind = kind,
					.holder = &inc->worst.top[kind][i],
				};
}

static void ctri_incident_top_done(void *priv)
{
	kvfree(priv);
}

static int ctri_incident_top_open(struct inode *inode, struct file *file)
{
	struct ctri_rows r = {
		.head = CTRI_HEAD_INC_TOP,
		.show = ctri_incident_top_row_show,
		.generation = ctri_history_generation(),
		.size = sizeof(struct ctri_incident_top_row),
		.done = ctri_incident_top_done,
	};
	unsigned int i, incidents;
	struct ctri_incident *inc;

	inc = ctri_incidents_alloc();
	if (!inc)
		return -ENOMEM;
	incidents = ctri_incident_read(inc);
	r.priv = inc;
	r.rows = kvcalloc(incidents * CTRI_INC_ROWS + 1, r.size, GFP_KERNEL);
	if (!r.rows) {
		kvfree(inc);
		return -ENOMEM;
	}
	for (i = 0; i < incidents; i++)
		ctri_incident_top_rows(&r, &inc[i]);
	return ctri_rows_open(file, &r);
}

CTRI_FOPS(ctri_incident_top, ctri_rows_release);
