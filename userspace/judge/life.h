/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's stages, put together to those that the judgement knows: in which
 * part of a connection's life entries are, and so what keeps them.
 */
#ifndef CONNTRIAGE_JUDGE_LIFE_H
#define CONNTRIAGE_JUDGE_LIFE_H

#include <stdint.h>

#include "snapshot.h"

enum life {
	LIFE_EXPIRED,		/* over, and not reaped yet */
	LIFE_UNANSWERED,	/* nobody answered, or picked up midstream */
	LIFE_HALF_OPEN,		/* answered, never completed */
	LIFE_ONCE,		/* a question and its answer */
	LIFE_TALKING,		/* established, or a stream */
	LIFE_SILENT,		/* the same, and silent for 5 minutes or more */
	LIFE_CLOSING,
	LIVES
};

extern const char *const life_name[LIVES];	/* one word each, for programs */
extern const char *const life_words[LIVES];	/* "never answered": after a number */

/** life_of() - the part of a life that a stage belongs to */
enum life life_of(enum stage stage);

/** life_count() - entries of a part of a life, of a row's stages */
int64_t life_count(const int64_t *stage, enum life life);

/** life_sum() - entries of all stages */
int64_t life_sum(const int64_t *stage);

/** life_silent() - entries that were established and are silent for that long
 * @from: STAGE_SILENT_300 or a later one
 */
int64_t life_silent(const int64_t *stage, enum stage from);

#endif
