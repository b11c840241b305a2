// SPDX-License-Identifier: GPL-2.0
/* /proc/net/conntriage: a namespace's own rows, for it alone. */
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>
#include "abi.h"
#include "netns.h"
#include "proc.h"
#include "show.h"
#include "snapshot.h"

static int ctri_proc_show(struct seq_file *m, void *v)
{
	const struct ctri_net *cn = ctri_net(seq_file_single_net(m));
	struct ctri_snap_source *rows;
	struct ctri_snap_netns own;
	unsigned int i, nr;
	int err;

	ctri_snap_one(cn, &own);
	seq_printf(m, "%s\n", CTRI_HEAD_NETNS);
	ctri_show_netns(m, &own);

	err = ctri_snap_sources(cn, &rows, &nr);
	if (err)
		return err;
	seq_printf(m, "\n%s\n", CTRI_HEAD_SOURCES);
	for (i = 0; i < nr; i++)
		ctri_show_source(m, &rows[i]);
	kvfree(rows);
	return 0;
}

/**
 * ctri_proc_add() - give a namespace its file
 * @net: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_proc_add(struct net *net)
{
	return proc_create_net_single(CTRI_PROC_NAME, 0440, net->proc_net,
				      ctri_proc_show, NULL) ? 0 : -ENOMEM;
}

/**
 * ctri_proc_remove() - take it away; no reader is inside on return
 * @net: the namespace
 *
 * Context: process.
 */
void ctri_proc_remove(struct net *net)
{
	remove_proc_entry(CTRI_PROC_NAME, net->proc_net);
}
