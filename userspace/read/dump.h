/* SPDX-License-Identifier: GPL-2.0 */
/* The table by ctnetlink as a capture has it: conntriage/ctnetlink/INODE/. */
#ifndef CONNTRIAGE_READ_DUMP_H
#define CONNTRIAGE_READ_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "entries/entry.h"
#include "entries/looks.h"
#include "entries/timeouts.h"
#include "read/reader.h"

/* What a capture takes along of one namespace's table */
struct kept_dump {
	struct looked is;
	struct timeouts timeouts;	/* in force there */
	int64_t kept;			/* entries in ->messages, the first of the list */
	char *messages;			/* of message_put(); @len bytes */
	size_t len, room;
	bool loaded;			/* see struct dump */
};

/** dump_keep_entry() - take another entry along, as long as there is room for it */
void dump_keep_entry(struct kept_dump *k, const struct entry *e);

/** dump_keep() - write all of it into the copy that is being made */
void dump_keep(struct reader *r, const struct kept_dump *k, const struct looks *l);

/** dump_keep_failure() - write why nothing was listed (-errno, or 0), and what wasn't reached */
void dump_keep_failure(struct reader *r, int error);

/** dump_replay() - fill the snapshot by all that a captured tree has */
void dump_replay(struct reader *r);

#endif
