// SPDX-License-Identifier: GPL-2.0
/* Findings as data: building them, freeing them, and numbers for prose. */
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/finding.h"

#define NR_BUFS		32
#define BUF_LEN		40

const char *const cause_name[CAUSES] = {
	[CAUSE_PRESSURE] = "pressure",
	[CAUSE_TIMEOUT] = "timeout",
	[CAUSE_STUCK] = "stuck",
	[CAUSE_INVALID] = "invalid",
	[CAUSE_MEMORY] = "memory",
	[CAUSE_BUCKETS] = "buckets",
	[CAUSE_RULES] = "rules",
	[CAUSE_CLASH] = "clash",
	[CAUSE_NETNS] = "netns",
	[CAUSE_UNTRACK] = "untrack",
	[CAUSE_UNCOUNTED] = "uncounted",
	[CAUSE_PERSIST] = "persist",
	[CAUSE_BLIND] = "blind",
};

static char *next_buf(void)
{
	static char buf[NR_BUFS][BUF_LEN];
	static unsigned int turn;

	return buf[turn++ % NR_BUFS];
}

const char *num(int64_t n)
{
	char digits[24], *out = next_buf(), *p = out;
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
	char *out = next_buf();

	/* Neither "0 %" of something nor "100 %" of not quite all. */
	if (value > 0 && value < 1)
		snprintf(out, BUF_LEN, "under 1 %%");
	else if (value > 99 && value < 100)
		snprintf(out, BUF_LEN, "99 %%");
	else
		snprintf(out, BUF_LEN, "%.0f %%", value);
	return out;
}

const char *per_second(double rate)
{
	char *out;

	if (rate >= 10)
		return num(rate < 1e18 ? (int64_t)(rate + 0.5) : INT64_MAX);
	out = next_buf();
	if (rate > 0 && rate < 0.05)
		snprintf(out, BUF_LEN, "under 0.1");
	else
		snprintf(out, BUF_LEN, "%.1f", rate);
	return out;
}

const char *bytes(double n)
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	char *out = next_buf();
	size_t i = 0;

	while (n >= 1024 && i + 1 < sizeof(unit) / sizeof(unit[0])) {
		n /= 1024;
		i++;
	}
	snprintf(out, BUF_LEN, n < 10 && i ? "%.1f %s" : "%.0f %s", n, unit[i]);
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
	char *out = next_buf();
	size_t i = 0;
	int64_t n;

	/* From two of a unit on, it is precise enough for prose. */
	while (i < 3 && seconds < 2 * unit[i].seconds && seconds != unit[i].seconds)
		i++;
	n = seconds / unit[i].seconds +
	    (2 * (seconds % unit[i].seconds) >= unit[i].seconds);
	snprintf(out, BUF_LEN, "%" PRId64 " %s", n, n == 1 ? unit[i].one : unit[i].many);
	return out;
}

static char *format(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		err(SEV_UNKNOWN, "conntriage");
	return text;
}

void lines_add(struct lines *l, const char *fmt, ...)
{
	char **line = reallocarray(l->line, l->nr + 1, sizeof(*line));
	va_list ap;

	if (!line)
		err(SEV_UNKNOWN, "conntriage");
	l->line = line;
	va_start(ap, fmt);
	l->line[l->nr++] = format(fmt, ap);
	va_end(ap);
}

bool lines_has(const struct lines *l, const char *line)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (!strcmp(l->line[i], line))
			return true;
	return false;
}

void lines_free(struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		free(l->line[i]);
	free(l->line);
	memset(l, 0, sizeof(*l));
}

struct finding *finding_add(struct findings *fs, enum cause cause,
			    enum severity severity, int64_t weight)
{
	struct finding *f = reallocarray(fs->finding, fs->nr + 1, sizeof(*f));

	if (!f)
		err(SEV_UNKNOWN, "conntriage");
	fs->finding = f;
	f += fs->nr++;
	memset(f, 0, sizeof(*f));
	f->cause = cause;
	f->severity = severity;
	f->weight = weight;
	return f;
}

void finding_sentence(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	free(f->sentence);
	va_start(ap, fmt);
	f->sentence = format(fmt, ap);
	va_end(ap);
}

void finding_price(struct finding *f, const char *fmt, ...)
{
	char *more, *before = f->price;
	va_list ap;

	va_start(ap, fmt);
	more = format(fmt, ap);
	va_end(ap);
	if (!before) {
		f->price = more;
		return;
	}
	if (asprintf(&f->price, "%s %s", before, more) < 0)
		err(SEV_UNKNOWN, "conntriage");
	free(before);
	free(more);
}

void finding_clear(struct finding *f)
{
	free(f->sentence);
	free(f->price);
	lines_free(&f->evidence);
	lines_free(&f->culprit);
	lines_free(&f->victim);
	lines_free(&f->fix_now);
	lines_free(&f->fix_persist);
	lines_free(&f->verify);
	memset(f, 0, sizeof(*f));
}

void findings_free(struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		finding_clear(&fs->finding[i]);
	free(fs->finding);
	free(fs->summary);
	memset(fs, 0, sizeof(*fs));
}
