/* SPDX-License-Identifier: GPL-2.0 */
/* Rows, and parts of rows, that more than one file has. */
#ifndef CONNTRIAGE_SHOW_H
#define CONNTRIAGE_SHOW_H

#include <linux/types.h>
#include "table.h"

struct ctri_snap_netns;
struct ctri_snap_source;
struct seq_file;

const char *ctri_class_name(enum ctri_class class);
u64 ctri_seconds_ago(u64 when);
u64 ctri_seconds_at(u64 when);
void ctri_put_u64(struct seq_file *m, u64 value, u64 unknown);
void ctri_put_proto(struct seq_file *m, u8 l4proto);
void ctri_put_address(struct seq_file *m, const struct ctri_source *src);
void ctri_put_whole(struct seq_file *m, const struct ctri_source *src);
void ctri_put_prefix(struct seq_file *m, const struct ctri_source *src);
void ctri_put_pair(struct seq_file *m, const struct ctri_source *dest, u16 port);
void ctri_put_stages(struct seq_file *m, const u32 *count);
void ctri_put_owner(struct seq_file *m, const struct ctri_source *src, u32 inum);
void ctri_put_service(struct seq_file *m, const struct ctri_source *src);
void ctri_put_source(struct seq_file *m, enum ctri_class class,
		     const struct ctri_source *src, u32 inum);
void ctri_show_netns(struct seq_file *m, const void *row);
void ctri_show_source(struct seq_file *m, const void *row);
void ctri_show_own_netns(struct seq_file *m, const struct ctri_snap_netns *s);
void ctri_show_own_source(struct seq_file *m, const struct ctri_snap_source *s);

#endif
