// SPDX-License-Identifier: GPL-2.0
/* The table behind thresholds.h. */
#include <string.h>

#include "judge/thresholds.h"
#include "lib/text.h"

#define THRESHOLD_ROW(name, word, value, unit, why) \
	[TH_##name] = { word, value, unit, why },
struct threshold threshold[NR_THRESHOLDS] = { THRESHOLDS(THRESHOLD_ROW) };

int threshold_set(const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	double value;
	size_t i;

	if (!equals || !text_real(equals + 1, &value))
		return -1;
	for (i = 0; i < NR_THRESHOLDS; i++) {
		struct threshold *t = &threshold[i];

		if (strlen(t->word) != (size_t)(equals - assignment) ||
		    strncmp(t->word, assignment, equals - assignment))
			continue;
		t->value = value;
		return 0;
	}
	return -1;
}

void threshold_list(FILE *out)
{
	size_t i;

	for (i = 0; i < NR_THRESHOLDS; i++)
		fprintf(out, "%s=%g\n    %s: %s\n", threshold[i].word,
			threshold[i].value, threshold[i].unit, threshold[i].why);
}
