/* SPDX-License-Identifier: GPL-2.0 */
/* What keeps a process, root's too, from the kernel's own files and modules. */
#ifndef CONNTRIAGE_READ_CONFINED_H
#define CONNTRIAGE_READ_CONFINED_H

#include "read/reader.h"

/**
 * confined_container() - whether this process is in a container
 * @kind: takes what its engine is called, or "": it isn't in one
 */
void confined_container(struct reader *r, char *kind, size_t size);

/** confined_userns() - whether root here is root of a user namespace alone */
bool confined_userns(struct reader *r);

/**
 * confined_lockdown() - kernel_lockdown(7)
 * @level: takes "none", "integrity" or "confidentiality"; "": the kernel doesn't say
 */
void confined_lockdown(struct reader *r, char *level, size_t size);

#endif
