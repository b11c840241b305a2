// SPDX-License-Identifier: GPL-2.0
/*
 * Forecasts of made-up tables: what grows is told, with an interval that holds
 * the truth; what doesn't isn't, whatever it looks like for a while. TAP 13.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/forecast.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "../selftests/lib/tap.h"

#define ROWS	1440
#define MAX	100000
#define SERIES	1000		/* of each kind that has chance in it */

static struct history_row second[ROWS];
static struct minute_row minute[ROWS];
static uint64_t chance = 88172645463325252ULL;

static void ok_below(double got, double most, const char *name)
{
	tap_ok(got <= most, name);
	if (!(got <= most))
		printf("# %g, expected at most %g\n", got, most);
}

/* George Marsaglia, "Xorshift RNGs", J. Statistical Software 8 (14), 2003 */
static double uniform(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (chance >> 11) * 0x1p-53;
}

/* Mean 0, variance 1, by Box and Muller */
static double normal(void)
{
	double radius = sqrt(-2 * log(1 - uniform()));

	return radius * cos(2 * M_PI * uniform());
}

static struct snapshot seconds(size_t nr, double (*count)(double t))
{
	struct snapshot s = { .history = second, .nr_history = nr };
	size_t i;

	memset(second, 0, sizeof(second));
	for (i = 0; i < nr; i++) {
		second[i].ago = nr - 1 - i;
		second[i].span = 1000 + i % 3;
		second[i].count = lround(fmax(count(i), 0));
		second[i].max = MAX;
		second[i].netns = 4026531840;
	}
	return s;
}

static struct snapshot minutes(size_t nr, double (*count)(double t))
{
	struct snapshot s = { .minute = minute, .nr_minutes = nr };
	size_t i;

	memset(minute, 0, sizeof(minute));
	for (i = 0; i < nr; i++) {
		minute[i].ago = 60 * (nr - 1 - i);
		minute[i].span = 60000;
		minute[i].count.mean = lround(fmax(count(60.0 * i + 30), 0));
		minute[i].max = MAX;
	}
	return s;
}

static bool any(struct snapshot s)
{
	struct forecast f;

	return forecast(&s, &f);
}

static bool near(double got, double want, double share)
{
	return fabs(got - want) <= share * fabs(want);
}

static double flat(double t)
{
	(void)t;
	return 40000;
}

static double noise(double t)
{
	(void)t;
	return 40000 + 2000 * normal();
}

static double walk_at, walk_step;
static double walk(double t)
{
	walk_at = t ? walk_at + walk_step * normal() : 40000;
	return walk_at;
}

/* Comes back to its mean, within half a minute or so */
static double swing(double t)
{
	walk_at = t ? walk_at + (40000 - walk_at) / 30 + 300 * normal() : 40000;
	return walk_at;
}

static double line(double t)
{
	return 10000 + 100 * t;
}

static double noisy_line(double t)
{
	return line(t) + 1000 * normal();
}

static double falling(double t)
{
	return 90000 - 100 * t;
}

static double phase, period;
static double saw(double t)
{
	return 30000 + 20000 * fmod(t + phase, period) / period;
}

/* Teeth of unequal height */
static double rough_saw(double t)
{
	double tooth = floor((t + phase) / period);

	return 30000 + (20000 + 500 * fmod(tooth * 7, 3)) *
	       fmod(t + phase, period) / period;
}

static double wave(double t)
{
	return 50000 + 20000 * sin(2 * M_PI * (t + phase) / period);
}

/* A flood in the last 30 s of ten minutes */
static double flood(double t)
{
	return 20000 + 300 * normal() + (t > 570 ? 1500 * (t - 570) : 0);
}

/* Jumped once, a minute ago, and stays */
static double jump(double t)
{
	return 20000 + 100 * normal() + (t > 540 ? 15000 : 0);
}

/* 20 entries a minute that nobody frees, below a daily swing */
static double leak(double t)
{
	return 20000 + t / 3 + 200 * normal();
}

/* Rose by 1,000 a second for 85 s, and stands since then: ramp_end says when */
static double ramp_end;
static double ramp(double t)
{
	return 10000 + 1000 * fmax(fmin(t - ramp_end + 85, 85), 0);
}

static double noisy_ramp(double t)
{
	return ramp(t) + 200 * normal();
}

/* Comes close to its level, and never beyond */
static double levelling(double t)
{
	return 10000 + (t > 420 ? 88000 * (1 - exp((420 - t) / 20)) : 0);
}

