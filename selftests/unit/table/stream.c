// SPDX-License-Identifier: GPL-2.0
/*
 * The streams of the acceptance table, made from a seed.
 *
 * FLOOD    new sources that send one packet each; ten real ones at 0.1 to 1 %
 * FLATE    the same, the ten start when 90 % of the flood is over
 * LATE2    the same, at 0.01 to 0.1 %, from halfway on
 * BFLOOD   as FLOOD, but each new source sends 100 packets in a row
 * BOTS     20,000 equal sources; the ten start at 90 %
 * F95Z     95 % flood, 5 % of a Zipf distribution with exponent 1.1
 * Z100 to Z130  Zipf distributions over 1,000,000 sources, exponent 1.0 to 1.3
 */
#include <math.h>
#include "stream.h"

static int cdf_make(struct stream *s)
{
	double sum = 0;
	u32 i, at = 0;

	s->cdf = malloc(STREAM_KNOWN * sizeof(*s->cdf));
	s->guide = malloc(STREAM_KNOWN * sizeof(*s->guide));
	if (!s->cdf || !s->guide)
		return -1;
	for (i = 0; i < STREAM_KNOWN; i++) {
		sum += pow(i + 1, -(double)s->zipf / 100);
		s->cdf[i] = sum;
	}
	for (i = 0; i < STREAM_KNOWN; i++) {
		s->cdf[i] /= sum;
		for (; at < STREAM_KNOWN && (double)at / STREAM_KNOWN < s->cdf[i]; at++)
			s->guide[at] = i;
	}
	for (; at < STREAM_KNOWN; at++)
		s->guide[at] = STREAM_KNOWN - 1;
	return 0;
}

/**
 * stream_open() - begin a stream
 * @s: filled
 * @name: one of the names at the top of stream.c
 * @events: length
 * @seed: the same seed makes the same stream
 *
 * Return: 0; -1: unknown name or no memory.
 */
int stream_open(struct stream *s, const char *name, u64 events, u64 seed)
{
	memset(s, 0, sizeof(*s));
	s->events = events;
	s->state = mix64(seed);
	s->heavies = 10;
	s->heavy_unit = 100;
	s->burst = 1;
	if (!strcmp(name, "FLATE")) {
		s->heavy_from = events / 10 * 9;
	} else if (!strcmp(name, "LATE2")) {
		s->heavy_from = events / 2;
		s->heavy_unit = 10;
	} else if (!strcmp(name, "BFLOOD")) {
		s->burst = 100;
	} else if (!strcmp(name, "BOTS")) {
		s->bots = 20000;
		s->heavy_from = events / 10 * 9;
	} else if (!strcmp(name, "F95Z")) {
		s->zipf = 110;
		s->known_share = 5;
	} else if (name[0] == 'Z' && atoi(name + 1) > 0) {
		s->zipf = atoi(name + 1);
		s->known_share = 100;
	} else if (strcmp(name, "FLOOD")) {
		return -1;
	}
	s->count = calloc(STREAM_KNOWN, sizeof(*s->count));
	if (!s->count)
		return -1;
	return s->zipf ? cdf_make(s) : 0;
}

static u64 zipf_next(struct stream *s)
{
	double u = (double)(rnd64(&s->state) >> 11) / (double)(1ULL << 53);
	u32 i = s->guide[(u32)(u * STREAM_KNOWN)];

	while (i < STREAM_KNOWN - 1 && s->cdf[i] <= u)
		i++;
	s->count[i]++;
	return i;
}

static u64 spoof_next(struct stream *s)
{
	if (s->bots)
		return STREAM_KNOWN + rnd_below(&s->state, s->bots);
	if (!s->left) {
		/* the lowest bit set in the upper half: never a known key */
		s->spoof = rnd64(&s->state) | 1ULL << 32;
		s->left = s->burst;
	}
	s->left--;
	return s->spoof;
}

/**
 * stream_next() - the key of the next event
 * @s: the stream
 *
 * Return: a key; below STREAM_KNOWN it is in @s->count.
 */
u64 stream_next(struct stream *s)
{
	u64 at = s->at++;
	u32 dice, i;

	if (s->zipf) {
		if (s->known_share == 100 ||
		    rnd_below(&s->state, 100) < s->known_share)
			return zipf_next(s);
		return spoof_next(s);
	}
	if (at >= s->heavy_from) {
		dice = rnd_below(&s->state, 100000) / s->heavy_unit;
		/* the i-th takes i units of the dice: 1 + 2 + ... + 10 = 55 */
		for (i = 0; i < s->heavies && dice > i; i++)
			dice -= i + 1;
		if (i < s->heavies) {
			s->count[i]++;
			return i;
		}
	}
	return spoof_next(s);
}

/**
 * stream_top() - the truly heaviest known keys so far
 * @s: the stream
 * @top: filled with @k keys, heaviest first
 * @k: how many
 */
void stream_top(const struct stream *s, u32 *top, unsigned int k)
{
	unsigned int n = 0, i;
	u32 key;

	for (key = 0; key < STREAM_KNOWN; key++) {
		if (n == k && s->count[key] <= s->count[top[k - 1]])
			continue;
		for (i = n < k ? n++ : k - 1;
		     i && s->count[top[i - 1]] < s->count[key]; i--)
			top[i] = top[i - 1];
		top[i] = key;
	}
}

/**
 * stream_close() - free what a stream holds
 * @s: the stream
 */
void stream_close(struct stream *s)
{
	free(s->count);
	free(s->cdf);
	free(s->guide);
}
