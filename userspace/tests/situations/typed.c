// SPDX-License-Identifier: GPL-2.0
/* The rules and commands of a cure: each of nft's rules stands in a line of its own. */
#include <stdio.h>
#include <string.h>

#include "tests/situations/typed.h"

/* What a backslash breaks belongs together. */
static void join(char *text)
{
	char *at, *rest;

	while ((at = strstr(text, "\\\n"))) {
		rest = at + 2;
		rest += strspn(rest, " ");
		memmove(at, rest, strlen(rest) + 1);
	}
}

static bool each_of(char *text, bool (*see)(const struct command *c, const char *line, void *data),
		    void *data)
{
	static struct command c;
	char *line;

	join(text);
	while ((line = strsep(&text, "\n;"))) {
		line += strspn(line, " ");
		/* of a set: no TCP flags */
		if (!*line || !strncmp(line, "flags ", strlen("flags ")))
			continue;
		command_parse(&c, line);
		if (see(&c, line, data))
			return true;
	}
	return false;
}

bool typed_each(const struct steps *st, enum step_when when,
		bool (*see)(const struct command *c, const char *line, void *data), void *data)
{
	static char text[COMMAND_TEXT];
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		if (s->when != when || s->kind <= STEP_INSTEAD)
			continue;
		snprintf(text, sizeof(text), "%s", s->text);
		if (each_of(text, see, data))
			return true;
	}
	return false;
}