/* Faster and faster, for two minutes */
static double faster(double t)
{
	return 10000 + (t > 480 ? 4 * (t - 480) * (t - 480) : 0);
}

static double full(double t)
{
	return fmin(10000 + 200 * t, MAX);
}

/* Of so many series, the share that a forecast is made of */
static double share_of(size_t nr, double (*count)(double t))
{
	unsigned int i, found = 0;

	for (i = 0; i < SERIES; i++)
		found += any(seconds(nr, count));
	return (double)found / SERIES;
}

static void steady(void)
{
	unsigned int found;

	tap_ok(!any(seconds(600, flat)), "flat");
	ok_below(share_of(600, noise), 0.005, "noisy and flat");
	ok_below(share_of(600, swing), 0.01, "swings around its mean");
	walk_step = 100;
	ok_below(share_of(600, walk), 0.02, "a random walk is no growth");
	tap_ok(!any(seconds(600, falling)), "shrinking");

	found = 0;
	for (period = 20; period <= 280; period += 20)
		for (phase = 0; phase < period; phase += 3)
			found += any(seconds(600, saw));
	tap_ok(!found, "saw-tooth, every period and phase");
	found = 0;
	for (period = 20; period <= 140; period += 20)
		for (phase = 0; phase < period; phase += 3)
			found += any(seconds(600, rough_saw));
	tap_ok(!found, "saw-tooth of unequal teeth");
	found = 0;
	for (period = 20; period <= 300; period += 20)
		for (phase = 0; phase < period; phase += 3)
			found += any(seconds(600, wave));
	tap_ok(!found, "a wave, every period and phase");
	tap_ok(!any(seconds(600, jump)), "a jump that is over");
}

static void growing(void)
{
	unsigned int i, found = 0, right = 0;
	struct forecast f = { 0 };
	struct snapshot s;
	double truth;

	s = seconds(600, line);
	tap_ok(forecast(&s, &f) && near(f.growth, 100, 0.01) &&
	       f.window == 120 && f.max == MAX && f.count == s.history[599].count &&
	       f.netns == 4026531840, "linear: the growth");
	tap_ok(near(f.seconds, (MAX - line(599)) / 100, 0.01) &&
	       f.earliest <= f.seconds && f.seconds <= f.latest,
	       "linear: the time");
	for (i = 0; i < SERIES; i++) {
		s = seconds(600, noisy_line);
		if (!forecast(&s, &f))
			continue;
		found++;
		truth = (double)(f.max - f.count) / 100;
		right += f.earliest <= truth + 1 && truth - 1 <= f.latest;
	}
	ok_below(1 - (double)found / SERIES, 0.01, "linear with noise: is told");
	ok_below(1 - (double)right / found, 0.05,
		 "linear with noise: the interval holds the truth");

	s = seconds(600, flood);
	tap_ok(forecast(&s, &f) && f.window == 24 && near(f.growth, 1500, 0.1),
	       "a flood that has just begun");
	s = minutes(1440, leak);
	tap_ok(forecast(&s, &f) && f.window == 7200 && near(f.growth, 1 / 3.0, 0.2) &&
	       near(f.seconds, (MAX - leak(86400)) * 3, 0.25), "a slow leak");
	tap_ok(f.netns == UNKNOWN, "a slow leak: minutes don't tell whose");
}

/* What counts is how it grows now. */
static void changing(void)
{
	struct forecast f = { 0 };
	struct snapshot s;
	unsigned int i, found = 0;

	for (ramp_end = 500; ramp_end <= 568; ramp_end += 4) {
		s = seconds(600, ramp);
		found += forecast(&s, &f);
	}
	tap_ok(!found, "stands for 30 s after a ramp");
	ramp_end = 565;
	ok_below(share_of(600, noisy_ramp), 0.005, "stands after a ramp, with noise");
	tap_ok(!any(seconds(600, levelling)), "rises to a level below the limit");
	s = seconds(600, faster);
	tap_ok(forecast(&s, &f) && f.growth > 0.7 * 8 * 119, "faster and faster: as it is now");
	for (i = 0, found = 0; i < 5; i++) {
		ramp_end = 586 + i;
		s = seconds(600, ramp);
		found += forecast(&s, &f) && f.seconds < 10;
	}
	tap_ok(!found, "stands for ten seconds: not full in the next ones");
}

static double pace_of(struct snapshot s)
{
	double pace = 0;

	return forecast_pace(&s, 4026531840, &pace) ? pace : 0;
}

