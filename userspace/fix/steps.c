// SPDX-License-Identifier: GPL-2.0
/* Lists of steps. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fix/steps.h"
#include "lib/lines.h"
#include "lib/memory.h"

struct step *step_add(struct steps *st, enum step_kind kind, enum step_when when)
{
	struct step *s = grow(&st->step, &st->nr, sizeof(*s));

	s->kind = kind;
	s->when = when;
	return s;
}

void step_say(struct steps *st, enum step_when when, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	step_add(st, STEP_SAY, when)->text = print_text(fmt, ap);
	va_end(ap);
}

void step_look(struct steps *st, enum step_when when, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	step_add(st, STEP_LOOK, when)->text = print_text(fmt, ap);
	va_end(ap);
}

void step_module(struct steps *st, const char *command)
{
	struct step *s = step_add(st, STEP_MODULE, STEP_NOW);

	s->text = strdup(command);
	if (!s->text)
		no_memory();
}

bool step_has(const struct steps *st, enum step_when when, const char *text)
{
	size_t i;

	for (i = 0; i < st->nr; i++)
		if (st->step[i].when == when && !strcmp(st->step[i].text, text))
			return true;
	return false;
}

bool step_changes(const struct step *s)
{
	return s->kind > STEP_LOOK;
}

bool steps_has(const struct steps *st, enum step_when when)
{
	size_t i;

	for (i = 0; i < st->nr; i++)
		if (st->step[i].when == when)
			return true;
	return false;
}

bool steps_change(const struct steps *st)
{
	size_t i;

	for (i = 0; i < st->nr; i++)
		if (st->step[i].when == STEP_NOW && step_changes(&st->step[i]))
			return true;
	return false;
}

static void step_free(struct step *s)
{
	free(s->text);
	free(s->undo);
	free(s->test);
}

static bool announces(const struct step *s)
{
	return s->kind == STEP_SAY && s->text[strlen(s->text) - 1] == ':';
}

/* Steps for now and for good are printed apart, and each follows its own kind. */
static const struct step *next_of(const struct steps *st, size_t i)
{
	size_t k;

	for (k = i + 1; k < st->nr; k++)
		if (st->step[k].when == st->step[i].when)
			return &st->step[k];
	return NULL;
}

void steps_orphans(struct steps *st)
{
	size_t i = st->nr;

	while (i--) {
		const struct step *next = next_of(st, i);

		if (!announces(&st->step[i]) || (next && next->kind != STEP_SAY))
			continue;
		step_free(&st->step[i]);
		memmove(&st->step[i], &st->step[i + 1], (--st->nr - i) * sizeof(*st->step));
	}
}

void steps_free(struct steps *st)
{
	size_t i;

	for (i = 0; i < st->nr; i++)
		step_free(&st->step[i]);
	free(st->step);
	memset(st, 0, sizeof(*st));
}
