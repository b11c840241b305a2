// SPDX-License-Identifier: GPL-2.0
/* The page as a whole: head, summary, contents, sections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/sentence.h"
#include "report/file.h"
#include "report/report.h"
#include "report/sections.h"
#include "report/style.h"

static void head(struct html *h, const char *name)
{
	char policy[256];

	/* Nothing is fetched, run or sent, whatever a name managed to smuggle in. */
	snprintf(policy, sizeof(policy), "default-src 'none'; style-src '%s'; base-uri 'none'; "
		 "form-action 'none'", style_digest);
	html_open(h, "head", NULL);
	html_void(h, "meta", "charset", "utf-8", NULL);
	html_void(h, "meta", "http-equiv", "Content-Security-Policy", "content", policy, NULL);
	html_void(h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1",
		  NULL);
	html_void(h, "meta", "name", "color-scheme", "content", "light dark", NULL);
	html_void(h, "meta", "name", "referrer", "content", "no-referrer", NULL);
	html_void(h, "meta", "name", "generator", "content", "conntriage " CTRI_VERSION, NULL);
	html_open(h, "title", NULL);
	html_textf(h, "Connection tracking on %s", name);
	html_close(h);
	html_style(h, style_css);
	html_close(h);
}

static void banner(struct html *h, const struct snapshot *s, const struct findings *fs,
		   const char *name)
{
	char *line = sentence_summary(fs);
	int64_t moment = report_moment(s);

	html_open(h, "header", NULL);
	html_open(h, "h1", NULL);
	html_textf(h, "Connection tracking on %s", name);
	html_close(h);
	html_open(h, "p", "class", "muted", NULL);
	if (moment != UNKNOWN)
		html_textf(h, "As it was at %s UTC", report_when(s, 0, "%Y-%m-%d %H:%M:%S"));
	else
		html_text(h, "At a time that the capture doesn't tell");
	if (s->captured.known && *s->captured.version)
		html_textf(h, ", captured by conntriage %s", s->captured.version);
	html_text(h, ". All times are UTC.");
	html_close(h);
	html_open(h, "p", "class", "summary", NULL);
	html_open(h, "b", "class", severity_class[fs->worst], NULL);
	html_text(h, severity_words[fs->worst].upper);
	html_close(h);
	/* Behind "CONNTRACK WARNING - ", which the badge says */
	html_text(h, strstr(line, " - ") + strlen(" -"));
	html_close(h);
	html_close(h);
	free(line);
}

static void contents(struct html *h)
{
	static const struct {
		const char *to, *name;
	} link[] = {
		{ "#findings", "Findings" }, { "#day", "The day" },
		{ "#incidents", "Incidents" }, { "#stages", "Entries by stage" },
		{ "#who", "Who" }, { "#settings", "Settings" }, { "#unseen", "What wasn't seen" },
	};
	size_t i;

	html_open(h, "nav", "aria-label", "Contents", NULL);
	html_open(h, "ul", NULL);
	for (i = 0; i < ARRAY_SIZE(link); i++) {
		html_open(h, "li", NULL);
		html_open(h, "a", "href", link[i].to, NULL);
		html_text(h, link[i].name);
		html_close(h);
		html_close(h);
	}
	html_close(h);
	html_close(h);
}

static void page(struct html *h, const struct snapshot *s, const struct findings *fs)
{
	const char *name = s->captured.known && *s->captured.host ? s->captured.host :
			   *s->hostname ? s->hostname : "a host";

	fputs("<!DOCTYPE html>\n", h->out);
	html_open(h, "html", "lang", "en", NULL);
	head(h, name);
	html_open(h, "body", NULL);
	banner(h, s, fs, name);
	contents(h);
	html_open(h, "main", NULL);
	report_findings(h, fs);
	report_day(h, s);
	report_incidents(h, s);
	report_table(h, s);
	report_lists(h, s);
	report_settings(h, s);
	report_unseen(h, s, fs);
	html_close(h);
	html_open(h, "footer", NULL);
	html_element(h, "p", "muted", "Made by conntriage " CTRI_VERSION ". It holds addresses: "
		     "give it to those who may know them.");
	html_close(h);
	html_close(h);
	html_close(h);
}

/* All in memory first: a page is written whole, or not at all. */
int report_write(const struct snapshot *s, const struct findings *fs, const char *file,
		 char *err, size_t errlen)
{
	struct html h = { 0 };
	char *text;
	size_t len;
	int error = 0;

	/* Who reads it may be elsewhere: its local time is everybody's. */
	setenv("TZ", "UTC0", 1);
	tzset();
	h.out = open_memstream(&text, &len);
	if (!h.out)
		no_memory();
	page(&h, s, fs);
	if (fclose(h.out))
		no_memory();
	if (strcmp(file, "-"))
		error = file_make(file, text, len, err, errlen);
	else
		fwrite(text, 1, len, stdout);	/* an error of it is said at the end */
	free(text);
	return error;
}
