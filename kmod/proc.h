/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/net/conntriage */
#ifndef CONNTRIAGE_PROC_H
#define CONNTRIAGE_PROC_H

struct net;

int ctri_proc_add(struct net *net);
void ctri_proc_remove(struct net *net);

#endif
