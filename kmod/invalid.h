/* SPDX-License-Identifier: GPL-2.0 */
/* Why a packet is INVALID. */
#ifndef CONNTRIAGE_INVALID_H
#define CONNTRIAGE_INVALID_H

#include "events.h"

struct nf_conntrack_tuple;
struct nf_hook_state;
struct sk_buff;

enum ctri_invalid ctri_classify(struct sk_buff *skb,
				const struct nf_hook_state *state,
				struct nf_conntrack_tuple *tuple);

#endif
