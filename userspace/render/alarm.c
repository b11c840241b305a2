// SPDX-License-Identifier: GPL-2.0
/*
 * One line for monitoring, in the form of the Monitoring Plugins' guidelines: status, text,
 * "|", performance data as label=value[unit];warning;critical;minimum;maximum.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/alarm.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "render/render.h"
#include "render/sentence.h"

/* What begins performance data, or a line of its own, must not come from a name. */
static void say(FILE *out, const char *text)
{
	size_t len = strlen(text);
	char *plain = strdup(text);
	size_t i;

	if (!plain)
		no_memory();
	for (i = 0; i < len; i++)
		if (plain[i] == '|' || plain[i] == '\n')
			plain[i] = plain[i] == '|' ? '/' : ' ';
	print_plain(out, plain, len);
	free(plain);
}

/* Without its full stop: there is more in this line */
static void say_sentence(FILE *out, const struct fact *f)
{
	char *text = sentence(f);
	size_t len = strlen(text);

	if (len && text[len - 1] == '.')
		text[len - 1] = '\0';
	say(out, text);
	free(text);
}

/* "U": it couldn't be determined */
static void entries(FILE *out, const char *label, int64_t n, const struct alarm *a)
{
	if (n == UNKNOWN)
		fprintf(out, " %s=U", label);
	else
		fprintf(out, " %s=%" PRId64, label, n);
	fprintf(out, ";%" PRId64 ";%" PRId64 ";0;%" PRId64, a->warning, a->critical, a->max);
}

static void rate(FILE *out, const char *label, double n)
{
	if (isnan(n))
		fprintf(out, " %s=U;;;0", label);
	else
		fprintf(out, " %s=%.1f;;;0", label, n);
}

static void counter(FILE *out, const char *label, int64_t n)
{
	if (n != UNKNOWN)
		fprintf(out, " %s=%" PRId64 "c;;;0", label, n);
}

static void performance(const struct alarm *a, FILE *out)
{
	if (a->max == UNKNOWN)
		return;
	fputs(" |", out);
	entries(out, "entries", a->entries, a);
	entries(out, "unevictable", a->unevictable, a);
	if (a->module) {
		rate(out, "refused", a->refused);
		rate(out, "evicted", a->evicted);
		rate(out, "invalid", a->invalid);
	} else {
		counter(out, "drop", a->drop);
		counter(out, "early_drop", a->early_drop);
		counter(out, "invalid_packets", a->k_invalid);
	}
}

int render_check(const struct alarm *a, FILE *out)
{
	size_t i;

	fprintf(out, "CONNTRACK %s - ", severity_words[a->severity].upper);
	if (a->cause)
		say_sentence(out, &a->cause->sentence);
	/* The first is the table's state, which the sentence of what fills it has, too. */
	for (i = a->cause && a->cause->pressed; i < a->said.nr; i++) {
		if (i || a->cause)
			fputs("; ", out);
		say_sentence(out, &a->said.fact[i]);
	}
	if (a->severity == SEV_WARNING || a->severity == SEV_CRITICAL)
		fputs("; conntriage tells what to type", out);
	performance(a, out);
	fputc('\n', out);
	return ferror(out) ? -1 : 0;
}

int render_check_error(const char *line, FILE *out)
{
	fprintf(out, "CONNTRACK %s - ", severity_words[SEV_UNKNOWN].upper);
	say(out, line);
	fputc('\n', out);
	return ferror(out) ? -1 : 0;
}
