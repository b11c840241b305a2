// SPDX-License-Identifier: GPL-2.0
/* Sources, programs and namespaces, as the module counts them. */
#include <math.h>
#include <stdio.h>

#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/text.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/filter.h"
#include "render/json_values.h"
#include "render/list.h"
#include "render/origin.h"
#include "render/render.h"
#include "snapshot.h"

static void fill_class(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, class_name[((const struct source_row *)row)->class]);
}

/* "nginx.service (nginx, 812)" of a program, else as the module has it */
static void fill_source(const struct list *l, const void *row, struct cell *c)
{
	const struct source_row *r = row;
	const struct program *p = r->class == SRC_PROGRAM && !l->ask->no_names ?
				  find_program(l->s, r->source) : NULL;
	char text[sizeof(p->unit) + sizeof(p->command) + 32];

	if (!p)
		snprintf(text, sizeof(text), "%s", r->source);
	else if (!*p->command)
		snprintf(text, sizeof(text), "%s", p->unit);
	else
		snprintf(text, sizeof(text), "%s (%s, %lld)", p->unit, p->command,
			 (long long)p->pid);
	cell_both(l, c, text, l->ask->json ? json_string(r->source) : NULL);
}

static void fill_name(const struct list *l, const void *row, struct cell *c)
{
	const struct source_row *r = row;

	if (r->class == SRC_PROGRAM)
		cell_text(l, c, NULL);
	else
		cell_who(l, c, r->netns, r->source);
}

static void fill_source_netns(const struct list *l, const void *row, struct cell *c)
{
	cell_netns(l, c, ((const struct source_row *)row)->netns);
}

static void fill_source_inode(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct source_row *)row)->netns);
}

static void fill_rate(const struct list *l, const void *row, struct cell *c)
{
	const struct source_row *r = row;

	cell_real(l, c, r->rate, per_second(r->rate));
}

static void fill_error(const struct list *l, const void *row, struct cell *c)
{
	cell_error(l, c, ((const struct source_row *)row)->err);
}

static void fill_recent_error(const struct list *l, const void *row, struct cell *c)
{
	cell_error(l, c, ((const struct source_row *)row)->recent_err);
}

static void fill_first(const struct list *l, const void *row, struct cell *c)
{
	cell_ago(l, c, ((const struct source_row *)row)->first_ago);
}

static void fill_last(const struct list *l, const void *row, struct cell *c)
{
	cell_ago(l, c, ((const struct source_row *)row)->last_ago);
}

/* "tcp 98 %, udp 2 %"; in JSON how many of each */
static void fill_kinds(const struct list *l, const void *row, struct cell *c)
{
	struct json_object *o = l->ask->json ? json_fields() : NULL;
	const struct source_row *r = row;
	char text[640] = "";
	size_t used = 0;
	double sum = 0;
	int i;

	for (i = 0; i < r->nr_kinds; i++)
		sum += r->kind[i].count;
	for (i = 0; i < r->nr_kinds; i++) {
		used += snprintf(text + used, sizeof(text) - used, "%s%s %s", i ? ", " : "",
				 r->kind[i].name, pct(r->kind[i].count, sum));
		if (o)
			json_object_object_add(o, r->kind[i].name, json_integer(r->kind[i].count));
	}
	cell_both(l, c, text, o);
}

static const struct list_column source_columns[] = {
	{ "CLASS", "class", LIST_SHOWN, 0, fill_class },
	{ "SOURCE", "source", LIST_SHOWN | LIST_KEY, 0, fill_source },
	{ "NAME", "name", LIST_IF_TELLS | LIST_CUT | LIST_LEAVE_LATE, 0, fill_name },
	{ "NETNS", "netns_name", LIST_IF_TELLS | LIST_RIGHT | LIST_LEAVE_LATE, 0,
	  fill_source_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, fill_source_inode },
	{ "PER-SEC", "per_second", LIST_SHOWN | LIST_NUMBER, 0, fill_rate },
	LIST_MEMBER("RECENT", "recent", source_row, recent, 0),
	{ "RECENT-ERROR", "recent_error", LIST_NUMBER, 0, fill_recent_error },
	LIST_MEMBER("COUNT", "count", source_row, count, LIST_SHOWN),
	{ "ERROR", "error", LIST_IF_TELLS | LIST_NUMBER | LIST_LEAVE, 0, fill_error },
	{ "FIRST", "first_ago", LIST_NUMBER, 0, fill_first },
	LIST_MEMBER("GONE", "gone", source_row, gone, LIST_IF_TELLS | LIST_LEAVE),
	{ "LAST", "last_ago", LIST_SHOWN | LIST_NUMBER | LIST_LEAVE, 0, fill_last },
	{ "KINDS", "kinds", LIST_SHOWN | LIST_CUT | LIST_LEAVE, 0, fill_kinds },
};

