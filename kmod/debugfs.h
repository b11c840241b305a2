/* SPDX-License-Identifier: GPL-2.0 */
/* The files below debugfs. */
#ifndef CONNTRIAGE_DEBUGFS_H
#define CONNTRIAGE_DEBUGFS_H

int ctri_debugfs_init(void);
void ctri_debugfs_exit(void);

#endif
