/* SPDX-License-Identifier: GPL-2.0 */
/* What is told of an event: to people, to programs, to the journal and a command. */
#ifndef CONNTRIAGE_WATCH_EVENT_H
#define CONNTRIAGE_WATCH_EVENT_H

#include <stdio.h>

#include "judge/finding.h"
#include "lib/lines.h"
#include "snapshot.h"
#include "watch/events.h"

struct event {
	struct change change;
	enum severity severity;		/* of the diagnosis now */
	const struct finding *finding;	/* the worst that is an alarm, or NULL; not owned */
	/* All printable: names of others' making may be in them. NULL: not known */
	char *cause, *sentence, *who, *netns;
};

/**
 * event_make() - what is told of a change
 * @s, @f: a look at all of the host, and its diagnosis; they have to outlive @e
 * @before: what was told when it began, or NULL
 */
void event_make(struct event *e, const struct change *c, const struct snapshot *s,
		const struct findings *f, const struct event *before);

/** event_text() - for people; 80 columns, colour only where @out is a terminal */
int event_text(const struct event *e, FILE *out);

/** event_story() - the same as a text to free() */
char *event_story(const struct event *e);

/** event_json() - one object of one line, see json_watched() */
int event_json(const struct event *e, FILE *out);

/** event_fields() - CONNTRIAGE_NAME=VALUE a line; what isn't known has no value */
void event_fields(const struct event *e, struct lines *out);

/** event_free() - free what it holds; it is empty then */
void event_free(struct event *e);

#endif
