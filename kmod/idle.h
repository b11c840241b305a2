/* SPDX-License-Identifier: GPL-2.0 */
/* How long an entry has been silent, and in which state it is. */
#ifndef CONNTRIAGE_IDLE_H
#define CONNTRIAGE_IDLE_H

#include <linux/types.h>

struct nf_conn;

u32 ctri_entry_idle(const struct nf_conn *ct, bool *known);
u8 ctri_entry_state(const struct nf_conn *ct);
const char *ctri_state_name(u8 l4proto, u8 state);

#endif
