/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CONNTRIAGE_READ_NFT_RUN_H
#define CONNTRIAGE_READ_NFT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#define NFT_TIMEOUT_MS	5000

/**
 * nft_run() - what nft prints
 * @json: true: -j list ruleset; false: -a list ruleset. Without the content
 *	of sets (-t), which no diagnosis needs and which can be huge.
 * @limit: bytes of output
 * @text: set to the output and a NUL; free() it
 * @why_not: filled where there is none: the reason and the next step
 *
 * No shell, no environment, fixed directories. nft opens a netlink socket, and
 * that may load nf_tables: call this only where nf_tables is there already.
 *
 * Return: 0 or -1.
 */
int nft_run(bool json, size_t limit, char **text, size_t *len, char *why_not,
	    size_t why_not_size);

#endif
