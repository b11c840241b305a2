/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording: the files that each picture was drawn of, as they were read.
 *
 *	conntriage recording 1 0.1.0		format and version of who wrote it
 *	frame 1764408292.123 fast,minutes	when (s since 1970), and what was read
 *	file 13 proc/sys/kernel/hostname	so many bytes follow, and a newline
 *	...
 *	link 16 proc/self/ns/net		likewise, of where it leads
 *	dir 0 run/netns
 *
 *	end
 *
 * A frame without "fast" has all of a host; the others what changes by the second.
 */
#ifndef CONNTRIAGE_TOP_RECORD_H
#define CONNTRIAGE_TOP_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "lib/text.h"
#include "read/store.h"

/** record_open() - make a recording; @fault says why not where that is NULL */
FILE *record_open(const char *name, struct fault *fault);

/**
 * record_frame() - append a frame
 * @parts: READ_* flags that it was read with
 * @at: ms since 1970
 *
 * Return: 0, or -1 with @fault filled.
 */
int record_frame(FILE *out, const char *name, const struct store *st, unsigned int parts,
		 int64_t at, struct fault *fault);

struct replay {
	FILE *in;
	const char *name;
	int64_t nr;		/* frames that were read */
};

/** replay_begin() - begin to read a recording: 0, or -1 with @fault filled */
int replay_begin(struct replay *r, FILE *in, const char *name, struct fault *fault);

/**
 * replay_next() - the next frame
 * @st: filled, anew; free with store_free(), after an error too
 * @parts, @at: as record_frame() was given
 *
 * Return: 1, 0 behind the last one, -1 with @fault filled.
 */
int replay_next(struct replay *r, struct store *st, unsigned int *parts, int64_t *at,
		struct fault *fault);

#endif
