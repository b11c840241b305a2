/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of reader_health(). Other rooms include read.h. */
#ifndef CONNTRIAGE_READ_HEALTH_PARTS_H
#define CONNTRIAGE_READ_HEALTH_PARTS_H

#include "health.h"
#include "read/reader.h"

/**
 * reader_health() - gather the facts, after read_host(), read_tools(), read_module()
 * @h: filled; free it with health_free()
 *
 * What can't be read is not known: there is no error.
 */
void reader_health(struct reader *r, struct health *h);

/* health_build.c: what /lib/modules, DKMS and the boot files have of the module */
void read_kernels(struct reader *r, struct health *h);
void read_dkms(struct reader *r, struct health *h);
void read_boot_load(struct reader *r, struct health *h);

#endif
