/* SPDX-License-Identifier: GPL-2.0 */
/* The list of incidents, and the lists that one of them has. */
#ifndef CONNTRIAGE_RENDER_INCIDENT_LISTS_H
#define CONNTRIAGE_RENDER_INCIDENT_LISTS_H

#include <json.h>

#include "render/filter.h"
#include "render/heaviest.h"
#include "snapshot.h"

/* Who did most, or had most, in an incident */
struct incident_tops {
	struct heaviest_list heavy;
	struct heaviest_row *row;
	size_t nr;
	/* What it is made of */
	const struct snapshot *s;
	const struct incident_row *inc;
	const struct list_request *ask;
	const struct filter *f;
};

void incident_tops_begin(struct incident_tops *t, const struct snapshot *s,
			 const struct incident_row *inc, const struct list_request *ask,
			 const struct filter *f);

/** incident_tops_of() - those of one class and phase; @head, @count: of heaviest_begin() */
void incident_tops_of(struct incident_tops *t, enum incident_phase phase,
		      enum incident_class class, const char *head, const char *count);

/** incident_tops_all() - those of all classes and phases, one behind the other */
void incident_tops_all(struct incident_tops *t);

void incident_tops_end(struct incident_tops *t);

/** incident_json() - what the list of incidents has of one */
struct json_object *incident_json(const struct snapshot *s, const struct incident_row *inc);

#endif
