// SPDX-License-Identifier: GPL-2.0
/* What is expected of a cure, in words: each kind of prediction. TAP 13. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/finding.h"
#include "lib/numbers.h"
#include "render/sentence.h"
#include "../selftests/lib/tap.h"

static const struct {
	const char *name;
	struct prediction of;
	const char *says;	/* NULL: nothing */
} cases[] = {
	{
		"nothing", { .entries = UNKNOWN }, NULL,
	}, {
		"it stays", { .entries = 4100, .within = 120 },
		"entries should settle at about 4,100 within 2 minutes, and nothing be refused",
	}, {
		"some are refused", { .entries = 4100, .within = 10, .refused = 2.5 },
		"entries should settle at about 4,100 within 10 seconds, with 2.5 packets a second "
		"still refused",
	}, {
		"nobody knows how many", { .entries = 4100, .within = 10, .refused = NAN },
		"entries should settle at about 4,100 within 10 seconds, and some packets still be "
		"refused",
	}, {
		"it comes again",
		{ .entries = 124, .within = 10, .later = 968, .later_within = 90, .settles = true },
		"entries should be at about 124 within 10 seconds and settle at about 968 within "
		"90 seconds, and nothing be refused",
	}, {
		"it rises for long", { .entries = 124, .within = 10, .later = 9000, .later_within = 600 },
		"entries should be at about 124 within 10 seconds, at about 9,000 within 10 minutes "
		"and go on rising, and nothing be refused",
	}, {
		"it falls for long", { .entries = 9000, .within = 10, .later = 124, .later_within = 600 },
		"entries should be at about 9,000 within 10 seconds, at about 124 within 10 minutes "
		"and go on falling, and nothing be refused",
	}, {
		"it fills again",
		{
			.entries = 6632, .within = 10, .later = 8192, .later_within = 20,
			.settles = true, .full_again = true,
		},
		"entries should be at about 6,632 within 10 seconds, and the table be full again "
		"within 20 seconds: what else comes is more than it holds, so ask again then",
	},
};

int main(void)
{
	size_t i;

	tap_begin(ARRAY_SIZE(cases));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = sentence_prediction(&cases[i].of), name[64];
		bool same = text && cases[i].says ? !strcmp(text, cases[i].says) :
			    !text && !cases[i].says;

		snprintf(name, sizeof(name), "expect: %s", cases[i].name);
		tap_ok(same, name);
		if (!same)
			printf("# %s\n", text ? text : "nothing");
		free(text);
	}
	return tap_end(ARRAY_SIZE(cases));
}
