// SPDX-License-Identifier: GPL-2.0
/* Incidents: a table of all, and all that is known of one. */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>

#include "judge/incident.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "lib/text.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/render.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define LISTED	8		/* rows of each list; the file has up to 16 */

int render_incidents(const struct snapshot *s, FILE *out)
{
	static const struct table_column columns[] = {
		{ "NR", RIGHT }, { "BEGAN", 0 }, { "LASTED", RIGHT },
		{ "NETNS", RIGHT }, { "PEAK", RIGHT }, { "MAX", RIGHT },
		{ "INSERTED", RIGHT }, { "EVICTED", RIGHT }, { "REFUSED", RIGHT },
	};
	struct libscols_table *t;
	char began[32], zone[64];
	size_t i;

	if (!s->nr_incidents)
		return none_recorded(s, out, "incidents", true);
	t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_incidents; i++) {
		const struct incident_row *inc = &s->incident[i];
		struct libscols_line *line = table_line(t);

		local_time(inc->begin, "%m-%d %H:%M:%S", began, sizeof(began));
		table_put(line, 0, "%" PRId64, inc->nr);
		table_put(line, 1, "%s", began);
		table_put(line, 2, "%s%s", short_time(incident_seconds(inc)),
			  inc->end ? "" : "+");
		table_put(line, 3, "%s", netns_word(s, inc->netns));
		table_num(line, 4, inc->count_peak);
		table_num(line, 5, inc->max);
		table_num(line, 6, inc->inserts);
		table_num(line, 7, incident_killed(inc));
		table_num(line, 8, incident_refused(inc));
	}
	if (table_end(t, out))
		return -1;
	local_time(s->incident[i - 1].begin, "%Z", zone, sizeof(zone));
	prose(out, "Times are %s%s. \"conntriage incidents NR\" tells who and what.",
	      zone, s->incident[i - 1].end ? "" : ", + is not over yet");
	return ferror(out) ? -1 : 0;
}

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
	struct libscols_table *t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
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

struct list {
	enum incident_phase phase;
	enum incident_class class;
	const char *title, *head;
};

static int show_list(const struct snapshot *s, const struct incident_row *inc,
		     const struct list *list, FILE *out)
{
	struct heaviest_row heavy[LISTED];
	size_t i, nr = 0;

	for (i = 0; i < s->nr_incident_tops; i++) {
		const struct incident_top *top = &s->incident_top[i];
		const struct program *p;

		if (top->nr != inc->nr || top->phase != list->phase ||
		    top->class != list->class || nr++ >= LISTED)
			continue;
		p = list->class == INC_PROGRAM ? find_program(s, top->source) : NULL;
		heavy[nr - 1] = (struct heaviest_row) {
			.name = p ? p->unit : top->source, .netns = top->netns, .count = top->count,
			.err = top->err, .sources = UNKNOWN, .dests = UNKNOWN,
			.ports = UNKNOWN, .stage = top->has_stages ? top->stage : NULL,
		};
	}
	if (!nr)
		return 0;
	fprintf(out, "\n%s\n", list->title);
	if (heaviest_table(s, list->head, list->phase == PHASE_WORST ? "ENTRIES" : "COUNT",
			   heavy, nr < LISTED ? nr : LISTED, out))
		return -1;
	if (nr > LISTED)
		fprintf(out, "... and %s more in the module's file \"incident_top\"\n",
			num(nr - LISTED));
	return 0;
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
		warnx("incidents: \"%s\" is no number; conntriage incidents lists them",
		      word);
		return NULL;
	}
	for (i = 0; i < s->nr_incidents; i++)
		if (s->incident[i].nr == nr)
			return &s->incident[i];
	if (s->nr_incidents == 1)
		warnx("incidents: there is no %s; there is only %" PRId64, word,
		      s->incident[0].nr);
	else if (s->nr_incidents)
		warnx("incidents: there is no %s; there are %" PRId64 " to %" PRId64,
		      word, s->incident[0].nr, s->incident[s->nr_incidents - 1].nr);
	else if (s->mod.loaded && !s->mod.partial)
		warnx("incidents: there is no %s; none has been recorded yet", word);
	else
		warnx("incidents: there is no %s; %s", word, s->mod.why_not);
	return NULL;
}

int render_incident(const struct snapshot *s, const char *word, FILE *out)
{
	static const struct list lists[] = {
		{ PHASE_BEFORE, INC_INSERT, "Who opened most, in the minute before", "SOURCE" },
		{ PHASE_DURING, INC_INSERT, "Who opened most, during it", "SOURCE" },
		{ PHASE_DURING, INC_PROGRAM, "Which programs of this host opened most", "CGROUP" },
		{ PHASE_DURING, INC_EVICTING, "Who made the kernel evict others", "SOURCE" },
		{ PHASE_DURING, INC_REFUSED, "Whose packets were refused", "SOURCE" },
		{ PHASE_DURING, INC_REFUSED_TO, "Where the refused packets went", "DESTINATION" },
		{ PHASE_DURING, INC_EVICTED, "Whose entries were killed", "SOURCE" },
		{ PHASE_DURING, INC_EVICTED_TO, "Where the killed entries led", "DESTINATION" },
	};
	static const struct list worst[] = {
		{ PHASE_WORST, INC_SOURCE, "Who held most in its worst minute", "SOURCE" },
		{ PHASE_WORST, INC_PREFIX, "Of which networks", "SOURCE PREFIX" },
		{ PHASE_WORST, INC_DEST, "Where these led", "DESTINATION" },
		{ PHASE_WORST, INC_SERVICE, "To which services", "SERVICE" },
		{ PHASE_WORST, INC_PAIR, "To which services of which hosts", "ENDPOINT" },
	};
	const struct incident_row *inc = find(s, word);
	char *summary;
	size_t i;
	int error;

	if (!inc)
		return -1;
	show_head(inc, out);
	summary = incident_summary(s, inc);
	prose(out, "%s", summary);
	free(summary);
	error = show_totals(inc, out);
	for (i = 0; i < ARRAY_SIZE(lists) && !error; i++)
		error = show_list(s, inc, &lists[i], out);
	error = error ?: show_worst(inc, out);
	for (i = 0; i < ARRAY_SIZE(worst) && !error; i++)
		error = show_list(s, inc, &worst[i], out);
	if (inc->has_stages) {
		fputc('\n', out);
		heaviest_legend(out);
	}
	show_next(inc, out);
	return error || ferror(out) ? -1 : 0;
}
