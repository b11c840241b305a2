// SPDX-License-Identifier: GPL-2.0
/* The file "census". Process context. */
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "abi.h"
#include "census.h"
#include "census_show.h"
#include "idle.h"
#include "rows.h"
#include "show.h"

/* What a row of the file shows of the census. */
struct ctri_census_row {
	const struct ctri_census *c;
	void (*show)(struct seq_file *m, const struct ctri_census *c,
		     unsigned int index);
	unsigned int index;
};

#define CTRI_WALK_ROWS		9
/* unreplied and assured */
#define CTRI_REPLY_COLUMNS	2
/* sources dests ports */
#define CTRI_PEER_COLUMNS	3
/* idle_N zone hist idle_unknown idle_below */
#define CTRI_LAST_COLUMNS	(CTRI_IDLE_STEPS + 4)
/* these, err and stages */
#define CTRI_MORE_COLUMNS \
	(CTRI_REPLY_COLUMNS + 2 + CTRI_PEER_COLUMNS + CTRI_LAST_COLUMNS)

static void ctri_put_dashes(struct seq_file *m, unsigned int nr)
{
	while (nr--)
		seq_puts(m, " " CTRI_ABI_NONE);
}

static void ctri_show_walk(struct seq_file *m, const struct ctri_census *c,
			   unsigned int index)
{
	const struct {
		const char *name;
		u32 value;
	} walk[] = {
		{ "buckets", c->buckets },
		{ "restarts", c->restarts },
		{ "usec", c->usec },
		{ "max_usec", c->max_usec },
		{ "unplaced", c->unplaced },
		{ "chain_max", c->chain_max },
		{ "sampled", c->sampled },
		{ "bytes_entry", c->bytes_entry },
		{ "bytes_ext", c->bytes_ext },
	};

	BUILD_BUG_ON(ARRAY_SIZE(walk) != CTRI_WALK_ROWS);

	seq_printf(m, CTRI_CENSUS_WALK " - - %s %u", walk[index].name,
		   walk[index].value);
	ctri_put_dashes(m, CTRI_MORE_COLUMNS);
}

static void ctri_put_cell(struct seq_file *m, const struct ctri_cell *cell)
{
	unsigned int i;

	seq_printf(m, " %u %u %u " CTRI_ABI_NONE, cell->entries,
		   cell->unreplied, cell->assured);
	ctri_put_stages(m, cell->stage);
	ctri_put_dashes(m, CTRI_PEER_COLUMNS);
	for (i = 0; i < CTRI_IDLE_STEPS; i++)
		seq_printf(m, " %u", cell->idle[i]);
}

static void ctri_show_total(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	const struct ctri_cell *cell = &c->total[index];

	seq_printf(m, CTRI_CENSUS_NETNS " %u - -", cell->inum);
	ctri_put_cell(m, cell);
	ctri_put_dashes(m, 2);
	seq_printf(m, " %u " CTRI_ABI_NONE, cell->unknown);
}

static void ctri_show_zone(struct seq_file *m, const struct ctri_census *c,
			   unsigned int index)
{
	const struct ctri_cell *cell = &c->zone[index];

	seq_printf(m, CTRI_CENSUS_ZONE " %u - %s", cell->inum,
		   cell->zone ? CTRI_ABI_NONE : CTRI_CENSUS_OTHER);
	ctri_put_cell(m, cell);
	if (cell->zone)
		seq_printf(m, " %u", cell->zone);
	else
		ctri_put_dashes(m, 1);
	seq_printf(m, " " CTRI_ABI_NONE " %u " CTRI_ABI_NONE, cell->unknown);
}

static void ctri_put_state(struct seq_file *m, const struct ctri_cell *cell)
{
	if (cell->state == CTRI_STATE_OTHER) {
		seq_puts(m, CTRI_ABI_NONE " " CTRI_CENSUS_OTHER);
		return;
	}
	ctri_put_proto(m, cell->l4proto);
	seq_printf(m, " %s", ctri_state_name(cell->l4proto, cell->state));
}

