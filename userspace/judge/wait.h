/* SPDX-License-Identifier: GPL-2.0 */
/* A shorter wait for answers: the lever that meets nobody in particular. */
#ifndef CONNTRIAGE_JUDGE_WAIT_H
#define CONNTRIAGE_JUDGE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/finding.h"
#include "judge/streams.h"
#include "judge/tables.h"

struct fix;

/** wait_in_vain() - a stream that waits for an answer, and could wait for less long */
bool wait_in_vain(enum stream stream);
/** wait_in_vain_udp() - the same, of UDP */
bool wait_in_vain_udp(enum stream stream);
/** wait_answered_udp() - of UDP, what got its answer and wasn't spoken to again */
bool wait_answered_udp(enum stream stream);

/**
 * wait_fits() - with the shortest wait that spares real clients these streams fit
 * @which: the streams
 */
bool wait_fits(const struct netns_table *n, bool (*which)(enum stream stream));

/**
 * wait_less() - now: wait only as long as the table has room for
 * @which: the streams whose timeouts are shortened, all in proportion
 * @x: begun; @f: its effect is begun, and takes this one
 *
 * Entries are rate times timeout (Little 1961), so those that fit beside all others
 * tell how long each may stay; no less than 5 s, as real clients get their answer by
 * then or have given up.
 *
 * Those of TCP that have waited for so long are deleted.
 *
 * Return: seconds until as many leave as come, with the new timeout; 0 where a shorter one
 * wouldn't help: then nothing is said.
 */
int64_t wait_less(const struct tables *ts, const struct netns_table *n,
		  bool (*which)(enum stream stream), struct fix *x, struct finding *f);

#endif
