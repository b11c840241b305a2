// SPDX-License-Identifier: GPL-2.0
/* Numbers for prose and tables. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "lib/numbers.h"
#include "lib/words.h"

#define NR_BUFS		32

char *word_buffer(void)
{
	static char buf[NR_BUFS][WORD_SIZE];
	static unsigned int turn;

	return buf[turn++ % NR_BUFS];
}

const char *num(int64_t n)
{
	char digits[24], *out = word_buffer(), *p = out;
	int len, i;

	if (n == UNKNOWN)
		return "an unknown number of";
	len = snprintf(digits, sizeof(digits), "%" PRId64, n);
	for (i = 0; i < len; i++) {
		*p++ = digits[i];
		if (digits[i] != '-' && i + 1 < len && (len - i - 1) % 3 == 0)
			*p++ = ',';
	}
	*p = '\0';
	return out;
}

const char *pct(double part, double whole)
{
	double value = whole > 0 ? 100 * part / whole : 0;
	char *out = word_buffer();

	/* Neither "0 %" of something nor "100 %" of not quite all. */
	if (value > 0 && value < 1)
		snprintf(out, WORD_SIZE, "under 1 %%");
	else if (value > 99 && value < 100)
		snprintf(out, WORD_SIZE, "99 %%");
	else
		snprintf(out, WORD_SIZE, "%.0f %%", value);
	return out;
}

const char *per_second(double rate)
{
	char *out;

	if (rate >= 10)
		return num(rate < 1e18 ? (int64_t)(rate + 0.5) : INT64_MAX);
	out = word_buffer();
	if (rate > 0 && rate < 0.05)
		snprintf(out, WORD_SIZE, "under 0.1");
	else
		snprintf(out, WORD_SIZE, "%.1f", rate);
	return out;
}

const char *bytes(double n)
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	char *out = word_buffer();
	size_t i = 0;

	while (n >= 1024 && i + 1 < ARRAY_SIZE(unit)) {
		n /= 1024;
		i++;
	}
	snprintf(out, WORD_SIZE, n < 10 && i ? "%.1f %s" : "%.0f %s", n, unit[i]);
	return out;
}

const char *duration(int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *one, *many;
	} unit[] = {
		{ 86400, "day", "days" }, { 3600, "hour", "hours" },
		{ 60, "minute", "minutes" }, { 1, "second", "seconds" },
	};
	char *out = word_buffer();
	size_t i = 0;
	int64_t n;

	/* Two of a unit and more are precise enough for prose. */
	while (i < 3 && seconds < 2 * unit[i].seconds && seconds != unit[i].seconds)
		i++;
	n = seconds / unit[i].seconds +
	    (2 * (seconds % unit[i].seconds) >= unit[i].seconds);
	snprintf(out, WORD_SIZE, "%" PRId64 " %s", n, n == 1 ? unit[i].one : unit[i].many);
	return out;
}

const char *short_time(int64_t seconds)
{
	char *out = word_buffer();

	if (seconds == UNKNOWN)
		return "-";
	if (seconds < 120)
		snprintf(out, WORD_SIZE, "%" PRId64 " s", seconds);
	else if (seconds < 7200)
		snprintf(out, WORD_SIZE, "%" PRId64 " min", seconds / 60);
	else if (seconds < 172800)
		snprintf(out, WORD_SIZE, "%" PRId64 " h", seconds / 3600);
	else
		snprintf(out, WORD_SIZE, "%" PRId64 " d", seconds / 86400);
	return out;
}

void local_time(int64_t when, const char *format, char *text, size_t size)
{
	time_t seconds = when;
	struct tm tm;

	if (when == UNKNOWN || !localtime_r(&seconds, &tm) ||
	    !strftime(text, size, format, &tm))
		snprintf(text, size, "-");
}
