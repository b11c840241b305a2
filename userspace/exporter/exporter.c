// SPDX-License-Identifier: GPL-2.0
/*
 * Pages, made of what was read of a host. Nothing is read unless somebody asks, and then
 * once a second at most, however many do.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exporter/exporter.h"
#include "exporter/server.h"
#include "exporter/sockets.h"
#include "kmod/abi.h"
#include "lib/complain.h"
#include "lib/memory.h"
#include "lib/moment.h"
#include "lib/numbers.h"
#include "look/look.h"
#include "read/read.h"
#include "render/render.h"

#define FRESH_MS	1000	/* what is this old is served as it is */
#define WHOLE_MS	60000	/* between two readings of names and rules, and two walks */
/* A census is judged with the rest until the next one, which may take its time to come */
#define CENSUS_MS	(WHOLE_MS + 30000)

struct exporter {
	const struct exporter_request *ask;
	struct look look;
	int64_t read_at, whole_at;	/* ms of CLOCK_MONOTONIC, or UNKNOWN */
	char fault[512];		/* why the last reading failed; "" */
	struct page **cached;		/* of that reading, by their place in pages[] */
};

static void write_series(const struct exporter *e, bool openmetrics, FILE *out)
{
	const struct look *l = &e->look;
	struct metrics_request ask = e->ask->metrics;
	bool dated = !*l->s.root ||
		     (l->s.captured.known && l->s.captured.date != UNKNOWN);

	ask.openmetrics = openmetrics;
	ask.read_at = dated ? l->at / 1000 : UNKNOWN;
	ask.census_at = dated && l->census_at != UNKNOWN ? l->census_at / 1000 : UNKNOWN;
	metrics_write(&l->s, ask.census ? &l->findings : NULL, &ask, out);
}

static void write_text(const struct exporter *e, FILE *out)
{
	write_series(e, false, out);
}

static void write_openmetrics(const struct exporter *e, FILE *out)
{
	write_series(e, true, out);
}

static void write_findings(const struct exporter *e, FILE *out)
{
	render_json(&e->look.s, &e->look.findings, out);
}

static void write_health(const struct exporter *e, FILE *out)
{
	(void)e;
	fputs("ok\n", out);
}

static void write_links(const struct exporter *e, FILE *out)
{
	(void)e;
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<title>conntriage exporter</title>\n"
	      "<h1>conntriage " CTRI_VERSION "</h1>\n<ul>\n"
	      "<li><a href=\"/metrics\">/metrics</a>: for Prometheus\n"
	      "<li><a href=\"/findings.json\">/findings.json</a>: what is wrong here, and what to "
	      "type\n"
	      "<li><a href=\"/healthz\">/healthz</a>: whether this host can be read\n</ul>\n"
	      "</html>\n", out);
}

enum page_needs { NEEDS_NOTHING, NEEDS_READING, NEEDS_SERIES, NEEDS_WHOLE };

/* The first of a path is for who likes OpenMetrics. */
static const struct page_row {
	const char *path, *type;
	bool openmetrics;
	enum page_needs needs;
	void (*write)(const struct exporter *e, FILE *out);
} pages[] = {
	{ "/metrics", "application/openmetrics-text; version=1.0.0; charset=utf-8", true,
	  NEEDS_SERIES, write_openmetrics },
	{ "/metrics", "text/plain; version=0.0.4; charset=utf-8", false, NEEDS_SERIES, write_text },
	{ "/findings.json", "application/json", false, NEEDS_WHOLE, write_findings },
	{ "/healthz", NULL, false, NEEDS_READING, write_health },
	{ "/", "text/html; charset=utf-8", false, NEEDS_NOTHING, write_links },
};

/* Without names and findings, series need nothing that doesn't change by the second. */
static bool needs_whole(const struct exporter *e, enum page_needs needs)
{
	return needs == NEEDS_WHOLE ||
	       (needs == NEEDS_SERIES && (e->ask->metrics.census || e->ask->metrics.top));
}

