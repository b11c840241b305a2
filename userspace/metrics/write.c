// SPDX-License-Identifier: GPL-2.0
/*
 * The two dialects: the text format 0.0.4 ("Exposition formats" of Prometheus'
 * documentation), and OpenMetrics 1.0. No timestamps: who collects has a clock.
 */
#include <inttypes.h>
#include <math.h>

#include "metrics/label.h"
#include "metrics/write.h"

/* What a type adds to a family's name: in a sample, in 0.0.4 in the family's, too */
static const char *const ending[] = {
	[FAMILY_GAUGE] = "", [FAMILY_COUNTER] = "_total", [FAMILY_INFO] = "_info",
};

static void print_value(const struct sample *s, FILE *out)
{
	if (s->whole)
		fprintf(out, "%" PRId64, s->count);
	else if (isinf(s->real))
		fputs(s->real > 0 ? "+Inf" : "-Inf", out);
	else
		fprintf(out, "%.10g", s->real);
}

static void print_sample(const struct family *f, const struct sample *s, FILE *out)
{
	size_t i;

	fprintf(out, "%s%s", f->name, ending[f->type]);
	for (i = 0; i < s->nr_labels; i++) {
		fprintf(out, "%s%s=\"", i ? "," : "{", s->label[i].name);
		label_print(out, s->label[i].value);
		fputc('"', out);
	}
	fputs(s->nr_labels ? "} " : " ", out);
	print_value(s, out);
	fputc('\n', out);
}

static void print_samples(const struct family *f, const struct samples *l, FILE *out)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		print_sample(f, &l->sample[i], out);
}

void write_text(const struct series *l, FILE *out)
{
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		const struct family *f = &family[i];

		if (!l->of[i].nr)
			continue;
		fprintf(out, "# HELP %s%s %s\n", f->name, ending[f->type], f->help);
		fprintf(out, "# TYPE %s%s %s\n", f->name, ending[f->type],
			f->type == FAMILY_COUNTER ? "counter" : "gauge");
		print_samples(f, &l->of[i], out);
	}
}

void write_openmetrics(const struct series *l, FILE *out)
{
	static const char *const word[] = {
		[FAMILY_GAUGE] = "gauge", [FAMILY_COUNTER] = "counter", [FAMILY_INFO] = "info",
	};
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		const struct family *f = &family[i];

		if (!l->of[i].nr)
			continue;
		fprintf(out, "# TYPE %s %s\n", f->name, word[f->type]);
		if (*f->unit)
			fprintf(out, "# UNIT %s %s\n", f->name, f->unit);
		fprintf(out, "# HELP %s %s\n", f->name, f->help);
		print_samples(f, &l->of[i], out);
	}
	fputs("# EOF\n", out);
}
