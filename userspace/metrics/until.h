/* SPDX-License-Identifier: GPL-2.0 */
/* When the fullest table will be full, for an alert that wakes somebody. */
#ifndef CONNTRIAGE_METRICS_UNTIL_H
#define CONNTRIAGE_METRICS_UNTIL_H

#include "snapshot.h"

/**
 * until_full() - seconds until the fullest table loses connections that it tracks
 * @s: its history and minutes, and its census where there is one
 *
 * judge/forecast.h tells when the limit is reached; that alone is no alarm, as the kernel
 * may make room. So that doesn't count which has been full within UNTIL_RECORD and
 * refused nothing. With a census, what grows is taken for what there is: of entries that
 * aren't assured the table can't become full, as long as the eight buckets that
 * early_drop() looks into have one of them.
 *
 * Return: seconds; 0: packets were refused within TH(RECENT); INFINITY: it doesn't grow,
 * or not beyond chance, or made room; NAN: nothing is recorded.
 */
double until_full(const struct snapshot *s);

#endif
