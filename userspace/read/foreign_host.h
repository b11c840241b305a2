/* SPDX-License-Identifier: GPL-2.0 */
/* A host's files, out of what others have kept of it. */
#ifndef CONNTRIAGE_READ_FOREIGN_HOST_H
#define CONNTRIAGE_READ_FOREIGN_HOST_H

#include "read/store.h"

enum foreign_kind {
	FOREIGN_CAPTURE,	/* conntriage's own, in an archive */
	FOREIGN_SOS, FOREIGN_NODE, FOREIGN_OPENWRT, FOREIGN_OUTPUTS,
};

/**
 * foreign_host() - put a host's files where the reader looks for them
 * @from: what was found
 * @base: what the paths of this host begin with, "" or with a slash at its end
 * @root: what the user called it; of a must-gather's node its last name is the node's
 * @to: takes them, with a conntriage/meta that says what they are from; stays empty where
 *	outputs tell nothing of conntrack
 *
 * Return: the path in @from of a second listing of entries, which isn't read; NULL: there
 * is none.
 */
const char *foreign_host(const struct store *from, enum foreign_kind kind, const char *base,
			 const char *root, struct store *to);

#endif
