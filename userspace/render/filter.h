/* SPDX-License-Identifier: GPL-2.0 */
/* Which rows of a list are asked for: by class, namespace, address and time. */
#ifndef CONNTRIAGE_RENDER_FILTER_H
#define CONNTRIAGE_RENDER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "render/list.h"
#include "snapshot.h"

/* What the words of a struct list_request mean on this host */
struct filter {
	int64_t netns;			/* UNKNOWN: all */
	int family, bits;		/* of the prefix; family 0: all */
	unsigned char prefix[16];
	int64_t since, until;		/* s ago; INT64_MAX and INT64_MIN: all */
	size_t class;			/* number of its name; SIZE_MAX: all */
};

/**
 * filter_read() - understand what was asked for
 * @command: for errors
 * @class, @classes: the names that --class may have there
 * @f: filled
 *
 * Return: 0, or -1 where it can't be: said in a line that ends in what to type.
 */
int filter_read(const struct snapshot *s, const struct list_request *ask, const char *command,
		const char *const *class, size_t classes, struct filter *f);

bool filter_netns(const struct filter *f, int64_t netns);

/**
 * filter_address() - whether a source lies in the prefix
 * @word: as the module has it: an address, one with /bits, protocol/address:port;
 *	what has no address lies in none
 */
bool filter_address(const struct filter *f, const char *word);

/** filter_time() - whether what was from @ago to @end_ago, s, touches the time asked for */
bool filter_time(const struct filter *f, int64_t ago, int64_t end_ago);

/** plain_word() - a word of the command line for an error: in a buffer of lib/words.h */
const char *plain_word(const char *word);

/** present_of() - when a snapshot was read, s since 1970; UNKNOWN: a tree that doesn't say */
int64_t present_of(const struct snapshot *s);

#endif
