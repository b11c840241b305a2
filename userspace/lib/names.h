/* SPDX-License-Identifier: GPL-2.0 */
/* What is found in a snapshot by its name, and what its numbers are called. */
#ifndef CONNTRIAGE_LIB_NAMES_H
#define CONNTRIAGE_LIB_NAMES_H

#include "snapshot.h"

/* The classes of events, as kmod/abi.h calls them */
extern const char *const class_name[SRC_CLASSES];

/* The stages of a connection's life, likewise */
extern const char *const stage_name[STAGES];

/* Programs that commands run */
extern const char *const tool_name[TOOLS];

/* A setting by its name without "nf_conntrack_", or NULL. */
const struct ct_sysctl *find_sysctl(const struct snapshot *s, const char *name);

/* The host that a snapshot is of, whoever captured it; "" where that isn't told. */
const char *host_name(const struct snapshot *s);

/* What is wrong with a damaged file of a part of read/, or NULL: with none. */
const char *find_fault(const struct snapshot *s, const char *part);

/* The program whose cgroup's id a row has for its source, or NULL: not known. */
const struct program *find_program(const struct snapshot *s, const char *id);

/*
 * A namespace as "ip netns" calls it, or "". The name may become part of a
 * command: one that a shell would take for more than a name counts as none.
 */
const char *netns_name(const struct snapshot *s, int64_t netns);

/* For tables: its name, else its inode number; in a buffer of lib/words.h. */
const char *netns_word(const struct snapshot *s, int64_t netns);

/*
 * For people: "namespace red (4026532281)", or whose container it is; in a buffer of
 * lib/words.h.
 */
const char *netns_label(const struct snapshot *s, int64_t netns);

/*
 * For sentences: " of namespace red (4026532281)", " of docker container shop-db (netns
 * 4026532281)"; "" for the one that the reader is in; in a buffer of lib/words.h.
 */
const char *netns_phrase(const struct snapshot *s, int64_t netns);

#endif
