// SPDX-License-Identifier: GPL-2.0
/* Families and their samples, as data. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "metrics/label.h"
#include "metrics/series.h"

static void label_sample(struct sample *to, va_list labels)
{
	const char *name;

	while ((name = va_arg(labels, const char *)) && to->nr_labels < LABELS)
		to->label[to->nr_labels++] = (struct label) {
			name, label_clean(va_arg(labels, const char *))
		};
}

static void forget_labels(struct sample *s)
{
	while (s->nr_labels)
		free(s->label[--s->nr_labels].value);
}

static bool is_same(const struct sample *a, const struct sample *b)
{
	size_t i;

	for (i = 0; i < a->nr_labels && i < b->nr_labels; i++)
		if (strcmp(a->label[i].value, b->label[i].value))
			return false;
	return a->nr_labels == b->nr_labels;
}

static void add(struct series *l, enum family_id id, const struct sample *sample)
{
	*(struct sample *)grow(&l->of[id].sample, &l->of[id].nr, sizeof(*sample)) = *sample;
	l->nr++;
}

void series_count(struct series *l, enum family_id id, int64_t value, ...)
{
	struct sample sample = { .whole = true, .count = value };
	va_list labels;

	if (value == UNKNOWN)
		return;
	va_start(labels, value);
	label_sample(&sample, labels);
	va_end(labels);
	add(l, id, &sample);
}

void series_real(struct series *l, enum family_id id, double value, ...)
{
	struct sample sample = { .real = value };
	va_list labels;

	if (isnan(value))
		return;
	va_start(labels, value);
	label_sample(&sample, labels);
	va_end(labels);
	add(l, id, &sample);
}

void series_info(struct series *l, enum family_id id, ...)
{
	struct sample sample = { .whole = true, .count = 1 };
	va_list labels;
	size_t i;

	va_start(labels, id);
	label_sample(&sample, labels);
	va_end(labels);
	for (i = 0; i < l->of[id].nr; i++) {
		if (!is_same(&l->of[id].sample[i], &sample))
			continue;
		forget_labels(&sample);
		return;
	}
	add(l, id, &sample);
}

void series_free(struct series *l)
{
	size_t i, k;

	for (i = 0; i < FAMILIES; i++) {
		for (k = 0; k < l->of[i].nr; k++)
			forget_labels(&l->of[i].sample[k]);
		free(l->of[i].sample);
	}
	*l = (struct series) { .nr = 0 };
}
