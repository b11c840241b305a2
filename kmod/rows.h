/* SPDX-License-Identifier: GPL-2.0 */
/* A file whose rows are in memory while it is open. */
#ifndef CONNTRIAGE_ROWS_H
#define CONNTRIAGE_ROWS_H

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

/**
 * struct ctri_rows - what ctri_rows_open() is given
 * @head: the header line, without the last column
 * @show: prints one row, without the last column
 * @generation: the last column, see ctri_history_generation(); 0: not to be told
 * @fill: where the rows are to be of now whenever the file is read from its
 *	beginning: sets @generation, @rows and @nr; may be NULL
 * @rows: @nr of @size bytes each; kvfree()d at the end
 * @size: of a row
 * @nr: how many
 * @done: called with @priv at the end; may be NULL
 * @priv: what the rows point into, if it isn't in @rows
 */
struct ctri_rows {
	const char *head;
	void (*show)(struct seq_file *m, const void *row);
	u64 generation;
	void (*fill)(struct seq_file *m, struct ctri_rows *rows);
	void *rows;
	size_t size;
	unsigned int nr;
	void (*done)(void *priv);
	void *priv;
};

int ctri_rows_open(struct file *file, const struct ctri_rows *rows);
int ctri_rows_release(struct inode *inode, struct file *file);

#define CTRI_FOPS(name, release_fn)			\
const struct file_operations name##_fops = {		\
	.owner		= THIS_MODULE,			\
	.open		= name##_open,			\
	.read		= seq_read,			\
	.llseek		= seq_lseek,			\
	.release	= release_fn,			\
}

#endif
