// SPDX-License-Identifier: GPL-2.0
/* The list of incidents, and the lists that one of them has. */
#include <stdlib.h>

#include "judge/incident.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/incident_lists.h"
#include "render/json_values.h"
#include "render/render.h"

static void fill_nr(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct incident_row *)row)->nr);
}

/* A moment in local time, in JSON as seconds since 1970 */
static void fill_moment(const struct list *l, int64_t when, struct cell *c)
{
	char text[32];

	cell_number(l, c, when);
	local_time(when, "%m-%d %H:%M:%S", text, sizeof(text));
	cell_words(c, text);
}

static void fill_began(const struct list *l, const void *row, struct cell *c)
{
	fill_moment(l, ((const struct incident_row *)row)->begin, c);
}

static void fill_ended(const struct list *l, const void *row, struct cell *c)
{
	int64_t end = ((const struct incident_row *)row)->end;

	fill_moment(l, end ? end : UNKNOWN, c);
}

static void fill_lasted(const struct list *l, const void *row, struct cell *c)
{
	const struct incident_row *inc = row;
	char text[WORD_SIZE + 2];

	cell_number(l, c, incident_seconds(inc));
	snprintf(text, sizeof(text), "%s%s", short_time(incident_seconds(inc)),
		 inc->end ? "" : "+");
	cell_words(c, text);
}

static void fill_ago(const struct list *l, const void *row, struct cell *c)
{
	cell_ago(l, c, ((const struct incident_row *)row)->begin_ago);
}

static void fill_netns(const struct list *l, const void *row, struct cell *c)
{
	cell_netns(l, c, ((const struct incident_row *)row)->netns);
}

static void fill_inode(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct incident_row *)row)->netns);
}

static void fill_evicted(const struct list *l, const void *row, struct cell *c)
{
	cell_number(l, c, incident_killed(row));
}

static void fill_refused(const struct list *l, const void *row, struct cell *c)
{
	cell_number(l, c, incident_refused(row));
}

