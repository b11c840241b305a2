// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace's table in a capture, three files: "about" (what is known of the list),
 * "looks" (what the kernel counted, a row a moment) and "entries" (ctnetlink's messages,
 * of each entry what entries/message.c reads: some 110 bytes).
 */
#include <errno.h>
#include <inttypes.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries/keys.h"
#include "entries/message.h"
#include "entries/turned.h"
#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/dump.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/module_file.h"
#include "read/reader.h"

#define DIR	"conntriage/ctnetlink"
#define PART	(1 << 20)	/* bytes that messages grow by */
#define MOST_ENTRIES	UINT32_MAX	/* the kernel's count is an unsigned int */

void dump_keep_entry(struct kept_dump *k, const struct entry *e)
{
	if (k->kept >= READ_MAX_DUMP_ENTRIES || k->len + MESSAGE_MOST > READ_MAX_DUMP)
		return;
	if (k->len + MESSAGE_MOST > k->room) {
		k->room += PART;
		k->messages = realloc(k->messages, k->room);
		if (!k->messages)
			no_memory();
	}
	k->len += message_put(k->messages + k->len, k->room - k->len, e);
	k->kept++;
}

/* Numbers of struct looked and the like, by name; a fraction in millionths */
struct about_line {
	char name[64];
	int64_t value;
};

static const struct field about_fields[] = {
	WORD(about_line, "name", name),
	COUNT(about_line, "value", value),
};

#define LOOK(column, member)	COUNT(look, column, member)

static const struct field look_fields[] = {
	LOOK("at", at), LOOK("count", count),
	LOOK("found", stat.found), LOOK("invalid", stat.invalid), LOOK("insert", stat.insert),
	LOOK("insert_failed", stat.insert_failed), LOOK("drop", stat.drop),
	LOOK("early_drop", stat.early_drop), LOOK("error", stat.error),
	LOOK("search_restart", stat.search_restart), LOOK("clash_resolve", stat.clash_resolve),
	LOOK("chaintoolong", stat.chaintoolong),
};

static void keep_file(struct reader *r, int64_t netns, const char *name, const char *text,
		      size_t len)
{
	char path[96];

	snprintf(path, sizeof(path), DIR "/%" PRId64 "/%s", netns, name);
	files_keep(&r->files, path, text, len);
}

static void keep_about(struct reader *r, const struct kept_dump *k)
{
	const struct looked *is = &k->is;
	int64_t value;
	const char *name;
	size_t i, len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		no_memory();
	fprintf(out, "name value\ninit %d\ntwice %d\nloaded %d\nlisted %" PRId64 "\nkept %" PRId64
		"\neach %" PRId64 "\nexpired %" PRId64 "\n", is->init, is->twice, k->loaded,
		is->listed, k->kept, (int64_t)llround(is->each * 1e6), is->expired);
	if (is->max != UNKNOWN)
		fprintf(out, "max %" PRId64 "\n", is->max);
	for (i = 0; (name = timeouts_name(&k->timeouts, i, &value)); i++)
		fprintf(out, "%s %" PRId64 "\n", name, value);
	if (fclose(out))
		no_memory();
	keep_file(r, is->netns, "about", text, len);
	free(text);
}

static void keep_looks(struct reader *r, const struct kept_dump *k, const struct looks *l)
{
	size_t nr, i, c, len;
	const struct look *look = looks_moments(l, &nr);
	char *text;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		no_memory();
	for (c = 0; c < ARRAY_SIZE(look_fields); c++)
		fprintf(out, "%s%s", c ? " " : "", look_fields[c].name);
	for (i = 0; i < nr; i++)
		for (c = 0; c < ARRAY_SIZE(look_fields); c++) {
			int64_t value;

			memcpy(&value, (const char *)&look[i] + look_fields[c].offset, sizeof(value));
			fputc(c ? ' ' : '\n', out);
			if (value == UNKNOWN)
				fputc('-', out);
			else
				fprintf(out, "%" PRId64, value);
		}
	fputc('\n', out);
	if (fclose(out))
		no_memory();
	keep_file(r, k->is.netns, "looks", text, len);
	free(text);
}

void dump_keep(struct reader *r, const struct kept_dump *k, const struct looks *l)
{
	keep_about(r, k);
	keep_looks(r, k, l);
	keep_file(r, k->is.netns, "entries", k->messages ? k->messages : "", k->len);
}

static void keep_number(struct reader *r, const char *path, int64_t value)
{
	char text[32];

	files_keep(&r->files, path, text, snprintf(text, sizeof(text), "%" PRId64 "\n", value));
}

void dump_keep_failure(struct reader *r, int error)
{
	if (error)
		keep_number(r, DIR "/error", -error);
	if (known(r->s->dump.unreached))
		keep_number(r, DIR "/unreached", r->s->dump.unreached);
}

/* What "about" tells: names that this reader doesn't know are left out */
struct about {
	struct about_line *line;
	size_t nr;
};

static int64_t told(const char *name, void *data)
{
	const struct about *a = data;
	size_t i;

	for (i = 0; i < a->nr; i++)
		if (!strcmp(a->line[i].name, name))
			return a->line[i].value;
	return UNKNOWN;
}

static int parse_about(struct about *a, const char *file, char *text, size_t len,
		       struct fault *fault)
{
	struct columns t;

	if (columns_begin(&t, file, text, len, about_fields, ARRAY_SIZE(about_fields),
			  READ_MAX_STATUS, fault))
		return -1;
	return append_rows(&t, &a->line, &a->nr, sizeof(*a->line));
}

