// SPDX-License-Identifier: GPL-2.0
/* All that is known of one incident. */
#include <inttypes.h>
#include <stdlib.h>

#include "judge/incident.h"
#include "lib/complain.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "lib/text.h"
#include "lib/words.h"
#include "render/filter.h"
#include "render/heaviest.h"
#include "render/incident_lists.h"
#include "render/json_values.h"
#include "render/render.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define LISTED	8		/* rows of each list without --all; the file has up to 16 */

/* What happened, in all and in the worst second */
static int show_totals(const struct incident_row *inc, FILE *out)
{
	static const struct table_column columns[] = {
		{ "EVENTS", 0 }, { "IN ALL", RIGHT }, { "A SECOND", RIGHT },
		{ "PEAK SECOND", RIGHT },
	};
	const struct {
		const char *what;
		int64_t all, peak;
	} row[] = {
		{ "connections inserted", inc->inserts, inc->inserts_peak },
		{ "packets refused", inc->refusals, inc->refusals_peak },
		{ "entries evicted", inc->evictions, inc->evictions_peak },
		{ "entries killed by gc", inc->gc_evictions, inc->gc_evictions_peak },
		{ "insertions failed", inc->insert_failed, UNKNOWN },
		{ "INVALID packets", inc->invalid, UNKNOWN },
		{ "dropped, by the kernel's count", inc->k_drop, UNKNOWN },
		{ "evicted, by the kernel's count", inc->k_early_drop, UNKNOWN },
	};
	struct libscols_table *t = table_begin(out, columns, ARRAY_SIZE(columns));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct libscols_line *line;

		if (known(row[i].all) <= 0)
			continue;
		line = table_line(t);
		table_put(line, 0, "%s", row[i].what);
		table_num(line, 1, row[i].all);
		table_put(line, 2, "%s", per_second((double)row[i].all /
						    incident_seconds(inc)));
		table_num(line, 3, row[i].peak);
	}
	fputc('\n', out);
	return table_end(t, out);
}

struct top_list {
	enum incident_phase phase;
	enum incident_class class;
	const char *title, *head;
};

static int show_list(const struct snapshot *s, const struct incident_row *inc,
		     const struct list_request *ask, const struct filter *f,
		     const struct top_list *list, FILE *out)
{
	struct incident_tops t;
	int error = 0;

	incident_tops_begin(&t, s, inc, ask, f);
	incident_tops_of(&t, list->phase, list->class, list->head,
			 list->phase == PHASE_WORST ? "ENTRIES" : "COUNT");
	t.heavy.list.report = true;
	t.heavy.list.usual = LISTED;
	if (t.heavy.list.nr) {
		fprintf(out, "\n%s\n", list->title);
		error = list_text(&t.heavy.list, out);
	}
	incident_tops_end(&t);
	return error;
}

/* What the table held in the minute that lost most */
static int show_worst(const struct incident_row *inc, FILE *out)
{
	char when[32];

	if (!inc->has_stages)
		return 0;
	local_time(incident_worst(inc), " (%H:%M:%S)", when, sizeof(when));
	fprintf(out, "\nWhat the table held in its worst minute%s\n",
		incident_worst(inc) == UNKNOWN ? "" : when);
	return stages_table(inc->stage, out);
}

static void show_head(const struct incident_row *inc, FILE *out)
{
	char began[64], ended[64];

	local_time(inc->begin, "%Y-%m-%d %H:%M:%S %Z", began, sizeof(began));
	local_time(inc->end, "%H:%M:%S", ended, sizeof(ended));
	if (inc->end)
		fprintf(out, "Incident %" PRId64 ": %s, until %s (%s)\n\n", inc->nr,
			began, ended, duration(incident_seconds(inc)));
	else
		fprintf(out, "Incident %" PRId64 ": %s, not over yet (%s)\n\n",
			inc->nr, began, duration(incident_seconds(inc)));
}

/* What a person types next; the record tells for how long it can help. */
static void show_next(const struct incident_row *inc, FILE *out)
{
	fputs("\nNext\n"
	      "  conntriage                    is it over, and what to type against it\n", out);
	if (inc->begin_ago >= 0 && inc->begin_ago < 600)
		fputs("  conntriage history            second by second\n", out);
	if (inc->begin_ago >= 0 && inc->begin_ago < 86400)
		fputs("  conntriage history --minutes  what came before and after\n", out);
	fputs("  conntriage explain            what can be the cause\n", out);
}

