/* SPDX-License-Identifier: GPL-2.0 */
/* What a picture is drawn of. The same scene and view give the same cells. */
#ifndef CONNTRIAGE_TOP_SCENE_H
#define CONNTRIAGE_TOP_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include "judge/finding.h"
#include "snapshot.h"

/* What a namespace's counters did from one picture to the next, a second */
struct pace {
	int64_t netns, id;
	double inserts, refused, evicted, invalid;
};

struct scene {
	const struct snapshot *s;
	const struct findings *findings;
	const struct pace *pace;
	size_t nr_pace;
	int64_t at;		/* when it was read, s since 1970 */
	int64_t census_age;	/* s; UNKNOWN: there is none */
	double delay;		/* s between two; 0: there is no other */
	char mode[96];		/* "replay of FILE, 3"; "" */
	char message[512];	/* for the last row; "" */
};

#endif
