/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which entries were there at a first look, and which sources: in memory that doesn't
 * grow, so that it may take one for known that wasn't. Of a million entries 1 in 10,000,
 * of four million 1 in 100 (selftests: tests/parse).
 */
#ifndef CONNTRIAGE_ENTRIES_EARLIER_H
#define CONNTRIAGE_ENTRIES_EARLIER_H

#include <stdbool.h>
#include <stdint.h>

#include "entries/entry.h"

struct earlier;

/**
 * earlier_begin() - none are known yet
 * @entries: about so many will be
 *
 * Return: for earlier_free(). 32 MiB at most.
 */
struct earlier *earlier_begin(int64_t entries);

/** earlier_note() - an entry was there */
void earlier_note(struct earlier *r, struct entry *e);

/** earlier_fetch() - an entry will be noted or told of soon: fetch the memory of that */
void earlier_fetch(const struct earlier *r, struct entry *e);

/** earlier_tell() - fill in whether an entry has arrived since, and whether its source has */
void earlier_tell(const struct earlier *r, struct entry *e);

void earlier_free(struct earlier *r);

#endif