static void ctri_show_state(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	const struct ctri_state_cell *s = &c->state[index];
	u32 below = 0;
	unsigned int i;

	seq_printf(m, CTRI_CENSUS_STATE " %u ", s->cell.inum);
	ctri_put_state(m, &s->cell);
	ctri_put_cell(m, &s->cell);
	ctri_put_dashes(m, 1);
	for (i = 0; i < CTRI_HIST; i++)
		seq_printf(m, "%c%u", i ? ',' : ' ', s->hist[i]);
	seq_printf(m, " %u", s->cell.unknown);
	for (i = 0; i < CTRI_IDLE_STEPS; i++) {
		below = max(below, s->longest[i]);
		seq_printf(m, "%c%u", i ? ',' : ' ', below);
	}
}

static void ctri_show_heavy(struct seq_file *m, const struct ctri_heavy *h,
			    enum ctri_heavy_kind kind)
{
	static const char *const record[CTRI_HEAVIES] = {
		[CTRI_H_SOURCE] = CTRI_CENSUS_SOURCE,
		[CTRI_H_DEST] = CTRI_CENSUS_DEST,
		[CTRI_H_SERVICE] = CTRI_CENSUS_SERVICE,
		[CTRI_H_PREFIX] = CTRI_CENSUS_PREFIX,
		[CTRI_H_PAIR] = CTRI_CENSUS_PAIR,
	};
	const struct ctri_source *src = &h->row.src;

	seq_printf(m, "%s %u ", record[kind], h->inum);
	switch (kind) {
	case CTRI_H_SERVICE:
		ctri_put_proto(m, src->addr[0] >> 16);
		seq_printf(m, " %u", (u16)src->addr[0]);
		break;
	case CTRI_H_PAIR:
		ctri_put_proto(m, h->service >> 16);
		seq_putc(m, ' ');
		ctri_put_pair(m, src, h->service);
		break;
	case CTRI_H_PREFIX:
		seq_puts(m, CTRI_ABI_NONE " ");
		ctri_put_prefix(m, src);
		break;
	case CTRI_H_DEST:
		seq_puts(m, CTRI_ABI_NONE " ");
		ctri_put_whole(m, src);
		break;
	default:
		seq_puts(m, CTRI_ABI_NONE " ");
		ctri_put_address(m, src);
	}
	seq_printf(m, " %llu", h->row.total);
	ctri_put_dashes(m, CTRI_REPLY_COLUMNS);
	ctri_put_u64(m, h->row.total_err, U64_MAX);
	ctri_put_stages(m, h->row.kind);
	seq_printf(m, " %u %u %u", h->sources, h->dests, h->ports);
	ctri_put_dashes(m, CTRI_LAST_COLUMNS);
}

/* All kinds in one sequence. */
static void ctri_show_top(struct seq_file *m, const struct ctri_census *c,
			  unsigned int index)
{
	enum ctri_heavy_kind kind = index / CTRI_CENSUS_TOP;

	ctri_show_heavy(m, &c->top[kind][index % CTRI_CENSUS_TOP], kind);
}

static const char *const ctri_ext_names[NF_CT_EXT_NUM] = {
	[NF_CT_EXT_HELPER] = "helper",
#if IS_ENABLED(CONFIG_NF_NAT)
	[NF_CT_EXT_NAT] = "nat",
#endif
	[NF_CT_EXT_SEQADJ] = "seqadj",
	[NF_CT_EXT_ACCT] = "acct",
#ifdef CONFIG_NF_CONNTRACK_EVENTS
	[NF_CT_EXT_ECACHE] = "ecache",
#endif
#ifdef CONFIG_NF_CONNTRACK_TIMESTAMP
	[NF_CT_EXT_TSTAMP] = "tstamp",
#endif
#ifdef CONFIG_NF_CONNTRACK_TIMEOUT
	[NF_CT_EXT_TIMEOUT] = "timeout",
#endif
#ifdef CONFIG_NF_CONNTRACK_LABELS
	[NF_CT_EXT_LABELS] = "labels",
#endif
#if IS_ENABLED(CONFIG_NETFILTER_SYNPROXY)
	[NF_CT_EXT_SYNPROXY] = "synproxy",
#endif
};

