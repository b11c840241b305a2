// SPDX-License-Identifier: GPL-2.0
/* Rules that stand already: they aren't written again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define MEMBERS	64	/* of a set in a rule */

static int by_word(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "{ b, a }" in any order is the same set; the reader has them sorted. */
static void sort_set(char *text)
{
	char *open = strstr(text, "{ "), *shut = open ? strstr(open, " }") : NULL;
	char *member[MEMBERS], *copy, *word, *next, *to;
	size_t i, nr = 0;

	if (!shut)
		return;
	to = open + 2;
	copy = strndup(to, shut - to);
	for (word = copy; word && nr < MEMBERS; word = next) {
		next = strstr(word, ", ");
		if (next) {
			*next = '\0';
			next += 2;
		}
		member[nr++] = word;
	}
	if (!word && nr)
		qsort(member, nr, sizeof(*member), by_word);
	for (i = 0; !word && i < nr; i++) {
		if (i)
			to = stpcpy(to, ", ");
		to = mempcpy(to, member[i], strlen(member[i]));
	}
	free(copy);
	sort_set(shut);
}

static void note(struct fix *x, const struct placed_rule *p)
{
	size_t i;

	for (i = 0; i < x->nr_placed && i < ARRAY_SIZE(x->placed); i++)
		if (x->placed[i] == p->rule)
			return;
	if (x->nr_placed < ARRAY_SIZE(x->placed))
		x->placed[x->nr_placed] = p->rule;
	x->nr_placed++;
	if (!*x->table && !p->family)
		snprintf(x->table, sizeof(x->table), "%s", p->table);
	if (p->packets == UNKNOWN)
		x->uncounted = true;
	else
		x->met = plus(x->met, p->packets);
}

bool rule_placed(struct fix *x, enum step_when when, int family, const char *chain,
		 const char *text)
{
	const struct snapshot *s = x->s;
	char *sorted = NULL;
	bool found = false;
	size_t i;

	/* the rules of other namespaces aren't known */
	if (!x->here || !s->nr_placed)
		return false;
	sorted = strdup(text);
	if (sorted)
		sort_set(sorted);
	for (i = 0; sorted && i < s->nr_placed && !found; i++) {
		const struct placed_rule *p = &s->placed[i];

		if ((when == STEP_FOR_GOOD && !p->keep) || p->family != family ||
		    strcmp(p->chain, chain) || strcmp(p->text, sorted))
			continue;
		note(x, p);
		found = true;
	}
	free(sorted);
	return found;
}
