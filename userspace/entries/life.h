/* SPDX-License-Identifier: GPL-2.0 */
/* At which stage of its life an entry is, and what its state is called. */
#ifndef CONNTRIAGE_ENTRIES_LIFE_H
#define CONNTRIAGE_ENTRIES_LIFE_H

#include <stddef.h>

#include "entries/entry.h"
#include "snapshot.h"

/**
 * entry_stage() - as ctri_entry_stage() in kmod/stage.c says it of the same entry
 * @silence: in s, timeouts_idle()
 */
enum stage entry_stage(const struct entry *e, int64_t silence);

/** entry_state() - TCP's state, or how far any other protocol got; a number below 16 */
unsigned int entry_state(const struct entry *e);

/** entry_state_name() - its name in the census, of kmod/idle.c */
const char *entry_state_name(int proto, unsigned int state);

/** entry_proto_name() - a protocol's name, or its number; as kmod/show.c writes it */
void entry_proto_name(int proto, char *name, size_t size);

#endif
