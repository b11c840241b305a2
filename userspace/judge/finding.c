// SPDX-License-Identifier: GPL-2.0
/* Findings as data: building and freeing them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/words.h"

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
	return f;
}

void finding_sentence(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	free(f->sentence);
	va_start(ap, fmt);
	f->sentence = print_text(fmt, ap);
	va_end(ap);
}

char *findings_line(const struct findings *fs)
{
	char more[48] = "", *line;

	if (fs->alarms > 1)
		snprintf(more, sizeof(more), " (and %s more)", num(fs->alarms - 1));
	if (asprintf(&line, "CONNTRACK %s - %s%s", severity_words[fs->worst].upper,
		     fs->clear ? fs->clear : fs->finding[0].sentence, more) < 0)
		no_memory();
	return line;
}

void finding_price(struct finding *f, const char *fmt, ...)
{
	char *more, *before = f->price;
	va_list ap;

	va_start(ap, fmt);
	more = print_text(fmt, ap);
	va_end(ap);
	if (!before) {
		f->price = more;
		return;
	}
	if (asprintf(&f->price, "%s %s", before, more) < 0)
		no_memory();
	free(before);
	free(more);
}

void finding_clear(struct finding *f)
{
	free(f->sentence);
	free(f->price);
	lines_free(&f->evidence);
	lines_free(&f->against);
	lines_free(&f->culprit);
	lines_free(&f->victim);
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
	free(fs->clear);
	lines_free(&fs->faults);
	memset(fs, 0, sizeof(*fs));
}
