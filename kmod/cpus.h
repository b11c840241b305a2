/* SPDX-License-Identifier: GPL-2.0 */
/* The source tables, one a CPU. */
#ifndef CONNTRIAGE_CPUS_H
#define CONNTRIAGE_CPUS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include "events.h"
#include "table.h"

struct ctri_net;

/**
 * struct ctri_cpu - what an insertion needs of its CPU
 * @table: the source table; set once. NULL: there was no memory for it when the
 *	CPU came up. Then @second is kept long over, which takes every insertion
 *	to ctri_insert_refresh(), and namespaces alone are counted
 * @second: jiffies when the second of @when began
 * @when: ctri_table_when() of now, as long as that second lasts
 * @look: insertions until the next look at the fill level
 *
 * All but @table are written by the CPU itself, in ctri_account_insert() and
 * ctri_insert_refresh().
 */
struct ctri_cpu {
	struct ctri_table *table;
	unsigned long second;
	u64 when;
	int look;
};

DECLARE_PER_CPU_ALIGNED(struct ctri_cpu, ctri_cpus);

int ctri_cpus_init(size_t bytes_per_cpu);
void ctri_cpus_exit(void);
unsigned int ctri_cpus_without(void);
size_t ctri_cpus_bytes_each(void);
size_t ctri_cpus_bytes_most(void);
u64 ctri_class_events(const u64 *n, enum ctri_class class);
unsigned int ctri_cpus_tables_of(const struct ctri_net *cn, enum ctri_class class,
				 struct ctri_table **tables);
unsigned int ctri_cpus_tables(struct ctri_table ***tables, size_t *bytes);

#endif