int render_sources(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	struct list l = {
		.s = s, .ask = ask, .command = "sources", .column = source_columns,
		.columns = ARRAY_SIZE(source_columns), .whole = "conntriage sources -o all",
	};
	struct filter f;
	bool legend;
	size_t i;

	if (filter_read(s, ask, l.command, class_name, SRC_CLASSES, &f) || list_check(&l))
		return -1;
	if (!s->nr_source && !ask->json)
		return none_seen(s, out, "sources", true);
	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];

		if (filter_netns(&f, row->netns) && filter_address(&f, row->source) &&
		    (f.class == SIZE_MAX || f.class == row->class))
			list_add(&l, row);
	}
	legend = l.nr && !ask->json && !ask->no_headings && is_listed(s) && !s->mod.loaded;
	if (list_show(&l, none_counted(s, true), out))
		return -1;
	if (legend)
		prose(out, "Who opened connections %s%s; who is refused, evicted or INVALID only "
		      "the module tells.", s->dump.span ? "between two lists of the table, in " :
		      "that wait for an answer", s->dump.span ?
		      duration((s->dump.span + 500) / 1000) : "");
	return ferror(out) ? -1 : 0;
}

/* The one whose cgroup the row is of; where the host doesn't tell: none, and its id */
static const struct program *program_of(const struct list *l, const void *row)
{
	static const struct program none = { .id = UNKNOWN, .pid = UNKNOWN };
	const struct program *p = find_program(l->s, ((const struct source_row *)row)->source);

	return p ? p : &none;
}

static void fill_unit(const struct list *l, const void *row, struct cell *c)
{
	const char *unit = program_of(l, row)->unit;
	char text[sizeof(((struct source_row *)row)->source) + 8];

	snprintf(text, sizeof(text), "cgroup %s", ((const struct source_row *)row)->source);
	cell_both(l, c, *unit ? unit : text, l->ask->json ? json_string(unit) : NULL);
}

static void fill_pid(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, program_of(l, row)->pid);
}

static void fill_command(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, program_of(l, row)->command);
}

static void fill_path(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, program_of(l, row)->path);
}

static void fill_cgroup(const struct list *l, const void *row, struct cell *c)
{
	int64_t id;

	cell_id(l, c, text_count(((const struct source_row *)row)->source, &id) ? id : UNKNOWN);
}

static const struct list_column program_columns[] = {
	{ "UNIT", "unit", LIST_SHOWN | LIST_KEY, 0, fill_unit },
	{ "PID", "pid", LIST_SHOWN | LIST_NUMBER, 0, fill_pid },
	{ "COMMAND", "program", LIST_SHOWN, 0, fill_command },
	{ "NETNS", "netns_name", LIST_IF_TELLS | LIST_RIGHT | LIST_LEAVE_LATE, 0,
	  fill_source_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, fill_source_inode },
	{ "CGROUP", "cgroup", LIST_NUMBER, 0, fill_cgroup },
	{ "PER-SEC", "per_second", LIST_SHOWN | LIST_NUMBER, 0, fill_rate },
	LIST_MEMBER("RECENT", "recent", source_row, recent, 0),
	{ "RECENT-ERROR", "recent_error", LIST_NUMBER, 0, fill_recent_error },
	LIST_MEMBER("COUNT", "count", source_row, count, LIST_SHOWN),
	{ "ERROR", "error", LIST_IF_TELLS | LIST_NUMBER | LIST_LEAVE, 0, fill_error },
	{ "FIRST", "first_ago", LIST_NUMBER, 0, fill_first },
	{ "LAST", "last_ago", LIST_SHOWN | LIST_NUMBER | LIST_LEAVE, 0, fill_last },
	{ "KINDS", "kinds", LIST_CUT, 0, fill_kinds },
	{ "PATH", "path", LIST_SHOWN | LIST_CUT | LIST_LEAVE, 0, fill_path },
};