static void ctri_show_ext(struct seq_file *m, const struct ctri_census *c,
			  unsigned int index)
{
	seq_printf(m, CTRI_CENSUS_EXT " - - %s %u",
		   ctri_ext_names[index] ?: "other", c->ext[index]);
	ctri_put_dashes(m, CTRI_MORE_COLUMNS);
}

static void ctri_show_chain(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	seq_printf(m, CTRI_CENSUS_CHAIN " - - %u %u", index, c->chain[index]);
	ctri_put_dashes(m, CTRI_MORE_COLUMNS);
}

static void ctri_census_show(struct seq_file *m, const void *row)
{
	const struct ctri_census_row *r = row;

	r->show(m, r->c, r->index);
}

static void ctri_census_add_row(struct ctri_rows *r, const struct ctri_census *c,
				void (*show)(struct seq_file *m,
					     const struct ctri_census *c,
					     unsigned int index),
				unsigned int index)
{
	struct ctri_census_row *row = r->rows;

	row[r->nr++] = (struct ctri_census_row){ c, show, index };
}

static void ctri_census_add_rows(struct ctri_rows *r, const struct ctri_census *c)
{
	unsigned int i, kind;

	for (i = 0; i < CTRI_WALK_ROWS; i++)
		ctri_census_add_row(r, c, ctri_show_walk, i);
	for (i = 0; i < c->nr_total; i++)
		ctri_census_add_row(r, c, ctri_show_total, i);
	for (i = 0; i < c->nr_zone; i++)
		ctri_census_add_row(r, c, ctri_show_zone, i);
	for (i = 0; i < c->nr_state; i++)
		ctri_census_add_row(r, c, ctri_show_state, i);
	for (kind = 0; kind < CTRI_HEAVIES; kind++)
		for (i = 0; i < c->nr_top[kind]; i++)
			ctri_census_add_row(r, c, ctri_show_top,
					    kind * CTRI_CENSUS_TOP + i);
	for (i = 0; i < NF_CT_EXT_NUM; i++)
		if (c->ext[i])
			ctri_census_add_row(r, c, ctri_show_ext, i);
	for (i = 0; i <= CTRI_CHAIN_MAX; i++)
		if (c->chain[i])
			ctri_census_add_row(r, c, ctri_show_chain, i);
}

static void ctri_census_done(void *priv)
{
	ctri_census_put(priv);
}

static int ctri_census_open(struct inode *inode, struct file *file)
{
	struct ctri_census *c = ctri_census_get();
	struct ctri_rows r = {
		.head = CTRI_HEAD_CENSUS,
		.show = ctri_census_show,
		.size = sizeof(struct ctri_census_row),
		.done = ctri_census_done,
		.priv = c,
	};

	if (IS_ERR(c))
		return PTR_ERR(c);
	r.rows = kvcalloc(CTRI_WALK_ROWS + c->nr_total + c->nr_zone + c->nr_state +
			  CTRI_HEAVIES * CTRI_CENSUS_TOP + NF_CT_EXT_NUM +
			  CTRI_CHAIN_MAX + 1,
			  r.size, GFP_KERNEL);
	if (!r.rows) {
		ctri_census_put(c);
		return -ENOMEM;
	}
	r.generation = c->generation;
	ctri_census_add_rows(&r, c);
	return ctri_rows_open(file, &r);
}

CTRI_FOPS(ctri_census, ctri_rows_release);
