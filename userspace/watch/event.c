// SPDX-License-Identifier: GPL-2.0
/* What is told of an event. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fix/steps.h"
#include "judge/causes.h"
#include "judge/incident.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/text.h"
#include "lib/words.h"
#include "render/json_values.h"
#include "render/page.h"
#include "render/sentence.h"
#include "watch/event.h"

static char *copy(const char *text)
{
	char *to = text ? strdup(text) : NULL;

	if (text && !to)
		no_memory();
	return to;
}

/* One line of printable ASCII, whoever chose the names in it; takes over @text */
static char *clean(char *text)
{
	if (text)
		text_printable(text, strlen(text) + 1, text);
	return text;
}

static const struct finding *alarm(const struct findings *f)
{
	return f->worst != SEV_OK && f->nr ? &f->finding[0] : NULL;
}

/* "10.0.1.66 (pod shop/cart-7f), 10.0.1.67", without what they do; NULL: nobody */
static char *names_of(const struct parties *parties)
{
	char *all = NULL, *name;
	size_t i, len;
	FILE *out = open_memstream(&all, &len);

	if (!out)
		no_memory();
	for (i = 0; i < parties->nr; i++) {
		struct party bare = parties->party[i];

		if (bare.kind == PARTY_NOBODY)
			continue;
		bare.facts = (struct facts) { 0 };
		name = sentence_party(&bare);
		fprintf(out, "%s%s", ftell(out) ? ", " : "", name);
		free(name);
	}
	if (fclose(out))
		no_memory();
	if (!*all) {
		free(all);
		all = NULL;
	}
	return all;
}

static const struct incident_row *find_row(const struct snapshot *s, int64_t nr)
{
	size_t i;

	for (i = 0; i < s->nr_incidents && nr != UNKNOWN; i++)
		if (s->incident[i].nr == nr)
			return &s->incident[i];
	return NULL;
}

/* Where the module has no story of it */
static char *in_short(const struct event *e, const struct findings *f)
{
	const struct change *c = &e->change;
	char *text, *clear, refused[64] = "";

	if (known(c->refused) > 0 || known(c->evicted) > 0)
		snprintf(refused, sizeof(refused), ": %s packets refused, %s entries evicted",
			 num(known(c->refused)), num(known(c->evicted)));
	if (c->kind == EVENT_BEGUN) {
		if (asprintf(&text, "Connections or packets are being lost%s", refused) < 0)
			no_memory();
		return text;
	}
	clear = f->clear.pattern ? sentence(&f->clear) : NULL;
	if (asprintf(&text, "It is over after %s%s.%s%s", duration(c->seconds), refused,
		     clear ? " " : "", clear ? clear : "") < 0)
		no_memory();
	free(clear);
	return text;
}

/* As it begins, the diagnosis knows more than the record; when it is over, the record. */
static char *say(const struct event *e, const struct snapshot *s, const struct findings *f)
{
	const struct incident_row *row = find_row(s, e->change.incident);

	if (e->change.kind == EVENT_BEGUN && e->finding)
		return sentence(&e->finding->sentence);
	return row ? incident_summary(s, row) : in_short(e, f);
}

void event_make(struct event *e, const struct change *c, const struct snapshot *s,
		const struct findings *f, const struct event *before)
{
	*e = (struct event) { .change = *c, .severity = f->worst, .finding = alarm(f) };
	e->sentence = clean(say(e, s, f));
	if (c->kind == EVENT_ENDED && before) {
		e->cause = copy(before->cause);
		e->who = copy(before->who);
	} else if (e->finding) {
		e->cause = copy(e->finding->cause->name);
		e->who = clean(names_of(&e->finding->culprit));
	}
	if (c->netns != UNKNOWN)
		e->netns = clean(copy(netns_word(s, c->netns)));
}

static void parties(const struct page *p, const char *word, const struct parties *l)
{
	struct lines line = { 0 };

	sentence_parties(l, &line);
	page_facts(p, word, &line, 0);
	lines_free(&line);
}

