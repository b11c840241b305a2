// SPDX-License-Identifier: GPL-2.0
/* Building what is said of a host, and freeing it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/fact.h"
#include "lib/memory.h"
#include "lib/numbers.h"

static char *copy(const char *text, size_t len)
{
	char *out = strndup(text, len);

	if (!out)
		no_memory();
	return out;
}

/* Where the origin begins, " [...]" at the end, or the end */
static size_t sentence_length(const char *pattern)
{
	const char *origin = strrchr(pattern, '[');
	size_t len = strlen(pattern);

	if (!origin || origin == pattern || origin[-1] != ' ' || pattern[len - 1] != ']')
		return len;
	return origin - 1 - pattern;
}

struct fact *facts_new(struct facts *l)
{
	return grow(&l->fact, &l->nr, sizeof(*l->fact));
}

void fact_append(struct fact *f, const char *pattern, const struct value *value, size_t nr)
{
	size_t len = sentence_length(pattern), i;
	char *begin = f->pattern, *first = copy(pattern, len);

	if (asprintf(&f->pattern, "%s%s", begin ? begin : "", first) < 0)
		no_memory();
	free(begin);
	free(first);
	for (i = 0; i < nr; i++) {
		struct value *v = grow(&f->value, &f->nr, sizeof(*v));

		*v = value[i];
		if (v->text)
			v->text = copy(v->text, strlen(v->text));
	}
	if (!pattern[len])
		return;
	free(f->origin);
	f->origin = copy(pattern + len + 2, strlen(pattern) - len - 3);
}

void fact_put(struct fact *f, const char *pattern, const struct value *value, size_t nr)
{
	fact_free(f);
	fact_append(f, pattern, value, nr);
}

void fact_free(struct fact *f)
{
	size_t i;

	for (i = 0; i < f->nr; i++)
		free((char *)f->value[i].text);
	free(f->value);
	free(f->pattern);
	free(f->origin);
	memset(f, 0, sizeof(*f));
}

static int value_compare(const struct value *a, const struct value *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	if (a->real < b->real || a->real > b->real)
		return a->real < b->real ? -1 : 1;
	return a->text && b->text ? strcmp(a->text, b->text) : 0;
}

int fact_compare(const struct fact *a, const struct fact *b)
{
	int order = strcmp(a->pattern, b->pattern);
	size_t i;

	for (i = 0; !order && i < a->nr && i < b->nr; i++)
		order = value_compare(&a->value[i], &b->value[i]);
	return order;
}

void facts_free(struct facts *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		fact_free(&l->fact[i]);
	free(l->fact);
	memset(l, 0, sizeof(*l));
}
