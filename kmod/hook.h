/* SPDX-License-Identifier: GPL-2.0 */
/* The hooks of a namespace. */
#ifndef CONNTRIAGE_HOOK_H
#define CONNTRIAGE_HOOK_H

struct ctri_net;

int ctri_hooks_register(struct ctri_net *cn);
void ctri_hooks_unregister(struct ctri_net *cn);

#endif