/* What more there is to type */
static void more(const struct page *p, const struct event *e)
{
	const char *fix = e->finding && steps_change(&e->finding->fix) ?
			  "conntriage fix | sudo sh types this" : NULL;
	char text[160];

	if (e->change.incident == UNKNOWN && !fix)
		return;
	if (e->change.incident == UNKNOWN)
		snprintf(text, sizeof(text), "%s", fix);
	else
		snprintf(text, sizeof(text), "%s%sconntriage incidents %" PRId64 " tells who was "
			 "there", fix ? fix : "", fix ? "; " : "", e->change.incident);
	page_label(p, "more");
	wrap(p->out, text, PAGE_LABEL, TERMINAL_WIDTH);
}

static void head(const struct page *p, const struct change *c)
{
	char now[32], nr[24] = "";

	local_time(time(NULL), "%F %T %Z", now, sizeof(now));
	if (c->incident != UNKNOWN)
		snprintf(nr, sizeof(nr), " %" PRId64, c->incident);
	page_ink(p, INK_DIM);
	fprintf(p->out, "%s: incident%s has %s", now, nr, event_word[c->kind]);
	page_ink(p, INK_PLAIN);
	fputc('\n', p->out);
}

int event_text(const struct event *e, FILE *out)
{
	const struct finding *f = e->finding;
	struct page p;

	page_begin(&p, out);
	head(&p, &e->change);
	if (e->change.kind == EVENT_ENDED)
		page_headline(&p, "ENDED", INK_OK, e->sentence);
	if (f) {
		page_finding(&p, f);
		parties(&p, "who", &f->culprit);
		parties(&p, "suffers", &f->victim);
		page_steps(&p, "now", &f->fix, STEP_NOW);
	} else if (e->change.kind == EVENT_BEGUN) {
		page_headline(&p, "BEGUN", INK_WARNING, e->sentence);
	}
	more(&p, e);
	fputc('\n', out);
	return ferror(out) ? -1 : 0;
}

char *event_story(const struct event *e)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		no_memory();
	event_text(e, out);
	if (fclose(out))
		no_memory();
	return text;
}

static struct json_object *commands(const struct finding *f)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = 0; f && i < f->fix.nr; i++)
		if (f->fix.step[i].when == STEP_NOW && step_changes(&f->fix.step[i]))
			json_object_array_add(a, json_string(f->fix.step[i].text));
	return a;
}

int event_json(const struct event *e, FILE *out)
{
	const struct change *c = &e->change;
	struct json_object *o = json_command("watch");

	json_object_object_add(o, "event", json_string(event_word[c->kind]));
	json_object_object_add(o, "incident", json_integer(c->incident));
	json_object_object_add(o, "severity", json_string(severity_words[e->severity].lower));
	json_object_object_add(o, "cause", json_string(e->cause));
	json_object_object_add(o, "sentence", json_string(e->sentence));
	json_object_object_add(o, "who", json_string(e->who));
	json_object_object_add(o, "netns", json_string(e->netns));
	json_object_object_add(o, "began", json_integer(c->began));
	json_object_object_add(o, "seconds", json_integer(c->seconds));
	json_object_object_add(o, "refused", json_integer(c->refused));
	json_object_object_add(o, "evicted", json_integer(c->evicted));
	json_object_object_add(o, "now", commands(e->finding));
	return json_print(o, out);
}

static void word_field(struct lines *out, const char *name, const char *value)
{
	lines_add(out, "CONNTRIAGE_%s=%s", name, value ? value : "");
}

static void number_field(struct lines *out, const char *name, int64_t value)
{
	if (value == UNKNOWN)
		lines_add(out, "CONNTRIAGE_%s=", name);
	else
		lines_add(out, "CONNTRIAGE_%s=%" PRId64, name, value);
}

void event_fields(const struct event *e, struct lines *out)
{
	const struct change *c = &e->change;

	word_field(out, "EVENT", event_word[c->kind]);
	number_field(out, "INCIDENT", c->incident);
	word_field(out, "SEVERITY", severity_words[e->severity].lower);
	word_field(out, "CAUSE", e->cause);
	word_field(out, "SENTENCE", e->sentence);
	word_field(out, "WHO", e->who);
	word_field(out, "NETNS", e->netns);
	number_field(out, "BEGAN", c->began);
	number_field(out, "SECONDS", c->seconds);
	number_field(out, "REFUSED", c->refused);
	number_field(out, "EVICTED", c->evicted);
}

void event_free(struct event *e)
{
	free(e->cause);
	free(e->sentence);
	free(e->who);
	free(e->netns);
	*e = (struct event) { 0 };
}
