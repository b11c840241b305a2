// SPDX-License-Identifier: GPL-2.0
/* The page of a snapshot: summary, contents, sections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/sentence.h"
#include "report/frame.h"
#include "report/report.h"
#include "report/sections.h"

static void banner(struct html *h, const struct snapshot *s, const struct findings *fs,
		   const char *title)
{
	char *line = sentence_summary(fs);
	int64_t moment = report_moment(s);

	html_open(h, "header", NULL);
	html_element(h, "h1", NULL, title);
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

int report_write(const struct snapshot *s, const struct findings *fs, const char *file,
		 char *err, size_t errlen)
{
	const char *name = *host_name(s) ? host_name(s) : "a host";
	char title[160];
	struct frame f;
	struct html *h = &f.html;

	snprintf(title, sizeof(title), "Connection tracking on %s", name);
	frame_begin(&f, title);
	banner(h, s, fs, title);
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
	return frame_end(&f, file, err, errlen);
}
