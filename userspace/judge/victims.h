/* SPDX-License-Identifier: GPL-2.0 */
/* Who suffers from a pressed table. */
#ifndef CONNTRIAGE_JUDGE_VICTIMS_H
#define CONNTRIAGE_JUDGE_VICTIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/tables.h"
#include "snapshot.h"

/*
 * What a source lost of a class: lately; or in all, where the table was full
 * and isn't any more.
 */
int64_t victim_lost(const struct netns_table *n, const struct actor *a,
		    enum source_class class);
/* Packets refused and entries evicted */
int64_t victim_losses(const struct netns_table *n, const struct actor *a);

/* It lost something, and it is neither a culprit nor a made-up address. */
bool victim_suffers(const struct netns_table *n, const struct actor *a);

/**
 * victims_count() - how many sources suffer
 * @worst: set to the one that lost most, or NULL
 */
size_t victims_count(const struct netns_table *n, const struct actor **worst);

#endif
