// SPDX-License-Identifier: GPL-2.0
/* What the diagnosis finds, and who causes it. */
#include "judge/causes.h"
#include "metrics/parts.h"

/* The first command that changes something now, or else one that shows more; or "" */
static const char *first_command(const struct steps *st)
{
	const char *look = "";
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *step = &st->step[i];

		if (step->when != STEP_NOW)
			continue;
		if (step_changes(step))
			return step->text;
		if (step->kind == STEP_LOOK && !*look)
			look = step->text;
	}
	return look;
}

static const struct party *first_culprit(const struct finding *f)
{
	size_t i;

	for (i = 0; i < f->culprit.nr; i++)
		if (f->culprit.party[i].name)
			return &f->culprit.party[i];
	return NULL;
}

static void add_culprit(struct series *l, const struct finding *f)
{
	const struct party *who = first_culprit(f);

	if (who)
		series_info(l, FAMILY_CULPRIT, "cause", f->cause->name, "culprit", who->name,
			    "name", who->who ? who->who : "", "command",
			    first_command(&f->fix), NULL);
}

void series_findings(struct series *l, const struct findings *f,
		     const struct metrics_request *ask)
{
	int64_t told = 0;
	size_t i;

	series_count(l, FAMILY_STATUS, f->worst, NULL);
	for (i = 0; i < f->nr; i++) {
		const struct finding *one = &f->finding[i];

		if (one->severity == SEV_OK)
			continue;
		series_info(l, FAMILY_FINDING, "cause", one->cause->name, "severity",
			    severity_words[one->severity].lower, "certainty",
			    certainty_word[one->certainty], NULL);
		if (told++ < ask->top)
			add_culprit(l, one);
	}
}
