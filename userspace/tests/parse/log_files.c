// SPDX-License-Identifier: GPL-2.0
/* The kernel's log in every form that dmesg and journalctl give it. full.tree is up 123456 s. */
#include <string.h>

#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define LOG(text)	{ "conntriage/kernel-log", WRITE, NULL, text, 0 }
#define FULL		"nf_conntrack: nf_conntrack: table full, dropping packet\n"
#define META(date)	{ "conntriage/meta", WRITE, NULL, "name value\ndate " date "\n", 0 }

static bool one_spell(const struct snapshot *s, int64_t lines, int64_t first, int64_t last)
{
	const struct log_spell *l = s->log_spell;

	return s->log.known && s->nr_log_spells == 1 && l->kind == LOG_TABLE_FULL &&
	       l->lines == lines && l->first_ago == first && l->last_ago == last &&
	       host_is_full(s);
}

static bool unheard(const struct snapshot *s)
{
	return !s->log.known && !*s->log.why_not && !s->nr_log_spells && s->log.span == UNKNOWN;
}

static bool silent(const struct snapshot *s)
{
	return s->log.known && !s->nr_log_spells && s->log.span == 123452;
}

static bool by_uptime(const struct snapshot *s)
{
	return one_spell(s, 2, 1456, 1446) && s->log_spell->netns == UNKNOWN &&
	       s->log.span == 123456 && !strcmp(s->log_spell->first, "122000.250000") &&
	       !strcmp(s->log_spell->last, "122010.250000");
}

static bool as_captured(const struct snapshot *s)
{
	return one_spell(s, 412, 1000, 2) && s->log.span == 1990 &&
	       s->log_spell->unwritten == 31202;
}

static bool spells(const struct snapshot *s)
{
	const struct log_spell *l = s->log_spell;

	return s->nr_log_spells == 3 && l[0].lines == 2 && l[0].first_ago == 3456 &&
	       l[0].last_ago == 2856 && l[1].lines == 1 && l[1].last_ago == 2255 &&
	       l[1].kind == LOG_TABLE_FULL && l[2].kind == LOG_EXPECT_FULL && l[2].last_ago == 56;
}

static bool namespaces(const struct snapshot *s)
{
	const struct log_spell *l = s->log_spell;

	return s->nr_log_spells == 2 && l[0].netns == 4026532281 && l[0].lines == 2 &&
	       l[1].netns == UNKNOWN && l[1].lines == 1;
}

static bool left_out(const struct snapshot *s)
{
	return one_spell(s, 2, 456, 451) && s->log_spell->unwritten == 77;
}

static bool future(const struct snapshot *s)
{
	return one_spell(s, 1, 0, 0);
}

/* 16:53:22 UTC, half a minute before the capture */
static bool by_date(const struct snapshot *s)
{
	return one_spell(s, 1, 30, 30);
}

static bool in_words(const struct snapshot *s)
{
	return one_spell(s, 1, UNKNOWN, UNKNOWN) && strstr(s->log_spell->first, "16:53:22");
}

static bool two_in_words(const struct snapshot *s)
{
	return s->nr_log_spells == 2 && s->log_spell[1].last_ago == UNKNOWN &&
	       !strcmp(s->log_spell[1].last, "Sun Nov 29 17:10:00 2026");
}

static bool no_time(const struct snapshot *s)
{
	return one_spell(s, 1, UNKNOWN, UNKNOWN) && !*s->log_spell->first &&
	       s->log.span == UNKNOWN;
}

static bool restricted(const struct snapshot *s)
{
	return !s->log.known && !s->nr_log_spells &&
	       !strcmp(s->log.why_not, "Operation not permitted");
}

static bool printable(const struct snapshot *s)
{
	return one_spell(s, 1, UNKNOWN, UNKNOWN) && !*s->log_spell->first;
}

static bool many(const struct snapshot *s)
{
	return s->nr_log_spells == 1 && s->log_spell->lines == 100001;
}

static bool not_half(const struct snapshot *s)
{
	return unheard(s) && host_is_full(s);
}

