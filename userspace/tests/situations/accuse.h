/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a diagnosis accuses, or would hurt, those who are honest. */
#ifndef CONNTRIAGE_SITUATIONS_ACCUSE_H
#define CONNTRIAGE_SITUATIONS_ACCUSE_H

#include "judge/finding.h"
#include "tests/situations/situation.h"

/**
 * accused() - look for the first honest party that is accused
 * @why: takes what is wrong, and with which line
 *
 * Return: whether there is one.
 */
bool accused(const struct situation *s, const struct findings *found, char *why, size_t size);

/**
 * limited() - look for a limit on everybody that an honest source exceeds
 * @why: as of accused()
 */
bool limited(const struct situation *s, const struct findings *found, char *why, size_t size);

#endif
