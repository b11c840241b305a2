// SPDX-License-Identifier: GPL-2.0
/* "module: netns, census; nft" becomes "ctnetlink; nft" where ctnetlink told it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/fact.h"
#include "judge/finding.h"
#include "judge/origins.h"
#include "judge/party.h"
#include "lib/memory.h"

#define MODULE	"module: "

static void name_fact(struct fact *f, const char *name)
{
	char *before = f->origin;

	if (!before || strncmp(before, MODULE, strlen(MODULE)))
		return;
	if (asprintf(&f->origin, "%s%s", name, before + strcspn(before, ";")) < 0)
		no_memory();
	free(before);
}

static void name_facts(struct facts *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		name_fact(&l->fact[i], name);
}

static void name_parties(struct parties *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		name_facts(&l->party[i].facts, name);
}

void origins_name(const struct snapshot *s, struct findings *fs)
{
	const char *name = s->origin == ORIGIN_CTNETLINK ? "ctnetlink" : "listing";
	size_t i;

	if (s->mod.loaded || s->origin <= ORIGIN_MODULE)
		return;
	for (i = 0; i < fs->nr; i++) {
		struct finding *f = &fs->finding[i];

		name_facts(&f->evidence, name);
		name_facts(&f->against, name);
		name_facts(&f->price, name);
		name_parties(&f->culprit, name);
		name_parties(&f->victim, name);
	}
}
