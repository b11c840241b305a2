// SPDX-License-Identifier: GPL-2.0
/*
 * What is told of captured trees that are looked at one after another, 60 s apart:
 *
 *	tell [json|fields] TREE...
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/diagnose.h"
#include "read/read.h"
#include "render/json_values.h"
#include "watch/event.h"
#include "watch/events.h"

#define WALL	1790000000
#define APART	60

static void tell(const struct event *e, const char *how)
{
	struct lines fields = { 0 };
	size_t i;

	if (!strcmp(how, "json")) {
		event_json(e, stdout);
	} else if (!strcmp(how, "fields")) {
		event_fields(e, &fields);
		for (i = 0; i < fields.nr; i++)
			puts(fields.line[i]);
		lines_free(&fields);
	} else {
		char *story = event_story(e);

		/* the first line has the time of now */
		printf("%s", strchr(story, '\n') + 1);
		free(story);
	}
}

int main(int argc, char **argv)
{
	struct change change[EVENTS_MOST];
	struct events events = { 0 };
	struct event begun = { 0 };
	const char *how = "text";
	char why[512];
	size_t nr, j;
	int i;

	if (argc > 1 && (!strcmp(argv[1], "json") || !strcmp(argv[1], "fields")))
		how = *++argv, argc--;
	json_watched();
	for (i = 1; i < argc; i++) {
		struct snapshot s;
		struct findings f;

		if (read_snapshot(argv[i], READ_ALL, &s, why, sizeof(why)))
			errx(1, "%s", why);
		diagnose(&s, &f);
		nr = events_compare(&events, &s, f.worst, APART * i, WALL + APART * i, change);
		for (j = 0; j < nr; j++) {
			struct event e;

			event_make(&e, &change[j], &s, &f, begun.sentence ? &begun : NULL);
			tell(&e, how);
			event_free(&begun);
			begun = e;
		}
		begun.finding = NULL;
		findings_free(&f);
		snapshot_free(&s);
	}
	event_free(&begun);
	return 0;
}
