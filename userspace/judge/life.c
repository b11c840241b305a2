// SPDX-License-Identifier: GPL-2.0
/* The module's stages, put together to those that the judgement knows. */
#include "judge/life.h"
#include "lib/numbers.h"
#include "snapshot.h"

const char *const life_name[LIVES] = {
	[LIFE_EXPIRED] = "expired",
	[LIFE_UNANSWERED] = "unanswered",
	[LIFE_HALF_OPEN] = "half_open",
	[LIFE_ONCE] = "once",
	[LIFE_TALKING] = "talking",
	[LIFE_SILENT] = "silent",
	[LIFE_CLOSING] = "closing",
};

const char *const life_words[LIVES] = {
	[LIFE_EXPIRED] = "over, and not reaped yet",
	[LIFE_UNANSWERED] = "never answered",
	[LIFE_HALF_OPEN] = "answered, and never completed by the client",
	[LIFE_ONCE] = "a question with its answer",
	[LIFE_TALKING] = "connections that talk",
	[LIFE_SILENT] = "connections that have fallen silent",
	[LIFE_CLOSING] = "connections that are closed",
};

enum life life_of(enum stage stage)
{
	switch (stage) {
	case STAGE_EXPIRED:
		return LIFE_EXPIRED;
	case STAGE_UNANSWERED:
	case STAGE_UNANSWERED_60:
	case STAGE_MIDSTREAM:
		return LIFE_UNANSWERED;
	case STAGE_HALF_OPEN:
		return LIFE_HALF_OPEN;
	case STAGE_ONCE:
	case STAGE_ONCE_60:
		return LIFE_ONCE;
	case STAGE_TALKING:
	case STAGE_TALKING_60:
	case STAGES:
		return LIFE_TALKING;
	case STAGE_SILENT_300:
	case STAGE_SILENT_1800:
	case STAGE_SILENT_7200:
	case STAGE_SILENT_86400:
		return LIFE_SILENT;
	case STAGE_CLOSING:
	case STAGE_CLOSING_120:
		return LIFE_CLOSING;
	}
	return LIFE_TALKING;
}

int64_t life_count(const int64_t *stage, enum life life)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < STAGES; i++)
		if (life_of(i) == life)
			sum = plus(sum, stage[i]);
	return sum;
}

int64_t life_sum(const int64_t *stage)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < STAGES; i++)
		sum = plus(sum, stage[i]);
	return sum;
}

int64_t life_silent(const int64_t *stage, enum stage from)
{
	int64_t sum = 0;
	int i;

	for (i = from; i <= STAGE_SILENT_86400; i++)
		sum = plus(sum, stage[i]);
	return sum;
}
