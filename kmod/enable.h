/* SPDX-License-Identifier: GPL-2.0 */
/* Where conntrack is turned on, and so hooks are needed. */
#ifndef CONNTRIAGE_ENABLE_H
#define CONNTRIAGE_ENABLE_H

struct ctri_net;

void ctri_enable_init(void);
void ctri_enable_start(void);
void ctri_enable_stop(void);
int ctri_enable_add(struct ctri_net *cn);
void ctri_enable_remove(struct ctri_net *cn);
void ctri_enable_look(void);
unsigned int ctri_enable_count(void);

#endif
