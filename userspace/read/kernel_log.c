// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log: when a table was full, in the kernel's own words. Of a live host it is
 * asked by syslog(2), which needs no device; who may is up to kernel.dmesg_restrict. A
 * capture has the few lines that matter, written anew, so that nothing else of the log
 * goes along. Elsewhere the same path may hold all of dmesg, or of journalctl -k.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <time.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/kernel_stamp.h"
#include "read/limits.h"
#include "read/namespaces.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

#define KEPT		"conntriage/kernel-log"
#define PAUSE		600	/* s: a table that fills every few minutes is full all along */

/* Lines of our own in what is kept */
#define BEGINS_HERE	"conntriage: the log begins here"
#define READ_HERE	"conntriage: the log was read here"
#define NOT_READ	"conntriage: the log can't be read: "
#define DMESG_NOT_READ	"dmesg: read kernel buffer failed: "	/* with 2>&1 */

/* Actions of syslog(2): include/linux/syslog.h, which isn't for programs */
#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_SIZE_BUFFER	10

/*
 * __nf_conntrack_alloc() in nf_conntrack_core.c, __nf_ct_expect_check() in
 * nf_conntrack_expect.c. From 6.17 on, " in netns INODE" for any but the initial one.
 */
static const char *const message[LOG_KINDS] = {
	[LOG_TABLE_FULL] = "nf_conntrack: table full",
	[LOG_EXPECT_FULL] = "nf_conntrack: expectation table full",
};

#define IN_NETNS	" in netns "

/*
 * ___ratelimit() in lib/ratelimit.c: what was left out so far, before the next line that is
 * written. All messages of the network code share this limit.
 */
#define LEFT_OUT	"net_ratelimit: "
#define LEFT_OUT_END	" callbacks suppressed"

/* What a spell's first line leaves out, behind its last one */
#define LAST_OF		" (the last of "
#define LAST_OF_LINES	" lines, "
#define LAST_OF_END	" left out)"

/* A log that is being read; its clock is that of the first line that tells a time */
struct log {
	struct snapshot *s;
	enum stamp_clock clock;
	struct stamp begins, read;	/* its first line, and the moment of reading */
	int64_t last;			/* s by that clock, or UNKNOWN */
	int64_t left_out;		/* lines, just before this one */
};

/* The digits that a text begins with, if they are a number that fits */
static bool leading_number(const char *text, int64_t *value)
{
	size_t len = strspn(text, "0123456789");
	char digits[24];

	snprintf(digits, sizeof(digits), "%.*s", (int)(len < 23 ? len : 23), text);
	return len && len < 20 && text_count(digits, value);
}

static struct log_spell *newest(const struct log *l, enum log_kind kind, int64_t netns)
{
	size_t i = l->s->nr_log_spells;

	while (i--)
		if (l->s->log_spell[i].kind == kind && l->s->log_spell[i].netns == netns)
			return &l->s->log_spell[i];
	return NULL;
}

/*
 * The spell that a line goes on with, or begins; NULL: there are too many. Until all is
 * read its agos are times.
 */
static struct log_spell *spell_of(const struct log *l, enum log_kind kind, int64_t netns,
				  int64_t when)
{
	struct log_spell *spell = newest(l, kind, netns);
	/* A clock that was set back, or another boot, is a pause as well. */
	bool pause = spell && when != UNKNOWN && spell->last_ago != UNKNOWN &&
		     (when > spell->last_ago + PAUSE || when < spell->last_ago - PAUSE);

	if ((spell && !pause) || l->s->nr_log_spells == READ_MAX_LOG_SPELLS)
		return spell;
	spell = grow(&l->s->log_spell, &l->s->nr_log_spells, sizeof(*spell));
	spell->kind = kind;
	spell->netns = netns;
	spell->first_ago = spell->last_ago = UNKNOWN;
	return spell;
}

/* Words go with the times, so that what is kept tells the same. */
static void note_when(struct log_spell *spell, int64_t when, const struct stamp *st)
{
	bool words = st->clock == STAMP_WORDS && spell->last_ago == UNKNOWN;

	if (when != UNKNOWN ? spell->first_ago == UNKNOWN : words && !*spell->first) {
		spell->first_ago = when;
		memcpy(spell->first, st->words, sizeof(spell->first));
	}
	/* UNKNOWN is less than any time. */
	if (when != UNKNOWN ? when >= spell->last_ago : words) {
		spell->last_ago = when;
		memcpy(spell->last, st->words, sizeof(spell->last));
	}
}

/* @lines: that it stands for; more than one: the last of a spell, in a capture */
static void add_line(struct log *l, enum log_kind kind, int64_t netns, const struct stamp *st,
		     int64_t lines)
{
	int64_t when = st->clock == l->clock ? st->seconds : UNKNOWN;
	struct log_spell *spell = lines > 1 ? newest(l, kind, netns) : NULL;

	spell = spell ?: spell_of(l, kind, netns, when);
	if (!spell)
		return;
	spell->lines = plus(spell->lines, lines > 1 ? lines - 1 : 1);
	spell->unwritten = plus(spell->unwritten, l->left_out);
	note_when(spell, when, st);
}

