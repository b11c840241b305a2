// SPDX-License-Identifier: GPL-2.0
/* What every page begins and ends with, and how it becomes a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "report/file.h"
#include "report/frame.h"
#include "report/style.h"

static void head(struct html *h, const char *title)
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
	html_element(h, "title", NULL, title);
	html_style(h, style_css);
	html_close(h);
}

void frame_begin(struct frame *f, const char *title)
{
	struct html *h = &f->html;

	memset(f, 0, sizeof(*f));
	/* Who reads it may be elsewhere: its local time is everybody's. */
	setenv("TZ", "UTC0", 1);
	tzset();
	h->out = open_memstream(&f->text, &f->len);
	if (!h->out)
		no_memory();
	fputs("<!DOCTYPE html>\n", h->out);
	html_open(h, "html", "lang", "en", NULL);
	head(h, title);
	html_open(h, "body", NULL);
}

/* All in memory first: a page is written whole, or not at all. */
int frame_end(struct frame *f, const char *file, char *err, size_t errlen)
{
	struct html *h = &f->html;
	int error = 0;

	html_open(h, "footer", NULL);
	html_element(h, "p", "muted", "Made by conntriage " CTRI_VERSION ". It holds addresses: "
		     "give it to those who may know them.");
	html_close(h);
	html_close(h);
	html_close(h);
	if (fclose(h->out))
		no_memory();
	if (strcmp(file, "-"))
		error = file_make(file, f->text, f->len, err, errlen);
	else
		fwrite(f->text, 1, f->len, stdout);	/* an error of it is said at the end */
	free(f->text);
	return error;
}
