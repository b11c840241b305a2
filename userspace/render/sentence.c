// SPDX-License-Identifier: GPL-2.0
/* Sentences of what is said as data. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/sentence.h"

/* Text that is written into as to a file */
struct draft {
	FILE *out;
	char *text;
	size_t len;
};

static void begin(struct draft *d)
{
	d->out = open_memstream(&d->text, &d->len);
	if (!d->out)
		no_memory();
}

static char *end(struct draft *d)
{
	if (fclose(d->out))
		no_memory();
	return d->text;
}

static const char *count(const struct value *v)
{
	char *out;

	if (!v->err)
		return num(v->count);
	out = word_buffer();
	if (v->err == UNKNOWN)
		snprintf(out, WORD_SIZE, "at least %s", num(v->count));
	else
		snprintf(out, WORD_SIZE, "%s to %s", num(v->count), num(plus(v->count, v->err)));
	return out;
}

const char *sentence_value(const struct value *v)
{
	char *out;

	switch (v->kind) {
	case VALUE_COUNT:
		return count(v);
	case VALUE_PER_SECOND:
		return per_second(v->real);
	case VALUE_PERCENT:
		return pct(v->real, v->whole);
	case VALUE_SECONDS:
		return duration(v->count);
	case VALUE_BYTES:
		return bytes(v->real);
	case VALUE_TEXT:
		return v->text;
	case VALUE_AS_IT_IS:
	case VALUE_MEAN:
		break;
	}
	out = word_buffer();
	if (v->kind == VALUE_MEAN)
		snprintf(out, WORD_SIZE, "%.1f", v->real);
	else
		snprintf(out, WORD_SIZE, "%" PRId64, v->count);
	return out;
}

const char *sentence_name(const char *pattern, size_t *len)
{
	*len = strcspn(pattern, "}");
	return pattern[*len] ? pattern + *len + 1 : NULL;
}

static void say(FILE *out, const struct fact *f)
{
	const char *at = f->pattern ? f->pattern : "", *next;
	size_t i = 0, len;

	while (*at) {
		len = strcspn(at, "{");
		fprintf(out, "%.*s", (int)len, at);
		at += len;
		next = *at ? sentence_name(at + 1, &len) : NULL;
		if (!next)
			break;
		if (i < f->nr)
			fputs(sentence_value(&f->value[i++]), out);
		at = next;
	}
}

static void say_origin(FILE *out, const struct fact *f)
{
	if (f->origin)
		fprintf(out, " [%s]", f->origin);
}

char *sentence(const struct fact *f)
{
	struct draft d;

	begin(&d);
	say(d.out, f);
	say_origin(d.out, f);
	return end(&d);
}

void sentence_facts(const struct facts *facts, struct lines *out)
{
	size_t i;

	for (i = 0; i < facts->nr; i++) {
		char *text = sentence(&facts->fact[i]);

		lines_add(out, "%s", text);
		free(text);
	}
}

char *sentence_all(const struct facts *facts)
{
	struct draft d;
	size_t i;

	if (!facts->nr)
		return NULL;
	begin(&d);
	for (i = 0; i < facts->nr; i++) {
		if (i)
			fputc(' ', d.out);
		say(d.out, &facts->fact[i]);
	}
	return end(&d);
}

static void upper(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), out);
}

/* "the network 10.0.0.0/8", "10.0.0.1, TCP port 443", "on this host, nginx.service" */
static void say_name(FILE *out, const struct party *p)
{
	static const char *const article[PARTY_KINDS] = {
		[PARTY_NETWORK] = "the network ",
		[PARTY_HELPER] = "the helper ",
	};

	if (p->kind == PARTY_PROGRAM && p->own)
		fputs("on this host, ", out);
	if (article[p->kind])
		fputs(article[p->kind], out);
	if (p->kind == PARTY_ENDPOINT)
		fprintf(out, "%s, ", p->name);
	if (p->proto)
		upper(out, p->proto);
	if (p->proto)
		fprintf(out, " port %s", p->port ? p->port : p->name);
	else
		fputs(p->name, out);
	if (p->kind == PARTY_PROGRAM && p->command)
		fprintf(out, " (%s, process %" PRId64 ")", p->command, p->pid);
	else if (p->kind == PARTY_PROGRAM && p->pid != UNKNOWN)
		fprintf(out, ", process %" PRId64, p->pid);
	else if (p->kind != PARTY_PROGRAM && p->own)
		fputs(" (this host)", out);
	else if (p->who)
		fprintf(out, " (%s)", p->who);
}

char *sentence_party(const struct party *p)
{
	struct draft d;
	size_t i;

	begin(&d);
	if (p->kind != PARTY_NOBODY)
		say_name(d.out, p);
	for (i = 0; i < p->facts.nr; i++) {
		if (i)
			fputs("; ", d.out);
		else if (p->kind != PARTY_NOBODY)
			fputs(p->kind == PARTY_SETTING ? " " : ": ", d.out);
		say(d.out, &p->facts.fact[i]);
		say_origin(d.out, &p->facts.fact[i]);
	}
	return end(&d);
}

void sentence_parties(const struct parties *parties, struct lines *out)
{
	size_t i;

	for (i = 0; i < parties->nr; i++) {
		char *text = sentence_party(&parties->party[i]);

		lines_add(out, "%s", text);
		free(text);
	}
}

char *sentence_prediction(const struct prediction *e)
{
	struct draft d;

	if (e->entries == UNKNOWN)
		return NULL;
	begin(&d);
	fprintf(d.out, "entries should %s at about %s within %s", e->later_within ? "be" : "settle",
		num(e->entries), duration(e->within));
	if (e->full_again) {
		fprintf(d.out, ", and the table be full again within %s: what else comes is more "
			"than it holds, so ask again then", duration(e->later_within));
		return end(&d);
	}
	if (e->later_within)
		fprintf(d.out, "%s at about %s within %s%s", e->settles ? " and settle" : ",",
			num(e->later), duration(e->later_within),
			e->settles ? "" : e->later > e->entries ? " and go on rising" :
			" and go on falling");
	if (isnan(e->refused))
		fputs(", and some packets still be refused", d.out);
	else if (e->refused > 0)
		fprintf(d.out, ", with %s packets a second still refused", per_second(e->refused));
	else
		fputs(", and nothing be refused", d.out);
	return end(&d);
}

char *sentence_summary(const struct findings *fs)
{
	struct draft d;

	begin(&d);
	fprintf(d.out, "CONNTRACK %s - ", severity_words[fs->worst].upper);
	say(d.out, fs->clear.pattern ? &fs->clear : &fs->finding[0].sentence);
	if (fs->alarms > 1)
		fprintf(d.out, " (and %s more)", num(fs->alarms - 1));
	return end(&d);
}
