// SPDX-License-Identifier: GPL-2.0
/* What "conntriage explain" says: the words are each cause's own. */
#include <string.h>

#include "judge/causes.h"
#include "render/render.h"

int render_explanation(const char *word, FILE *out)
{
	const struct cause *const *c;

	if (!word || !*word) {
		for (c = causes; *c; c++)
			fprintf(out, "%-10s  %s\n", (*c)->name, (*c)->title);
		return ferror(out) ? -1 : 0;
	}
	for (c = causes; *c; c++) {
		if (strcmp((*c)->name, word))
			continue;
		fprintf(out, "%s: %s\n\n%s", (*c)->name, (*c)->title, (*c)->text);
		return ferror(out) ? -1 : 0;
	}
	return -1;
}