static void full_line(struct log *l, enum log_kind kind, const char *behind,
		      const struct stamp *st)
{
	const char *last_of = strstr(behind, LAST_OF);
	const char *left_out = last_of ? strstr(last_of, LAST_OF_LINES) : NULL;
	int64_t netns = UNKNOWN, lines = 1;

	if (kind == LOG_TABLE_FULL && !strncmp(behind, IN_NETNS, strlen(IN_NETNS)))
		leading_number(behind + strlen(IN_NETNS), &netns);
	if (left_out && leading_number(last_of + strlen(LAST_OF), &lines))
		leading_number(left_out + strlen(LAST_OF_LINES), &l->left_out);
	add_line(l, kind, netns, st, lines);
}

static void note_time(struct log *l, const struct stamp *st)
{
	if (l->begins.clock == STAMP_NONE)
		l->begins = *st;
	if (l->clock == STAMP_NONE && st->clock > STAMP_WORDS)
		l->clock = st->clock;
	if (st->clock == l->clock && st->seconds != UNKNOWN)
		l->last = st->seconds;
}

/* Lines of our own; the moment of reading is no line of the log. */
static bool own_line(struct log *l, const char *line, const struct stamp *st)
{
	static const char *const not_read[] = { NOT_READ, DMESG_NOT_READ };
	const char *why;
	size_t i;

	if (strstr(line, READ_HERE)) {
		l->read = *st;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(not_read); i++) {
		why = strstr(line, not_read[i]);
		if (!why)
			continue;
		text_printable(l->s->log.why_not, sizeof(l->s->log.why_not),
			       why + strlen(not_read[i]));
		return true;
	}
	return false;
}

static void one_line(struct log *l, const char *line)
{
	struct stamp st;
	const char *found;
	int64_t left_out = 0;
	int kind;

	stamp_find(line, &st);
	if (own_line(l, line, &st))
		return;
	note_time(l, &st);
	for (kind = 0; kind < LOG_KINDS; kind++) {
		found = strstr(line, message[kind]);
		if (found)
			full_line(l, kind, found + strlen(message[kind]), &st);
	}
	found = strstr(line, LEFT_OUT);
	if (found && strstr(found, LEFT_OUT_END))
		leading_number(found + strlen(LEFT_OUT), &left_out);
	l->left_out = left_out;
}

static void keep_spell(const struct log_spell *spell, FILE *kept)
{
	char line[96], time[sizeof(spell->first) + 3] = "";

	if (spell->netns == UNKNOWN)
		snprintf(line, sizeof(line), "%s", message[spell->kind]);
	else
		snprintf(line, sizeof(line), "%s" IN_NETNS "%" PRId64, message[spell->kind],
			 spell->netns);
	if (*spell->first)
		snprintf(time, sizeof(time), "[%s] ", spell->first);
	if (spell->lines == 1 && spell->unwritten)
		fprintf(kept, "%s" LEFT_OUT "%" PRId64 LEFT_OUT_END "\n", time, spell->unwritten);
	fprintf(kept, "%s%s\n", time, line);
	if (spell->lines < 2)
		return;
	if (*spell->last)
		fprintf(kept, "[%s] ", spell->last);
	fprintf(kept, "%s" LAST_OF "%" PRId64 LAST_OF_LINES "%" PRId64 LAST_OF_END "\n", line,
		spell->lines, spell->unwritten);
}

/* In words of our own, so that nothing else of the log goes along */
static void keep_log(const struct log *l, FILE *kept)
{
	size_t i;

	if (*l->s->log.why_not)
		fprintf(kept, NOT_READ "%s\n", l->s->log.why_not);
	if (l->begins.clock != STAMP_NONE)
		fprintf(kept, "[%s] " BEGINS_HERE "\n", l->begins.words);
	for (i = 0; i < l->s->nr_log_spells; i++)
		keep_spell(&l->s->log_spell[i], kept);
	if (l->read.clock != STAMP_NONE)
		fprintf(kept, "[%s] " READ_HERE "\n", l->read.words);
}

/* When it was read: what a capture says, else by what is known of the host */
static int64_t moment_of_reading(const struct log *l)
{
	if (l->read.clock == l->clock && l->read.seconds != UNKNOWN)
		return l->read.seconds;
	if (l->clock == STAMP_BOOT)
		return l->s->boot_age;
	if (l->clock == STAMP_UTC && l->s->captured.known)
		return l->s->captured.date;
	return UNKNOWN;
}

/* Clocks that go apart put a line into the future: it is of now. */
static int64_t ago(int64_t when, int64_t now)
{
	if (when == UNKNOWN || now == UNKNOWN)
		return UNKNOWN;
	return minus(now, when) > 0 ? minus(now, when) : 0;
}

