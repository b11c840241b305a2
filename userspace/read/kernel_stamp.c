// SPDX-License-Identifier: GPL-2.0
/* The times that lines of the kernel's log begin with, as dmesg and journalctl write them. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/kernel_stamp.h"

#define UNIX_LEAST	1000000000	/* s: no host is up for so long; since 1970 it is 2001 */

/* Months and days are English whatever the locale: strptime() would want its own. */
static int month_of(const char *word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *found = strlen(word) == 3 ? strstr(names, word) : NULL;

	return found && (found - names) % 3 == 0 ? (int)(found - names) / 3 : -1;
}

static bool set_date(struct stamp *st, enum stamp_clock clock, struct tm *tm)
{
	if (tm->tm_year < 1970 || tm->tm_mon < 0 || tm->tm_mon > 11 || tm->tm_mday < 1 ||
	    tm->tm_mday > 31 || tm->tm_hour < 0 || tm->tm_hour > 23 || tm->tm_min < 0 ||
	    tm->tm_min > 59 || tm->tm_sec < 0 || tm->tm_sec > 60)
		return false;
	tm->tm_year -= 1900;
	st->clock = clock;
	st->seconds = timegm(tm);
	return true;
}

/* "123.456789" since the boot, or "1764435202.123456" since 1970 */
static bool by_seconds(const char *text, struct stamp *st)
{
	size_t digits = strspn(text, "0123456789");
	const char *point = text + digits;
	char whole[20];

	if (!digits || digits >= sizeof(whole) || *point != '.' ||
	    !isdigit((unsigned char)point[1]) || point[1 + strspn(point + 1, "0123456789")])
		return false;
	snprintf(whole, sizeof(whole), "%.*s", (int)digits, text);
	if (!text_count(whole, &st->seconds))
		return false;
	st->clock = st->seconds >= UNIX_LEAST ? STAMP_UTC : STAMP_BOOT;
	return true;
}

/* "Z", "+00:00", "+0000" behind a date, or nothing; of short-full a name */
static bool by_zone(const char *zone, bool named, struct stamp *st)
{
	int hours, minutes = 0, end = 0;

	if (!*zone) {
		st->clock = STAMP_LOCAL;
		return true;
	}
	if (!strcmp(zone, "Z") || (named && !strcmp(zone, " UTC")))
		return true;
	if (named && *zone == ' ' && !zone[1 + strspn(zone + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]) {
		st->clock = STAMP_LOCAL;	/* "CET", "CST": several may be called so */
		return true;
	}
	if ((*zone != '+' && *zone != '-') ||
	    (sscanf(zone + 1, "%2d:%2d%n", &hours, &minutes, &end) < 2 &&
	     sscanf(zone + 1, "%2d%2d%n", &hours, &minutes, &end) < 2) || zone[1 + end])
		return false;
	st->seconds -= (*zone == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

/* "2026-11-29T16:53:22,123456+00:00"; journalctl -o short-full: "2026-11-29 16:53:22 UTC" */
static bool by_iso(const char *text, bool named, struct stamp *st)
{
	struct tm tm = { .tm_year = 0 };
	int end = 0;

	if (sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) < 6 || !end)
		return false;
	tm.tm_mon--;
	text += end;
	if (*text == ',' || *text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	return set_date(st, STAMP_UTC, &tm) && by_zone(text, named, st);
}

/* "Nov 29 16:53:22", and a year where dmesg -T wrote it */
static bool by_words(const char *text, struct stamp *st)
{
	struct tm tm = { .tm_year = 0 };
	int end = 0;
	char month[4];

	if (sscanf(text, "%3s %2d %2d:%2d:%2d%n", month, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
		   &tm.tm_sec, &end) < 5 || !end)
		return false;
	tm.tm_mon = month_of(month);
	if (tm.tm_mon < 0)
		return false;
	if (!text[end]) {
		st->clock = STAMP_WORDS;
		return true;
	}
	text += end;
	end = 0;
	return sscanf(text, " %4d%n", &tm.tm_year, &end) == 1 && !text[end] &&
	       set_date(st, STAMP_LOCAL, &tm);
}

static bool is_weekday(const char *text)
{
	static const char *const names[] = { "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun " };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(text, names[i], strlen(names[i])))
			return true;
	return false;
}

/* All of a text, or it isn't a time */
static bool by_any(char *text, struct stamp *st)
{
	struct stamp found = { .clock = STAMP_NONE, .seconds = UNKNOWN };
	const char *date, *c;
	bool day;

	text = text_trim(text);
	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	day = is_weekday(text);
	date = day ? text + 4 : text;
	if (!by_seconds(text, &found) && !by_iso(date, day, &found) && !by_words(date, &found))
		return false;
	snprintf(found.words, sizeof(found.words), "%s", text);
	*st = found;
	return true;
}

/* What stands before it: "<4>" of dmesg -r, "kern  :warn  : " of dmesg -x */
static const char *skip_level(const char *line)
{
	const char *next = line;

	if (*line == '<') {
		next += 1 + strspn(line + 1, "0123456789");
		return *next == '>' ? next + 1 : line;
	}
	if (strncmp(line, "kern ", 5))
		return line;
	next = strchr(line, ':');
	next = next ? strchr(next + 1, ':') : NULL;
	return next ? next + 1 : line;
}

/* How far so many words of a line reach */
static size_t words_length(const char *line, int nr)
{
	size_t len = strspn(line, " ");

	while (nr--) {
		len += strcspn(line + len, " ");
		if (nr)
			len += strspn(line + len, " ");
	}
	return len;
}

void stamp_find(const char *line, struct stamp *stamp)
{
	/* In words: ctime(3)'s, "Sun 2026-11-29 16:53:22 UTC", "Nov 29 16:53:22", "1764435202.1" */
	static const int words[] = { 5, 4, 3, 1 };
	char text[sizeof(stamp->words)];
	size_t i, len;

	*stamp = (struct stamp) { .clock = STAMP_NONE, .seconds = UNKNOWN };
	line = skip_level(line);
	line += strspn(line, " ");
	if (*line == '[') {
		len = strcspn(line + 1, "]");
		if (len < sizeof(text) && line[1 + len]) {
			snprintf(text, sizeof(text), "%.*s", (int)len, line + 1);
			by_any(text, stamp);
		}
		return;
	}
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		len = words_length(line, words[i]);
		if (len >= sizeof(text))
			continue;
		snprintf(text, sizeof(text), "%.*s", (int)len, line);
		if (by_any(text, stamp))
			return;
	}
}
