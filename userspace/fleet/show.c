// SPDX-License-Identifier: GPL-2.0
/* A fleet as text: a list of what hosts share, a list of hosts, their findings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/show.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/list.h"
#include "render/page.h"

static const struct fleet_finding *worst(const void *row)
{
	const struct fleet_host *h = row;

	return h->nr_findings && h->severity != SEV_OK ? &h->finding[0] : NULL;
}

/* Month, day and time: what is compared is of one day or of a few */
static void fill_moment(const struct list *l, struct cell *c, int64_t when)
{
	char text[32];

	local_time(when, "%m-%d %H:%M", text, sizeof(text));
	cell_text(l, c, when == UNKNOWN ? NULL : text);
}

static void fill_host(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct fleet_host *)row)->name);
}

static void fill_status(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, severity_words[((const struct fleet_host *)row)->severity].lower);
}

static void fill_cause(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, worst(row) ? worst(row)->cause->name : NULL);
}

static void fill_who(const struct list *l, const void *row, struct cell *c)
{
	const struct fleet_finding *f = worst(row);
	char text[256];

	if (!f || !f->nr_parties) {
		cell_text(l, c, NULL);
		return;
	}
	snprintf(text, sizeof(text), "%s", f->party[0].name);
	if (f->nr_parties > 1)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " +%zu",
			 f->nr_parties - 1);
	cell_text(l, c, text);
}

static void fill_name(const struct list *l, const void *row, struct cell *c)
{
	const struct fleet_finding *f = worst(row);

	cell_text(l, c, f && f->nr_parties ? f->party[0].who : NULL);
}

static void fill_captured(const struct list *l, const void *row, struct cell *c)
{
	fill_moment(l, c, ((const struct fleet_host *)row)->captured);
}

static void fill_since(const struct list *l, const void *row, struct cell *c)
{
	fill_moment(l, c, ((const struct fleet_host *)row)->since);
}

static void fill_error(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct fleet_host *)row)->error);
}

static const struct list_column host_columns[] = {
	{ "HOST", NULL, LIST_SHOWN | LIST_KEY, 0, fill_host },
	{ "STATUS", NULL, LIST_SHOWN, 0, fill_status },
	{ "CAUSE", NULL, LIST_SHOWN, 0, fill_cause },
	{ "WHO", NULL, LIST_IF_TELLS | LIST_CUT, 0, fill_who },
	{ "NAME", NULL, LIST_IF_TELLS | LIST_CUT | LIST_LEAVE_LATE, 0, fill_name },
	{ "SINCE", NULL, LIST_IF_TELLS, 0, fill_since },
	LIST_MEMBER("ENTRIES", NULL, fleet_host, entries, LIST_SHOWN),
	LIST_MEMBER("LIMIT", NULL, fleet_host, max, LIST_SHOWN | LIST_LEAVE),
	{ "CAPTURED", NULL, LIST_IF_TELLS | LIST_LEAVE, 0, fill_captured },
	{ "WRONG", NULL, LIST_IF_TELLS | LIST_CUT, 0, fill_error },
};

static void fill_shared(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct fleet_shared *)row)->name);
}

static void fill_shared_name(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct fleet_shared *)row)->who);
}

static void fill_shared_cause(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct fleet_shared *)row)->cause->name);
}

static void fill_number(const struct list *l, const void *row, struct cell *c)
{
	cell_number(l, c, ((const struct fleet_shared *)row)->nr);
}

static void fill_hosts(const struct list *l, const void *row, struct cell *c)
{
	const struct fleet_shared *s = row;
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		no_memory();
	for (i = 0; i < s->nr; i++)
		fprintf(out, "%s%s", i ? ", " : "", s->host[i]->name);
	if (fclose(out))
		no_memory();
	cell_text(l, c, text);
	free(text);
}

static const struct list_column shared_columns[] = {
	{ "SHARED", NULL, LIST_SHOWN | LIST_KEY, 0, fill_shared },
	{ "NAME", NULL, LIST_IF_TELLS | LIST_CUT | LIST_LEAVE_LATE, 0, fill_shared_name },
	{ "CAUSE", NULL, LIST_SHOWN, 0, fill_shared_cause },
	{ "HOSTS", NULL, LIST_SHOWN | LIST_NUMBER, 0, fill_number },
	{ "ON", NULL, LIST_SHOWN | LIST_CUT, 0, fill_hosts },
};

static int print_shared(const struct fleet_shares *shares, const struct list_request *ask,
			FILE *out)
{
	struct list l = {
		.ask = ask, .command = "fleet", .column = shared_columns,
		.columns = ARRAY_SIZE(shared_columns), .whole = "conntriage fleet in a pipe",
	};
	size_t i;
	int error;

	if (!shares->nr)
		return 0;
	for (i = 0; i < shares->nr; i++)
		list_add(&l, &shares->shared[i]);
	error = list_text(&l, out);
	list_free(&l);
	fputc('\n', out);
	return error;
}

static int print_hosts(const struct fleet_host *host, size_t nr, const struct list_request *ask,
		       FILE *out)
{
	struct list l = {
		.ask = ask, .command = "fleet", .column = host_columns,
		.columns = ARRAY_SIZE(host_columns), .whole = "conntriage fleet in a pipe",
	};
	size_t i;
	int error;

	for (i = 0; i < nr; i++)
		list_add(&l, &host[i]);
	error = list_text(&l, out);
	list_free(&l);
	return error;
}

/* Each host with its findings, as a diagnosis begins each */
static void print_findings(const struct fleet_host *h, FILE *out)
{
	struct page p;
	size_t i;

	fputc('\n', out);
	print_plain(out, h->name, strlen(h->name));
	fputs(" (", out);
	print_plain(out, h->root, strlen(h->root));
	fputs(")\n", out);
	page_begin(&p, out);
	if (h->error)
		page_headline(&p, "NOT READ", severity_ink[SEV_UNKNOWN], h->error);
	for (i = 0; i < h->nr_findings; i++) {
		const struct fleet_finding *f = &h->finding[i];

		p.begun = false;	/* no room between those of one host */
		page_headline(&p, f->severity == SEV_OK ? "NOTE" : severity_words[f->severity].upper,
			      severity_ink[f->severity], f->sentence);
	}
	if (!h->error && !h->nr_findings)
		page_headline(&p, "OK", severity_ink[SEV_OK], "Nothing to do.");
}

int fleet_text(const struct fleet_host *host, size_t nr, const struct fleet_shares *shares,
	       bool all, FILE *out)
{
	const struct list_request ask = { .limit = UNKNOWN };
	size_t i;

	if (print_shared(shares, &ask, out) || print_hosts(host, nr, &ask, out))
		return -1;
	for (i = 0; all && i < nr; i++)
		print_findings(&host[i], out);
	return ferror(out) ? -1 : 0;
}