void parse_kernel_log(struct snapshot *s, char *text, FILE *kept)
{
	struct log l = { .s = s, .last = UNKNOWN };
	int64_t now;
	char *line;
	size_t i;

	while ((line = text_line(&text)))
		one_line(&l, line);
	if (kept)
		keep_log(&l, kept);
	now = moment_of_reading(&l);
	for (i = 0; i < s->nr_log_spells; i++) {
		s->log_spell[i].first_ago = ago(s->log_spell[i].first_ago, now);
		s->log_spell[i].last_ago = ago(s->log_spell[i].last_ago, now);
	}
	if (l.begins.clock == l.clock && l.clock != STAMP_NONE)
		s->log.span = ago(l.begins.seconds, now == UNKNOWN ? l.last : now);
	s->log.known = l.begins.clock != STAMP_NONE || l.read.clock != STAMP_NONE ||
		       s->nr_log_spells;
}

/*
 * The newest lines that fit, and the moment. Its stamps are of local_clock(), which
 * nobody adjusts: CLOCK_MONOTONIC_RAW has the same pace, and stands still while the host
 * sleeps as it does. After a month CLOCK_MONOTONIC may be off by a minute.
 */
static char *ask_kernel(size_t *len)
{
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0), got;
	struct timespec now;
	char *text;

	if (size < 0)
		return NULL;
	/* Each record is longer by its level and its time when it is read. */
	size = size < READ_MAX_LOG / 2 ? 2 * size : READ_MAX_LOG;
	text = malloc(size + 128);
	if (!text)
		no_memory();
	got = klogctl(SYSLOG_ACTION_READ_ALL, text, size);
	if (got < 0) {
		free(text);
		return NULL;
	}
	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	*len = got + snprintf(text + got, 128, "%s[%5lld.%06ld] " READ_HERE "\n",
			      got && text[got - 1] != '\n' ? "\n" : "", (long long)now.tv_sec,
			      now.tv_nsec / 1000);
	return text;
}

static char *read_live(size_t *len)
{
	char *text = ask_kernel(len);

	if (text)
		return text;
	/* EPERM, from a container's seccomp filter, too */
	if (asprintf(&text, NOT_READ "%s\n", errno == EPERM ?
		     "only root may (kernel.dmesg_restrict, CAP_SYSLOG)" : strerror(errno)) < 0)
		no_memory();
	*len = strlen(text);
	return text;
}

static char *read_kept(struct reader *r, size_t *len)
{
	char *text;
	int error = files_read_part(&r->files, KEPT, READ_MAX_LOG, &text, len);

	if (error == -EFBIG)
		fault_at(&r->fault, reader_name(r, KEPT), 0, "longer than %d bytes; keep of it "
			 "what grep -e nf_conntrack -e net_ratelimit finds", READ_MAX_LOG);
	else if (error && error != -ENOENT && error != -ENOTDIR && error != -EACCES &&
		 error != -EPERM)
		fault_at(&r->fault, reader_name(r, KEPT), 0, "%s", error == -ENOTSUP ?
			 "not a regular file" : strerror(-error));
	reader_drop(r, NULL);
	return text;
}

/* Whether no other network namespace has a name or a process, as far as root sees */
static bool is_alone(struct reader *r)
{
	size_t i;

	if (*r->s->root || r->s->nr_netns_names || r->s->euid)
		return false;
	namespaces_read(r);
	for (i = 0; i < r->nr_processes; i++)
		if (r->process[i].netns != r->s->own_netns)
			return false;
	return r->nr_processes;
}

static bool names_nobody(const struct snapshot *s)
{
	size_t i;

	for (i = 0; i < s->nr_log_spells; i++)
		if (s->log_spell[i].kind == LOG_TABLE_FULL && s->log_spell[i].netns == UNKNOWN)
			return true;
	return false;
}

int read_kernel_log(struct reader *r)
{
	FILE *kept = NULL;
	size_t len = 0, kept_len, i;
	char *text, *kept_text = NULL;

	/* Not every second, and not where the module is asked, which knows more. */
	if (r->parts & READ_FAST &&
	    (r->s->mod.loaded || !(r->parts & (READ_MINUTES | READ_METRICS))))
		return 0;
	text = *r->s->root ? read_kept(r, &len) : read_live(&len);
	if (!text)
		return 0;
	for (i = 0; i < len; i++)
		text[i] = text[i] ?: ' ';
	if (files_keeping(&r->files)) {
		kept = open_memstream(&kept_text, &kept_len);
		if (!kept)
			no_memory();
	}
	parse_kernel_log(r->s, text, kept);
	r->s->log.alone = names_nobody(r->s) && is_alone(r);
	if (kept && !fclose(kept))
		files_keep(&r->files, KEPT, kept_text, kept_len);
	free(kept_text);
	free(text);
	return 0;
}