static unsigned int parts_now(const struct exporter *e, enum page_needs needs)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC);

	if (e->whole_at == UNKNOWN || (needs_whole(e, needs) && now - e->whole_at >= WHOLE_MS))
		return READ_RULES | (e->ask->metrics.census ? READ_CENSUS : 0);
	if (e->read_at == UNKNOWN || now - e->read_at >= FRESH_MS)
		return READ_FAST | READ_METRICS;
	return 0;
}

static void forget_pages(struct exporter *e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		page_drop(e->cached[i]);
		e->cached[i] = NULL;
	}
}

/* The reading that was last, or one of now, where that is too old for what is asked */
static void refresh(struct exporter *e, enum page_needs needs)
{
	unsigned int parts = parts_now(e, needs);
	int64_t begun = clock_ms(CLOCK_MONOTONIC), at = look_now();
	struct snapshot now;

	if (!parts || (*e->fault && begun - e->read_at < FRESH_MS))
		return;
	forget_pages(e);
	e->read_at = begun;
	e->fault[0] = '\0';
	if (read_snapshot(e->ask->root, parts, &now, e->fault, sizeof(e->fault))) {
		snapshot_free(&now);
		return;
	}
	if (now.captured.known && now.captured.date != UNKNOWN)
		at = 1000 * now.captured.date;
	/* The table is walked somewhere in between: count from the end. */
	if (!(parts & READ_FAST))
		e->whole_at = clock_ms(CLOCK_MONOTONIC);
	look_take(&e->look, &now, parts, at);
}

/* Why this host can't be read; "": it can. A module that isn't loaded is no such reason. */
static const char *ailment(const struct exporter *e)
{
	if (*e->fault)
		return e->fault;
	return e->look.s.mod.unread ? e->look.s.mod.why_not : "";
}

static struct page *text_page(const struct exporter *e,
			      void (*write)(const struct exporter *e, FILE *out), const char *line)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		no_memory();
	if (line)
		fprintf(out, "%s\n", line);
	else
		write(e, out);
	if (fclose(out))
		no_memory();
	return page_new(text, len);
}

static void answer(void *context, const struct request_head *r, struct answer *a)
{
	struct exporter *e = context;
	const char *wrong = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (!strcmp(r->path, pages[i].path) && (r->openmetrics || !pages[i].openmetrics))
			break;
	a->status = 404;
	if (i == ARRAY_SIZE(pages))
		return;
	if (pages[i].needs != NEEDS_NOTHING) {
		refresh(e, pages[i].needs);
		wrong = pages[i].needs == NEEDS_READING ? ailment(e) : e->fault;
	}
	a->status = *wrong ? 503 : 200;
	if (*wrong) {
		a->page = text_page(e, NULL, wrong);
		return;
	}
	if (!e->cached[i])
		e->cached[i] = text_page(e, pages[i].write, NULL);
	a->type = pages[i].type;
	a->page = page_hold(e->cached[i]);
}

/* Returns -1 where there is nothing to listen on, with the reason said. */
static int find_listeners(const struct exporter_request *ask, struct server *s)
{
	int nr = sockets_passed(s->listener, SERVER_LISTENERS);

	if (nr > 0 && ask->listen) {
		complain("--listen %s: systemd listens for this already; change ListenStream= of "
			 "the socket unit", ask->listen);
		return -1;
	}
	if (!nr) {
		s->listener[0] = sockets_open(ask->listen ? ask->listen : EXPORTER_LISTEN);
		nr = s->listener[0] < 0 ? -1 : 1;
	}
	s->nr_listeners = nr < 0 ? 0 : nr;
	return nr < 0 ? -1 : 0;
}

int exporter_run(const struct exporter_request *ask)
{
	struct page *cached[ARRAY_SIZE(pages)] = { NULL };
	struct exporter e = {
		.ask = ask, .read_at = UNKNOWN, .whole_at = UNKNOWN, .cached = cached,
	};
	struct server s = { .answer = answer, .context = &e };
	int error;

	if (find_listeners(ask, &s))
		return SEV_UNKNOWN;
	look_begin(&e.look, CENSUS_MS);
	error = server_run(&s);
	if (error)
		complain("signalfd: %s; free some memory, or let it have more files",
			 strerror(-error));
	forget_pages(&e);
	look_end(&e.look);
	return error ? SEV_UNKNOWN : SEV_OK;
}