/* A file of one namespace's dump; NULL with or without a fault */
static char *slurp(struct reader *r, const char *dir, const char *name, size_t limit, size_t *len)
{
	char path[96], *text;

	snprintf(path, sizeof(path), DIR "/%s/%s", dir, name);
	if (reader_slurp(r, path, limit, &text, len))
		return NULL;
	reader_name(r, path);
	return text;
}

static int replay_looks(struct reader *r, const char *dir, struct looks *l)
{
	struct look at = { .stat = { .expect_new = UNKNOWN, .expect_create = UNKNOWN,
				     .expect_delete = UNKNOWN } };
	struct columns t;
	int64_t before = 0;
	size_t len;
	char *text = slurp(r, dir, "looks", READ_MAX_KERNEL_FILE, &len);
	int status;

	if (!text)
		return 0;
	status = columns_begin(&t, r->path, text, len, look_fields, ARRAY_SIZE(look_fields),
			       LOOKS_MOST, &r->fault);
	while (!status && (status = columns_row(&t, &at)) > 0) {
		status = at.at < before ? columns_fault(&t, "a moment before the one above it") : 0;
		before = at.at;
		looks_moment(l, &at);
	}
	free(text);
	return status;
}

/* Returns how many entries there were, or -1: what is there are no messages. */
static int64_t replay_entries(struct reader *r, const char *dir, struct looks *l)
{
	size_t left;
	char *text = slurp(r, dir, "entries", READ_MAX_DUMP, &left);
	const struct nlmsghdr *h;
	const char *at = text;
	int64_t nr = 0;

	if (!text)
		return 0;
	messages_native(text, left);
	while ((h = message_next(&at, &left))) {
		struct entry e;

		if (!message_entry(h, NULL, &e))
			break;
		looks_last(l, &e, false);
		nr++;
	}
	free(text);
	if (!h && !left)
		return nr;
	return fault_at(&r->fault, r->path, (unsigned int)nr + 1, "no message of ctnetlink, "
			"counted from the first");
}

static int replay_table(struct reader *r, const char *dir, const struct about *a)
{
	struct looked is = {
		.max = told("max", (void *)a), .init = told("init", (void *)a) == 1,
		.listed = known(told("listed", (void *)a)),
		.twice = told("twice", (void *)a) == 1,
		.expired = known(told("expired", (void *)a)),
		.each = fmax((double)known(told("each", (void *)a)) / 1e6, 1),
	};
	struct timeouts timeouts;
	struct looks *l;
	int64_t kept;

	text_count(dir, &is.netns);
	if (is.listed > MOST_ENTRIES || is.expired > MOST_ENTRIES || is.each > MOST_ENTRIES)
		return fault_at(&r->fault, r->path, 0, "more entries than any table holds");
	timeouts_fill(&timeouts, told, (void *)a);
	l = looks_begin(&timeouts, is.listed);
	if (!is.twice)
		looks_once(l);
	kept = replay_looks(r, dir, l) ? -1 : replay_entries(r, dir, l);
	if (kept > 0 && is.listed > kept)
		is.each *= (double)is.listed / (double)kept;
	if (kept > 0 && is.each * (double)kept > MOST_ENTRIES)
		kept = fault_at(&r->fault, r->path, 0, "stands for more entries than any table "
				"holds");
	if (kept < 0) {
		looks_free(l);
		return -1;
	}
	looks_end(l, &is, r->s);
	r->s->dump.loaded = r->s->dump.loaded || told("loaded", (void *)a) == 1;
	r->s->origin = ORIGIN_CTNETLINK;
	return 0;
}

static void replay_one(struct reader *r, const char *dir)
{
	const struct snapshot before = *r->s;
	struct about a = { NULL, 0 };
	size_t len;
	char *text = slurp(r, dir, "about", READ_MAX_KERNEL_FILE, &len);

	if (!text)
		return;
	if (parse_about(&a, r->path, text, len, &r->fault) || replay_table(r, dir, &a))
		reader_drop(r, &before);
	free(text);
	free(a.line);
}

/* Why there is no list, or not one of each namespace, as dump_keep_failure() noted it */
static void replay_failure(struct reader *r)
{
	struct dump *d = &r->s->dump;
	int64_t error, unreached;

	reader_number(r, DIR "/unreached", &unreached);
	d->unreached = known(unreached);
	if (r->s->origin == ORIGIN_CTNETLINK || reader_number(r, DIR "/error", &error) ||
	    error == UNKNOWN)
		return;
	if (error == EPERM || error == EACCES)
		snprintf(d->why_not, sizeof(d->why_not), "whoever captured this host couldn't list "
			 "the table, which takes CAP_NET_ADMIN; capture it as root");
	else
		snprintf(d->why_not, sizeof(d->why_not), "whoever captured this host couldn't list "
			 "the table: %s", strerror(error <= INT_MAX ? (int)error : 0));
}

/* Directories by a namespace's number; nothing else has a table in it. */
void dump_replay(struct reader *r)
{
	char **names;
	int64_t netns;
	size_t i, nr;

	if (reader_list(r, DIR, "", "", READ_MAX_NETNS, &names, &nr))
		return;
	keys_stay(true);
	for (i = 0; i < nr; i++)
		if (text_count(names[i], &netns))
			replay_one(r, names[i]);
	keys_stay(false);
	files_list_free(names, nr);
	replay_failure(r);
}
