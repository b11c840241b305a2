/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that go to confirmation. */
#ifndef CONNTRIAGE_CONFIRM_H
#define CONNTRIAGE_CONFIRM_H

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/types.h>

struct ctri_net;
struct nf_conn;
struct sk_buff;

void ctri_confirm_init(void);
void ctri_confirm_start(void);
void ctri_confirm_exit(void);
bool ctri_confirm_needs_hooks(void);
void ctri_confirm(struct ctri_net *cn, const struct sk_buff *skb,
		  const struct nf_conn *ct, enum ip_conntrack_info ctinfo);

#endif