static const struct list_column incident_columns[] = {
	{ "NR", "nr", LIST_SHOWN | LIST_NUMBER, 0, fill_nr },
	{ "BEGAN", "begin", LIST_SHOWN | LIST_NUMBER, 0, fill_began },
	{ "ENDED", "end", LIST_NUMBER, 0, fill_ended },
	{ "AGO", "begin_ago", LIST_NUMBER, 0, fill_ago },
	{ "LASTED", "seconds", LIST_SHOWN | LIST_NUMBER, 0, fill_lasted },
	{ "NETNS", "netns_name", LIST_SHOWN | LIST_RIGHT, 0, fill_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, fill_inode },
	LIST_MEMBER("PEAK", "count_peak", incident_row, count_peak, LIST_SHOWN),
	LIST_MEMBER("MAX", "max", incident_row, max, LIST_SHOWN),
	LIST_MEMBER("INSERTED", "inserts", incident_row, inserts, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("INS-PEAK", "inserts_peak", incident_row, inserts_peak, 0),
	{ "EVICTED", "evicted", LIST_SHOWN | LIST_NUMBER | LIST_LEAVE, 0, fill_evicted },
	LIST_MEMBER("BY-GC", "gc_evictions", incident_row, gc_evictions, LIST_LEAVE),
	{ "REFUSED", "refused", LIST_SHOWN | LIST_NUMBER | LIST_LEAVE, 0, fill_refused },
	LIST_MEMBER("REF-PEAK", "refusals_peak", incident_row, refusals_peak, 0),
	LIST_MEMBER("FAILED", "insert_failed", incident_row, insert_failed, 0),
	LIST_MEMBER("INVALID", "invalid", incident_row, invalid, 0),
};

static struct list incident_list(const struct snapshot *s, const struct list_request *ask)
{
	return (struct list) {
		.s = s, .ask = ask, .command = "incidents", .column = incident_columns,
		.columns = ARRAY_SIZE(incident_columns), .whole = "conntriage incidents -o all",
	};
}

/* Whether one of those that an incident names lies in the prefix */
static bool names_prefix(const struct snapshot *s, const struct incident_row *inc,
			 const struct filter *f)
{
	size_t i;

	for (i = 0; f->family && i < s->nr_incident_tops; i++)
		if (s->incident_top[i].nr == inc->nr &&
		    filter_address(f, s->incident_top[i].source))
			return true;
	return !f->family;
}

static void say_zone(const struct snapshot *s, FILE *out)
{
	const struct incident_row *last = &s->incident[s->nr_incidents - 1];
	char zone[64];

	local_time(last->begin, "%Z", zone, sizeof(zone));
	prose(out, "Times are %s%s. \"conntriage incidents NR\" tells who and what.",
	      zone, last->end ? "" : ", + is not over yet");
}

int render_incidents(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	struct list l = incident_list(s, ask);
	struct filter f;
	bool legend;
	size_t i;

	if (filter_read(s, ask, l.command, NULL, 0, &f) || list_check(&l))
		return -1;
	if (!s->nr_incidents && !ask->json)
		return none_recorded(s, out, "incidents", true);
	for (i = 0; i < s->nr_incidents; i++) {
		const struct incident_row *inc = &s->incident[i];

		if (filter_netns(&f, inc->netns) && names_prefix(s, inc, &f) &&
		    filter_time(&f, inc->begin_ago, inc->end ? inc->end_ago : 0))
			list_add(&l, inc);
	}
	legend = l.nr && !ask->json && !ask->no_headings;
	if (list_show(&l, none_reason(s, true, true), out))
		return -1;
	if (legend)
		say_zone(s, out);
	return ferror(out) ? -1 : 0;
}

struct json_object *incident_json(const struct snapshot *s, const struct incident_row *inc)
{
	const struct list_request all = { .limit = UNKNOWN, .json = true };
	struct list l = incident_list(s, &all);
	struct json_object *rows, *o;

	list_add(&l, inc);
	rows = list_json(&l);
	list_free(&l);
	o = json_object_get(json_object_array_get_idx(rows, 0));
	json_object_put(rows);
	return o;
}

static const char *const class_word[INC_CLASSES] = {
	[INC_INSERT] = CTRI_CLASS_INSERT,
	[INC_EVICTED] = CTRI_CLASS_EVICTED,
	[INC_REFUSED] = CTRI_CLASS_REFUSED,
	[INC_EVICTING] = CTRI_CLASS_EVICTING,
	[INC_REFUSED_TO] = CTRI_CLASS_REFUSED_TO,
	[INC_EVICTED_TO] = CTRI_CLASS_EVICTED_TO,
	[INC_PROGRAM] = CTRI_CLASS_PROGRAM,
	[INC_SOURCE] = CTRI_CENSUS_SOURCE,
	[INC_DEST] = CTRI_CENSUS_DEST,
	[INC_SERVICE] = CTRI_CENSUS_SERVICE,
	[INC_PREFIX] = CTRI_CENSUS_PREFIX,
	[INC_PAIR] = CTRI_CENSUS_PAIR,
};

static const char *const phase_word[PHASES] = {
	[PHASE_BEFORE] = CTRI_PHASE_BEFORE,
	[PHASE_DURING] = CTRI_PHASE_DURING,
	[PHASE_WORST] = CTRI_PHASE_WORST,
};

static void add_top(struct incident_tops *t, const struct incident_top *top)
{
	struct heaviest_row *row;

	if (top->nr != t->inc->nr || !filter_netns(t->f, top->netns) ||
	    !filter_address(t->f, top->source))
		return;
	row = grow(&t->row, &t->nr, sizeof(*t->row));
	*row = (struct heaviest_row) {
		.phase = phase_word[top->phase], .class = class_word[top->class],
		.program = top->class == INC_PROGRAM ? find_program(t->s, top->source) : NULL,
		.netns = top->netns, .count = top->count, .err = top->err,
		.sources = UNKNOWN, .dests = UNKNOWN, .ports = UNKNOWN,
		.stage = top->has_stages ? top->stage : NULL,
	};
	snprintf(row->name, sizeof(row->name), "%s", top->source);
}

/* The rows have stopped growing, and so stay where they are. */
static void list_rows(struct incident_tops *t, const char *head, const char *count)
{
	size_t i;

	heaviest_begin(&t->heavy, t->s, t->ask, "incidents", head, count);
	t->heavy.list.whole = "conntriage incidents NR --json";
	for (i = 0; i < t->nr; i++)
		list_add(&t->heavy.list, &t->row[i]);
}

void incident_tops_begin(struct incident_tops *t, const struct snapshot *s,
			 const struct incident_row *inc, const struct list_request *ask,
			 const struct filter *f)
{
	*t = (struct incident_tops) { .s = s, .inc = inc, .ask = ask, .f = f };
}

void incident_tops_of(struct incident_tops *t, enum incident_phase phase,
		      enum incident_class class, const char *head, const char *count)
{
	size_t i;

	for (i = 0; i < t->s->nr_incident_tops; i++)
		if (t->s->incident_top[i].phase == phase && t->s->incident_top[i].class == class)
			add_top(t, &t->s->incident_top[i]);
	list_rows(t, head, count);
}

void incident_tops_all(struct incident_tops *t)
{
	size_t i;

	for (i = 0; i < t->s->nr_incident_tops; i++)
		add_top(t, &t->s->incident_top[i]);
	list_rows(t, "SOURCE", "COUNT");
}

void incident_tops_end(struct incident_tops *t)
{
	list_free(&t->heavy.list);
	free(t->row);
}
