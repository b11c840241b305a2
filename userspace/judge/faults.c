// SPDX-License-Identifier: GPL-2.0
/* What damaged files take from a diagnosis: certainty, and the all-clear. */
#include "judge/causes.h"
#include "judge/faults.h"
#include "judge/finding.h"
#include "judge/untold.h"
#include "lib/lines.h"
#include "lib/words.h"
#include "snapshot.h"

static void list(const struct snapshot *s, struct lines *faults)
{
	size_t i;

	for (i = 0; i < s->nr_dropped; i++)
		lines_add(faults, "%s", s->dropped[i].fault);
	if (s->more_dropped)
		lines_add(faults, "%s more files", num(s->more_dropped));
}

static void lower(const struct snapshot *s, struct finding *f)
{
	if (f->certainty != POSSIBLE)
		f->certainty++;
	if (s->nr_dropped)
		facts_add(&f->against, "not all files could be read, see NOT READ: they may tell "
			  "otherwise");
	else
		facts_add(&f->against, "how full the table was isn't known");
}

void faults_weigh(const struct snapshot *s, struct findings *fs)
{
	size_t i, nr = s->nr_dropped + s->more_dropped;
	enum severity worst = SEV_OK;
	struct finding *f;

	if (!nr && !untold_fullness(s))
		return;
	list(s, &fs->faults);
	for (i = 0; i < fs->nr; i++) {
		/* What can't be seen is no less true. */
		if (fs->finding[i].cause != &cause_blind)
			lower(s, &fs->finding[i]);
		if (fs->finding[i].severity != SEV_OK)
			worst = fs->finding[i].severity;
	}
	if (worst != SEV_OK || !nr)
		return;
	f = finding_add(fs, &cause_blind, SEV_UNKNOWN);
	if (nr == 1)
		fact_set(&f->sentence, "Nothing wrong is seen, but a file that is there could not "
			 "be read, and may tell otherwise.");
	else
		fact_set(&f->sentence, "Nothing wrong is seen, but {unread} files that are there "
			 "could not be read, and may tell otherwise.", count_of(nr));
}
