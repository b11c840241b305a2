/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that are put into the table without a packet. */
#ifndef CONNTRIAGE_DIRECT_H
#define CONNTRIAGE_DIRECT_H

void ctri_direct_init(void);
void ctri_direct_exit(void);
const char *ctri_direct_by(void);

#endif