const struct test log_files[] = {
	{ "log: none", {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, unheard },
	{ "log: nothing in it", { LOG("") }, NULL, unheard },
	{ "log: nothing of conntrack", { LOG("[    4.000000] usb 1-1: new device\n"
	  "[   5.000000] table full of food\n") }, NULL, silent },
	{ "log: dmesg", { LOG("[    0.000000] Linux version 6.1\n[122000.250000] " FULL
	  "[122010.250000] " FULL) }, NULL, by_uptime },
	{ "log: dmesg -r", { LOG("<5>[    0.000000] Linux version 6.1\n<4>[122000.250000] " FULL
	  "<4>[122010.250000] " FULL) }, NULL, by_uptime },
	{ "log: dmesg -x", { LOG("kern  :notice: [    0.000000] Linux version 6.1\n"
	  "kern  :warn  : [122000.250000] " FULL "kern  :warn  : [122010.250000] " FULL) },
	  NULL, by_uptime },
	{ "log: with the caller, CRLF", { LOG("[    0.000000][    T0] Linux version 6.1\r\n"
	  "[122000.250000][   C1] " FULL "[122010.250000][   C0] " FULL) }, NULL, by_uptime },
	{ "log: journalctl -o short-monotonic", { LOG("[    0.000000] gw1 kernel: Linux version 6.1\n"
	  "[122000.250000] gw1 kernel: " FULL "[122010.250000] gw1 kernel: " FULL) },
	  NULL, by_uptime },
	{ "log: as a capture keeps it", { LOG("[  10.000001] conntriage: the log begins here\n"
	  "[1000.5] nf_conntrack: table full\n"
	  "[1998.5] nf_conntrack: table full (the last of 412 lines, 31202 left out)\n"
	  "[2000.0] conntriage: the log was read here\n") }, NULL, as_captured },
	{ "log: pauses", { LOG("[120000.0] " FULL "[120600.5] " FULL "[121201.0] " FULL
	  "[123400.0] nf_conntrack: expectation table full\n") }, NULL, spells },
	{ "log: namespaces", { LOG(
	  "[120000.0] nf_conntrack: nf_conntrack: table full in netns 4026532281, dropping packet\n"
	  "[120001.0] " FULL
	  "[120002.0] nf_conntrack: nf_conntrack: table full in netns 4026532281, dropping packet\n") },
	  NULL, namespaces },
	{ "log: lines that were left out", { LOG("[123000.0] net_ratelimit: 5 callbacks suppressed\n"
	  "[123000.0] martian source\n[123000.5] " FULL
	  "[123005.0] net_ratelimit: 77 callbacks suppressed\n[123005.0] " FULL) }, NULL, left_out },
	{ "log: of the future", { LOG("[ 123999.0] " FULL) }, NULL, future },
	{ "log: dmesg --time-format iso", { META("2026-11-29T16:53:52Z"),
	  LOG("2026-11-29T17:53:22,123456+01:00 " FULL) }, NULL, by_date },
	{ "log: journalctl -o short-iso", { META("2026-11-29T16:53:52Z"),
	  LOG("2026-11-29T16:53:22+0000 gw1 kernel: " FULL) }, NULL, by_date },
	{ "log: journalctl -o short-iso-precise, west", { META("2026-11-29T16:53:52Z"),
	  LOG("2026-11-29T11:23:22.123456-05:30 gw1 kernel: " FULL) }, NULL, by_date },
	{ "log: journalctl -o short-unix", { META("2026-11-29T16:53:52Z"),
	  LOG("1795971202.123456 gw1 kernel: " FULL) }, NULL, by_date },
	{ "log: journalctl -o short-full, UTC", { META("2026-11-29T16:53:52Z"),
	  LOG("Sun 2026-11-29 16:53:22 UTC gw1 kernel: " FULL) }, NULL, by_date },
	{ "log: journalctl -o short-full, CET", { META("2026-11-29T16:53:52Z"),
	  LOG("Sun 2026-11-29 16:53:22 CET gw1 kernel: " FULL) }, NULL, in_words },
	{ "log: dmesg -T", { META("2026-11-29T16:53:52Z"),
	  LOG("[Sun Nov 29 16:53:22 2026] " FULL) }, NULL, in_words },
	{ "log: dmesg -T, a pause", { LOG("[Sun Nov 29 16:53:22 2026] " FULL
	  "[Sun Nov 29 17:10:00 2026] " FULL) }, NULL, two_in_words },
	{ "log: journalctl -k", { META("2026-11-29T16:53:52Z"),
	  LOG("Nov 29 16:53:22 gw1 kernel: " FULL) }, NULL, in_words },
	{ "log: a date that is none", { LOG("2026-13-29T16:53:22+0000 gw1 kernel: " FULL) },
	  NULL, no_time },
	{ "log: without times", { LOG(FULL) }, NULL, no_time },
	{ "log: not for this user", { LOG("dmesg: read kernel buffer failed: Operation not permitted\n") },
	  NULL, restricted },
	{ "log: garbage before it", { LOG("[\x1b[31mboo] \xff " FULL) }, NULL, printable },
	{ "log: a number that doesn't fit", { LOG("[123456.0] nf_conntrack: table full in netns "
	  "99999999999999999999999, dropping packet\n") }, NULL, future },
	{ "log: many lines", { LOG("[1.0] Linux\n[123456.0] " FULL),
	  { "conntriage/kernel-log", REPEAT_LAST, NULL, NULL, 100000 }}, NULL, many },
	{ "log: a FIFO", {{ "conntriage/kernel-log", FIFO, NULL, NULL, 0 }},
	  "conntriage/kernel-log: not a regular file; the file is damaged", not_half },
	{ "log: a directory", {{ "conntriage/kernel-log", DIRECTORY, NULL, NULL, 0 }},
	  "conntriage/kernel-log: not a regular file", not_half },
	{ "log: unreadable", { LOG(FULL), { "conntriage/kernel-log", UNREADABLE, NULL, NULL, 0 }},
	  NULL, unheard },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
