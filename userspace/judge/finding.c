// SPDX-License-Identifier: GPL-2.0
/* Findings as data: building and freeing them. */
#include <stdlib.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"

const struct severity_words severity_words[] = {
	[SEV_OK] = { "ok", "OK" },
	[SEV_WARNING] = { "warning", "WARNING" },
	[SEV_CRITICAL] = { "critical", "CRITICAL" },
	[SEV_UNKNOWN] = { "unknown", "UNKNOWN" },
};
_Static_assert(SEV_UNKNOWN == EXIT_UNKNOWN, "one exit status for what isn't known");

const char *const certainty_word[] = {
	[SURE] = "sure",
	[LIKELY] = "likely",
	[POSSIBLE] = "possible",
};

struct finding *finding_add(struct findings *fs, const struct cause *cause,
			    enum severity severity)
{
	struct finding *f = grow(&fs->finding, &fs->nr, sizeof(*f));

	f->cause = cause;
	f->severity = severity;
	f->weight = cause->weight;
	f->prediction.entries = UNKNOWN;
	f->netns = UNKNOWN;
	return f;
}

void finding_clear(struct finding *f)
{
	fact_free(&f->sentence);
	facts_free(&f->evidence);
	facts_free(&f->against);
	parties_free(&f->culprit);
	parties_free(&f->victim);
	facts_free(&f->price);
	steps_free(&f->fix);
	lines_free(&f->verify);
	memset(f, 0, sizeof(*f));
}

void findings_free(struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		finding_clear(&fs->finding[i]);
	free(fs->finding);
	fact_free(&fs->clear);
	lines_free(&fs->faults);
	memset(fs, 0, sizeof(*fs));
}
