// SPDX-License-Identifier: GPL-2.0
/* A file whose rows are in memory while it is open. Process context. */
#include <linux/mm.h>
#include <linux/slab.h>
#include "abi.h"
#include "rows.h"
#include "show.h"

static void *ctri_rows_start(struct seq_file *m, loff_t *pos)
{
	struct ctri_rows *r = m->private;

	if (!*pos) {
		if (r->fill)
			r->fill(m, r);
		return SEQ_START_TOKEN;
	}
	return *pos <= r->nr ? r->rows + (*pos - 1) * r->size : NULL;
}

static void *ctri_rows_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return ctri_rows_start(m, pos);
}

static void ctri_rows_stop(struct seq_file *m, void *v)
{
}

static int ctri_rows_show(struct seq_file *m, void *v)
{
	const struct ctri_rows *r = m->private;

	if (v == SEQ_START_TOKEN) {
		seq_printf(m, "%s " CTRI_COL_GENERATION "\n", r->head);
		return 0;
	}
	r->show(m, v);
	ctri_put_u64(m, r->generation, 0);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations ctri_rows_ops = {
	.start	= ctri_rows_start,
	.next	= ctri_rows_next,
	.stop	= ctri_rows_stop,
	.show	= ctri_rows_show,
};

static void ctri_rows_free(const struct ctri_rows *r)
{
	kvfree(r->rows);
	if (r->done)
		r->done(r->priv);
}

/**
 * ctri_rows_open() - finish the open of a file
 * @file: the file
 * @rows: copied; what it points to is the file's now, whatever is returned
 *
 * Return: 0 or -ENOMEM.
 */
int ctri_rows_open(struct file *file, const struct ctri_rows *rows)
{
	struct ctri_rows *r;

	r = __seq_open_private(file, &ctri_rows_ops, sizeof(*r));
	if (!r) {
		ctri_rows_free(rows);
		return -ENOMEM;
	}
	*r = *rows;
	return 0;
}

/**
 * ctri_rows_release() - of the file_operations
 * @inode: the file's
 * @file: the file
 *
 * Context: process.
 * Return: 0
 */
int ctri_rows_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	ctri_rows_free(m->private);
	return seq_release_private(inode, file);
}