static void paces(void)
{
	unsigned int i, found = 0;
	struct snapshot s;

	tap_ok(near(pace_of(seconds(600, line)), 100, 0.01), "pace: linear");
	tap_ok(near(pace_of(seconds(600, flood)), 1500, 0.1), "pace: a flood that has just begun");
	tap_ok(near(pace_of(seconds(600, faster)), 8 * 114, 0.05), "pace: as it is now");
	for (ramp_end = 500; ramp_end <= 590; ramp_end++)
		found += pace_of(seconds(600, ramp)) > 0;
	tap_ok(!found, "pace: stands after a ramp");
	tap_ok(!pace_of(seconds(600, flat)) && !pace_of(seconds(600, falling)),
	       "pace: flat, shrinking");
	for (i = 0, found = 0; i < SERIES; i++)
		found += pace_of(seconds(600, noise)) > 0;
	ok_below((double)found / SERIES, 0.005, "pace: noisy and flat");
	tap_ok(!pace_of(seconds(20, line)), "pace: too short a record");
	s = seconds(600, line);
	for (i = 580; i < 590; i++)
		second[i].netns = 7;
	tap_ok(!pace_of(s), "pace: another namespace in between");
}

static void short_records(void)
{
	struct snapshot s = { .nr_history = 0 };

	tap_ok(!any(s), "no record");
	tap_ok(!any(seconds(1, line)), "one second");
	tap_ok(!any(seconds(140, line)), "just booted");
	tap_ok(any(seconds(150, line)), "not just booted: two minutes and the shortest window");
	tap_ok(!any(minutes(239, leak)), "minutes: not long enough");
}

static void gaps(void)
{
	struct forecast f = { 0 };
	struct snapshot s;
	size_t i;

	/* Every tenth tick comes five seconds late; the clock goes on. */
	s = seconds(600, line);
	for (i = 0; i < s.nr_history; i++) {
		second[i].span = i % 10 ? 1000 : 5000;
		second[i].count = 10000 + 100 * (i + 4 * (i / 10 + 1));
	}
	tap_ok(forecast(&s, &f) && near(f.growth, 100, 0.05), "late ticks");

	/* The machine slept for 100 s, a minute ago. */
	s = seconds(600, line);
	second[540].span = 100000;
	tap_ok(!any(s), "a long gap within the window");
	s = seconds(600, line);
	second[400].span = 100000;
	tap_ok(any(s), "a long gap before the window");

	/* While others are fuller, there is only an upper bound. */
	s = seconds(600, flood);
	for (i = 0; i <= 570; i++)
		second[i].netns = 7;
	tap_ok(forecast(&s, &f) && near(f.growth, 1500, 0.1),
	       "another namespace was the fullest until the growth began");
	s = seconds(600, flood);
	for (i = 0; i <= 570; i++) {
		second[i].netns = 7;
		second[i].count = 70000;
	}
	tap_ok(!any(s), "another one was fuller than this is now");
	s = seconds(600, line);
	for (i = 520; i < 580; i++)
		second[i].netns = 7;
	tap_ok(!any(s), "too little of the window is known");
	s = seconds(600, line);
	for (i = 0; i < 600; i += 4)
		second[i].netns = 7;
	tap_ok(any(s), "another namespace now and then");
	s = seconds(600, line);
	for (i = 0; i < 600; i += 4)
		second[i].count = second[i].span = UNKNOWN;
	tap_ok(any(s), "rows that tell nothing");
}

static void ends(void)
{
	struct snapshot s;
	size_t i;

	tap_ok(!any(seconds(600, full)), "full already");
	s = seconds(600, line);
	for (i = 0; i < 600; i++)
		second[i].max = MAX / 2;
	tap_ok(!any(s), "the limit was lowered below what there is");
	for (i = 0; i < 600; i++)
		second[i].max = 0;
	tap_ok(!any(s), "no limit");
	for (i = 0; i < 600; i++)
		second[i].max = UNKNOWN;
	tap_ok(!any(s), "unknown limit");
	for (i = 0; i < 600; i++)
		second[i].max = 10 * MAX * 100LL;
	tap_ok(!any(s), "too far away to be said");
	for (i = 0; i < 600; i++) {
		second[i].span = second[i].max = INT64_MAX;
		second[i].count = i % 2 ? INT64_MAX : 0;
	}
	tap_ok(!any(s), "the biggest numbers");
	for (i = 0; i < 600; i++)
		second[i].span = 0;
	tap_ok(!any(s), "no time passes");
}

int main(void)
{
	tap_begin(0);
	steady();
	growing();
	changing();
	paces();
	short_records();
	gaps();
	ends();
	return tap_end(0);
}