int render_programs(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	struct list l = {
		.s = s, .ask = ask, .command = "programs", .column = program_columns,
		.columns = ARRAY_SIZE(program_columns), .whole = "conntriage programs -o all",
		.key_room = 40,	/* a docker container's id, before its path */
	};
	struct filter f;
	bool any = false;
	size_t i;

	if (filter_read(s, ask, l.command, NULL, 0, &f) || list_check(&l))
		return -1;
	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];

		any |= row->class == SRC_PROGRAM;
		if (row->class == SRC_PROGRAM && filter_netns(&f, row->netns))
			list_add(&l, row);
	}
	if (any || ask->json)
		return list_show(&l, none_reason(s, true, false), out);
	list_free(&l);
	return none_recorded(s, out, "programs", false);
}

static void fill_netns(const struct list *l, const void *row, struct cell *c)
{
	const struct netns_row *r = row;
	char text[80];

	snprintf(text, sizeof(text), "%s%s", netns_word(l->s, r->netns),
		 r->netns == l->s->own_netns ? "*" : "");
	cell_both(l, c, text, l->ask->json ? json_string(netns_name(l->s, r->netns)) : NULL);
}

static void fill_inode(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct netns_row *)row)->netns);
}

static void fill_own(const struct list *l, const void *row, struct cell *c)
{
	cell_flag(l, c, ((const struct netns_row *)row)->netns == l->s->own_netns);
}

static void fill_conntrack(const struct list *l, const void *row, struct cell *c)
{
	cell_flag(l, c, ((const struct netns_row *)row)->conntrack == 1);
}

static void fill_used(const struct list *l, const void *row, struct cell *c)
{
	const struct netns_row *r = row;

	if (r->conntrack == 1 && r->max > 0)
		cell_percent(l, c, r->count, r->max);
	else
		cell_real(l, c, NAN, "off");
}

static const struct list_column netns_columns[] = {
	{ "NETNS", "netns_name", LIST_SHOWN | LIST_RIGHT, 0, fill_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, fill_inode },
	{ "OWN", "own", 0, 0, fill_own },
	{ "CONNTRACK", "conntrack", 0, 0, fill_conntrack },
	LIST_MEMBER("COUNT", "count", netns_row, count, LIST_SHOWN),
	LIST_MEMBER("MAX", "max", netns_row, max, LIST_SHOWN),
	{ "USED", "used_percent", LIST_SHOWN | LIST_NUMBER, 0, fill_used },
	LIST_MEMBER("INSERTED", "inserts", netns_row, inserts, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("DIRECT", "inserts_direct", netns_row, inserts_direct, 0),
	LIST_MEMBER("REFUSED", "refusals", netns_row, refusals, LIST_SHOWN),
	LIST_MEMBER("EVICTED", "evictions", netns_row, evictions, LIST_SHOWN),
	LIST_MEMBER("BY-GC", "gc_evictions", netns_row, gc_evictions, LIST_LEAVE),
	LIST_MEMBER("EVICTING", "evicting", netns_row, evicting, 0),
	LIST_MEMBER("FAILED", "insert_failed_kernel", netns_row, k_insert_failed,
		    LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("CLASHES", "clashes_kernel", netns_row, k_clash, LIST_LEAVE),
	LIST_MEMBER("INVALID", "invalid", netns_row, invalid, LIST_SHOWN | LIST_LEAVE),
	LIST_MEMBER("K-DROP", "drop_kernel", netns_row, k_drop, 0),
	LIST_MEMBER("K-EVICTED", "early_drop_kernel", netns_row, k_early_drop, 0),
	LIST_MEMBER("K-INVALID", "invalid_kernel", netns_row, k_invalid, 0),
	LIST_MEMBER("K-TOOLONG", "chaintoolong_kernel", netns_row, k_chaintoolong, 0),
	LIST_MEMBER("K-ERROR", "error_kernel", netns_row, k_error, 0),
};

int render_netns(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	struct list l = {
		.s = s, .ask = ask, .command = "netns", .column = netns_columns,
		.columns = ARRAY_SIZE(netns_columns), .whole = "conntriage netns -o all",
	};
	struct filter f;
	size_t i;
	bool legend;

	if (filter_read(s, ask, l.command, NULL, 0, &f) || list_check(&l))
		return -1;
	if (!s->nr_netns && !ask->json)
		return none_seen(s, out, "network namespaces", false);
	for (i = 0; i < s->nr_netns; i++)
		if (filter_netns(&f, s->netns[i].netns))
			list_add(&l, &s->netns[i]);
	legend = l.nr && !ask->json && !ask->no_headings && s->own_netns != UNKNOWN;
	if (list_show(&l, none_counted(s, false), out))
		return -1;
	if (legend) {
		fputs("* this namespace; ", out);
		listed_since(s, out);
		fputc('\n', out);
	}
	return ferror(out) ? -1 : 0;
}