static const struct incident_row *find(const struct snapshot *s, const char *word)
{
	int64_t nr;
	size_t i;

	if (!text_count(word, &nr)) {
		complain("incidents: \"%s\" is no number; conntriage incidents lists them",
		      word);
		return NULL;
	}
	for (i = 0; i < s->nr_incidents; i++)
		if (s->incident[i].nr == nr)
			return &s->incident[i];
	if (s->nr_incidents == 1)
		complain("incidents: there is no %s; there is only %" PRId64, word,
		      s->incident[0].nr);
	else if (s->nr_incidents)
		complain("incidents: there is no %s; there are %" PRId64 " to %" PRId64,
		      word, s->incident[0].nr, s->incident[s->nr_incidents - 1].nr);
	else if (s->mod.loaded && !s->mod.partial)
		complain("incidents: there is no %s; none has been recorded yet", word);
	else
		complain("incidents: there is no %s; %s", word, s->mod.why_not);
	return NULL;
}

static int show_lists(const struct snapshot *s, const struct incident_row *inc,
		      const struct list_request *ask, const struct filter *f,
		      const struct top_list *list, size_t nr, FILE *out)
{
	int error = 0;
	size_t i;

	for (i = 0; i < nr && !error; i++)
		error = show_list(s, inc, ask, f, &list[i], out);
	return error;
}

static int show(const struct snapshot *s, const struct incident_row *inc,
		const struct list_request *ask, const struct filter *f, FILE *out)
{
	static const struct top_list lists[] = {
		{ PHASE_BEFORE, INC_INSERT, "Who opened most, in the minute before", "SOURCE" },
		{ PHASE_DURING, INC_INSERT, "Who opened most, during it", "SOURCE" },
		{ PHASE_DURING, INC_PROGRAM, "Which programs of this host opened most", "CGROUP" },
		{ PHASE_DURING, INC_EVICTING, "Who made the kernel evict others", "SOURCE" },
		{ PHASE_DURING, INC_REFUSED, "Whose packets were refused", "SOURCE" },
		{ PHASE_DURING, INC_REFUSED_TO, "Where the refused packets went", "DESTINATION" },
		{ PHASE_DURING, INC_EVICTED, "Whose entries were killed", "SOURCE" },
		{ PHASE_DURING, INC_EVICTED_TO, "Where the killed entries led", "DESTINATION" },
	};
	static const struct top_list worst[] = {
		{ PHASE_WORST, INC_SOURCE, "Who held most in its worst minute", "SOURCE" },
		{ PHASE_WORST, INC_PREFIX, "Of which networks", "SOURCE PREFIX" },
		{ PHASE_WORST, INC_DEST, "Where these led", "DESTINATION" },
		{ PHASE_WORST, INC_SERVICE, "To which services", "SERVICE" },
		{ PHASE_WORST, INC_PAIR, "To which services of which hosts", "ENDPOINT" },
	};
	char *summary;

	show_head(inc, out);
	summary = incident_summary(s, inc);
	prose(out, "%s", summary);
	free(summary);
	if (show_totals(inc, out) ||
	    show_lists(s, inc, ask, f, lists, ARRAY_SIZE(lists), out) || show_worst(inc, out) ||
	    show_lists(s, inc, ask, f, worst, ARRAY_SIZE(worst), out))
		return -1;
	if (inc->has_stages) {
		fputc('\n', out);
		heaviest_legend(out);
	}
	show_next(inc, out);
	return ferror(out) ? -1 : 0;
}

static int show_json(const struct snapshot *s, const struct incident_row *inc,
		     const struct list_request *ask, const struct filter *f, FILE *out)
{
	struct json_object *top = json_command("incidents"), *o = incident_json(s, inc);
	char *summary = incident_summary(s, inc);
	struct incident_tops t;

	json_object_object_add(o, "summary", json_string(summary));
	json_object_object_add(o, "worst_at", json_integer(incident_worst(inc)));
	json_object_object_add(o, "worst_stages",
			       inc->has_stages ? stages_json(inc->stage) : NULL);
	free(summary);
	incident_tops_begin(&t, s, inc, ask, f);
	incident_tops_all(&t);
	list_order(&t.heavy.list);
	json_object_object_add(top, "missing", NULL);
	json_object_object_add(top, "incident", o);
	json_object_object_add(top, "rows", list_json(&t.heavy.list));
	incident_tops_end(&t);
	return json_print(top, out);
}

int render_incident(const struct snapshot *s, const char *word, const struct list_request *ask,
		    FILE *out)
{
	const struct incident_row *inc;
	struct filter f;

	if (ask->columns || ask->sort || ask->since || ask->until || ask->no_headings) {
		complain("incidents %s: tells a story; -o, --sort, --since, --until and "
		      "--no-headings are for the list, without a number", plain_word(word));
		return -1;
	}
	inc = find(s, word);
	if (!inc || filter_read(s, ask, "incidents", NULL, 0, &f))
		return -1;
	return ask->json ? show_json(s, inc, ask, &f, out) : show(s, inc, ask, &f, out);
}
