// SPDX-License-Identifier: GPL-2.0
/* Clocks, and moments as people type them. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/moment.h"
#include "lib/numbers.h"

int64_t clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

#define DAY	86400
#define LONGEST	(10000LL * 366 * DAY)	/* more is no time that anybody means */

/* Seconds of a unit that @text begins with, moved behind it; 0: it is none */
static int64_t unit_of(const char **text)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} unit[] = {
		{ "s", 1 }, { "sec", 1 }, { "second", 1 }, { "seconds", 1 },
		{ "m", 60 }, { "min", 60 }, { "minute", 60 }, { "minutes", 60 },
		{ "h", 3600 }, { "hour", 3600 }, { "hours", 3600 },
		{ "d", DAY }, { "day", DAY }, { "days", DAY },
	};
	size_t len, i;

	*text += strspn(*text, " ");
	for (len = 0; isalpha((unsigned char)(*text)[len]); len++)
		;
	for (i = 0; i < ARRAY_SIZE(unit); i++)
		if (strlen(unit[i].word) == len && !strncmp(unit[i].word, *text, len)) {
			*text += len;
			return unit[i].seconds;
		}
	return 0;
}

/* "-10min", "1h30min ago" */
static bool relative(const char *text, int64_t *ago)
{
	const bool minus_sign = *text == '-';
	int64_t number, unit;
	char *end;

	*ago = 0;
	for (text += minus_sign; isdigit((unsigned char)*text); text += strspn(text, " ")) {
		number = strtoll(text, &end, 10);
		text = end;
		unit = unit_of(&text);
		if (!unit || number > LONGEST / unit)
			return false;
		*ago += number * unit;
		if (!*text)
			return minus_sign;
		if (!strcmp(text, " ago"))
			return !minus_sign;
	}
	return false;
}

/* "03:12", "03:12:07"; @text ends behind it */
static bool clock_time(const char *text, struct tm *tm)
{
	const char *end;

	tm->tm_sec = 0;
	end = strptime(text, "%H:%M:%S", tm);
	if (!end) {
		tm->tm_sec = 0;
		end = strptime(text, "%H:%M", tm);
	}
	return end && !*end;
}

/* "2026-11-23", with the time of day behind a space or a T */
static bool date_time(const char *text, struct tm *tm)
{
	const char *end = strptime(text, "%Y-%m-%d", tm);

	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	if (!end || end - text != 10)
		return false;
	return !*end || ((*end == ' ' || *end == 'T') && clock_time(end + 1, tm));
}

/* mktime() would make a day of March of 02-30. */
static bool is_date(const struct tm *tm, time_t *when)
{
	struct tm again = *tm;

	*when = mktime(&again);
	return *when != -1 && again.tm_mday == tm->tm_mday;
}

enum moment_fault moment_ago(const char *word, int64_t now, int64_t *ago)
{
	struct tm tm = { 0 }, date = { 0 };
	time_t present = now, when;

	if (relative(word, ago))
		return MOMENT_OK;
	if (date_time(word, &date)) {
		date.tm_isdst = -1;
		if (!is_date(&date, &when))
			return MOMENT_WRONG;
		if (now == UNKNOWN)
			return MOMENT_NO_CLOCK;
		*ago = now - when;
		return MOMENT_OK;
	}
	if (!clock_time(word, &tm))
		return MOMENT_WRONG;
	if (now == UNKNOWN || !localtime_r(&present, &date))
		return MOMENT_NO_CLOCK;
	date.tm_hour = tm.tm_hour;
	date.tm_min = tm.tm_min;
	date.tm_sec = tm.tm_sec;
	date.tm_isdst = -1;
	when = mktime(&date);
	if (when > present) {	/* not yet today: yesterday's, also across a change of clocks */
		date.tm_mday--;
		date.tm_hour = tm.tm_hour;
		date.tm_isdst = -1;
		when = mktime(&date);
	}
	*ago = now - when;
	return MOMENT_OK;
}
