/* SPDX-License-Identifier: GPL-2.0 */
/* Chance that is the same on every machine: all of it follows from one seed. */
#ifndef CONNTRIAGE_SITUATIONS_CHANCE_H
#define CONNTRIAGE_SITUATIONS_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state[4];
};

/** chance_seed() - begin a sequence; near seeds give unrelated ones */
void chance_seed(struct chance *c, uint64_t seed);

/** chance_bits() - 64 random bits */
uint64_t chance_bits(struct chance *c);

/** chance_unit() - uniform in [0, 1) */
double chance_unit(struct chance *c);

/** chance_int() - uniform in [@low, @high] */
int64_t chance_int(struct chance *c, int64_t low, int64_t high);

/** chance_log() - uniform on a scale of magnitudes, in [@low, @high) */
double chance_log(struct chance *c, double low, double high);

/** chance_says() - true so often */
bool chance_says(struct chance *c, double probability);

/** chance_normal() - normal deviate, mean 0, deviation 1 */
double chance_normal(struct chance *c);

/** chance_poisson() - a number of events of which @mean are expected */
double chance_poisson(struct chance *c, double mean);

/** chance_round() - one of the two whole numbers beside @x, so that the mean is kept */
int64_t chance_round(struct chance *c, double x);

#endif
