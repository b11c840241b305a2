/* SPDX-License-Identifier: GPL-2.0 */
/* Streams of source keys to measure the table with; see stream.c. */
#ifndef TABLE_STREAM_H
#define TABLE_STREAM_H

#include "common.h"

#define STREAM_KNOWN	1000000		/* keys below this are counted exactly */

/**
 * struct stream - a generator
 * @zipf: exponent in hundredths of the known keys' distribution; 0: heavies
 * @heavies: known keys that are sought, numbers 0 to @heavies - 1
 * @heavy_unit: rate of the weakest heavy in 1/100000; the i-th has i times it
 * @heavy_from: event number at which the heavies start
 * @known_share: share of all known keys' events in 1/100, with @zipf
 * @bots: number of equal sources instead of new ones; 0: new ones
 * @burst: events that a spoofed source sends in a row
 * @events: length
 * @at: number of the next event
 * @state: random state
 * @spoof: current spoofed key
 * @left: what is left of its burst
 * @count: true number of events by known key
 * @cdf: cumulative distribution with @zipf
 * @guide: where to begin a search in @cdf
 */
struct stream {
	unsigned int zipf;
	unsigned int heavies;
	unsigned int heavy_unit;
	u64 heavy_from;
	unsigned int known_share;
	unsigned int bots;
	unsigned int burst;
	u64 events;
	u64 at;
	u64 state;
	u64 spoof;
	unsigned int left;
	u32 *count;
	double *cdf;
	u32 *guide;
};

int stream_open(struct stream *s, const char *name, u64 events, u64 seed);
u64 stream_next(struct stream *s);
void stream_close(struct stream *s);
void stream_top(const struct stream *s, u32 *top, unsigned int k);

#endif
