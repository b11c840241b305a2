// SPDX-License-Identifier: GPL-2.0
/* The file "census". Process context. */
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "abi.h"
#include "census.h"
#include "rows.h"

/* What a row of the file shows of the census. */
struct ctri_census_row {
	const struct ctri_census *c;
	void (*show)(struct seq_file *m, const struct ctri_census *c,
		     unsigned int index);
	unsigned int index;
};

static void ctri_put_dashes(struct seq_file *m, unsigned int nr)
{
	while (nr--)
		seq_puts(m, " " CTRI_ABI_NONE);
}

static void ctri_put_proto(struct seq_file *m, u8 l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
		seq_puts(m, "tcp");
		break;
	case IPPROTO_UDP:
		seq_puts(m, "udp");
		break;
	case IPPROTO_ICMP:
		seq_puts(m, "icmp");
		break;
	case IPPROTO_ICMPV6:
		seq_puts(m, "icmpv6");
		break;
	case IPPROTO_SCTP:
		seq_puts(m, "sctp");
		break;
	case IPPROTO_GRE:
		seq_puts(m, "gre");
		break;
	default:
		seq_printf(m, "%u", l4proto);
	}
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
		{ "bytes_entry", c->bytes_entry },
	};

	seq_printf(m, CTRI_CENSUS_WALK " - - %s %u", walk[index].name,
		   walk[index].value);
	ctri_put_dashes(m, 3 + CTRI_IDLE_STEPS);
	seq_putc(m, '\n');
}

#define CTRI_WALK_ROWS		6

static void ctri_put_cell(struct seq_file *m, const struct ctri_cell *cell)
{
	unsigned int i;

	seq_printf(m, " %u %u %u " CTRI_ABI_NONE, cell->entries,
		   cell->unreplied, cell->assured);
	for (i = 0; i < CTRI_IDLE_STEPS; i++)
		seq_printf(m, " %u", cell->idle[i]);
	seq_putc(m, '\n');
}

static void ctri_show_netns(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	seq_printf(m, CTRI_CENSUS_NETNS " %u - -", c->total[index].inum);
	ctri_put_cell(m, &c->total[index]);
}

static void ctri_show_state(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	const struct ctri_cell *cell = &c->cell[index];

	seq_printf(m, CTRI_CENSUS_STATE " %u ", cell->inum);
	ctri_put_proto(m, cell->l4proto);
	seq_printf(m, " %s", ctri_state_name(cell->l4proto, cell->state));
	ctri_put_cell(m, cell);
}

static void ctri_put_heavy(struct seq_file *m, const struct ctri_row *r)
{
	seq_printf(m, " %llu %u %u", r->total, r->kind[CTRI_HELD_UNREPLIED],
		   r->kind[CTRI_HELD_ASSURED]);
	if (r->total_err == U64_MAX)
		ctri_put_dashes(m, 1);
	else
		seq_printf(m, " %llu", r->total_err);
	ctri_put_dashes(m, CTRI_IDLE_STEPS);
	seq_putc(m, '\n');
}

static void ctri_show_address(struct seq_file *m, const char *record,
			      const struct ctri_heavy *h)
{
	seq_printf(m, "%s %u - ", record, h->inum);
	ctri_put_address(m, &h->row.src);
	ctri_put_heavy(m, &h->row);
}

static void ctri_show_source(struct seq_file *m, const struct ctri_census *c,
			     unsigned int index)
{
	ctri_show_address(m, CTRI_CENSUS_SOURCE, &c->top[CTRI_H_SOURCE][index]);
}

static void ctri_show_dest(struct seq_file *m, const struct ctri_census *c,
			   unsigned int index)
{
	ctri_show_address(m, CTRI_CENSUS_DEST, &c->top[CTRI_H_DEST][index]);
}

static void ctri_show_service(struct seq_file *m, const struct ctri_census *c,
			      unsigned int index)
{
	const struct ctri_heavy *h = &c->top[CTRI_H_SERVICE][index];

	seq_printf(m, CTRI_CENSUS_SERVICE " %u ", h->inum);
	ctri_put_proto(m, h->row.src.addr[0] >> 16);
	seq_printf(m, " %u", (u16)h->row.src.addr[0]);
	ctri_put_heavy(m, &h->row);
}

static void ctri_show_chain(struct seq_file *m, const struct ctri_census *c,
			    unsigned int index)
{
	seq_printf(m, CTRI_CENSUS_CHAIN " - - %u %u", index, c->chain[index]);
	ctri_put_dashes(m, 3 + CTRI_IDLE_STEPS);
	seq_putc(m, '\n');
}

static void ctri_census_show(struct seq_file *m, const void *row)
{
	const struct ctri_census_row *r = row;

	r->show(m, r->c, r->index);
}

static void ctri_add(struct ctri_rows *r, const struct ctri_census *c,
		     void (*show)(struct seq_file *m,
				  const struct ctri_census *c,
				  unsigned int index), unsigned int index)
{
	struct ctri_census_row *row = r->rows;

	row[r->nr++] = (struct ctri_census_row){ c, show, index };
}

static void ctri_add_all(struct ctri_rows *r, const struct ctri_census *c)
{
	unsigned int i;

	for (i = 0; i < CTRI_WALK_ROWS; i++)
		ctri_add(r, c, ctri_show_walk, i);
	for (i = 0; i < c->nr_total; i++)
		ctri_add(r, c, ctri_show_netns, i);
	for (i = 0; i < CTRI_CELLS; i++)
		if (c->cell[i].inum)
			ctri_add(r, c, ctri_show_state, i);
	for (i = 0; i < c->nr_top[CTRI_H_SOURCE]; i++)
		ctri_add(r, c, ctri_show_source, i);
	for (i = 0; i < c->nr_top[CTRI_H_DEST]; i++)
		ctri_add(r, c, ctri_show_dest, i);
	for (i = 0; i < c->nr_top[CTRI_H_SERVICE]; i++)
		ctri_add(r, c, ctri_show_service, i);
	for (i = 0; i <= CTRI_CHAIN_MAX; i++)
		if (c->chain[i])
			ctri_add(r, c, ctri_show_chain, i);
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
	r.rows = kvcalloc(CTRI_WALK_ROWS + c->nr_total + CTRI_CELLS +
			  CTRI_HEAVIES * CTRI_CENSUS_TOP + CTRI_CHAIN_MAX + 1,
			  r.size, GFP_KERNEL);
	if (!r.rows) {
		ctri_census_put(c);
		return -ENOMEM;
	}
	ctri_add_all(&r, c);
	return ctri_rows_open(file, &r);
}

CTRI_FOPS(ctri_census, ctri_rows_release);
