// SPDX-License-Identifier: GPL-2.0
/*
 * xoshiro256** by Blackman and Vigna, seeded by splitmix64, as its authors advise.
 * libc's rand() differs between machines.
 */
#include <math.h>

#include "tests/situations/chance.h"

static uint64_t splitmix(uint64_t *x)
{
	uint64_t z = *x += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void chance_seed(struct chance *c, uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++)
		c->state[i] = splitmix(&seed);
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t chance_bits(struct chance *c)
{
	uint64_t *s = c->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

double chance_unit(struct chance *c)
{
	return (chance_bits(c) >> 11) * 0x1p-53;
}

int64_t chance_int(struct chance *c, int64_t low, int64_t high)
{
	return low + (int64_t)(chance_unit(c) * (double)(high - low + 1));
}

double chance_log(struct chance *c, double low, double high)
{
	return low * exp(chance_unit(c) * log(high / low));
}

bool chance_says(struct chance *c, double probability)
{
	return chance_unit(c) < probability;
}

/* Twelve uniform numbers would do as well; Box and Muller need two. */
double chance_normal(struct chance *c)
{
	double u = 1 - chance_unit(c);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * chance_unit(c));
}

double chance_poisson(struct chance *c, double mean)
{
	double product, limit, n;

	if (mean <= 0)
		return 0;
	if (mean > 24) {
		n = floor(mean + sqrt(mean) * chance_normal(c) + 0.5);
		return n < 0 ? 0 : n;
	}
	limit = exp(-mean);
	product = chance_unit(c);
	for (n = 0; product > limit; n++)
		product *= chance_unit(c);
	return n;
}

int64_t chance_round(struct chance *c, double x)
{
	double whole = floor(x);

	return (int64_t)whole + (chance_unit(c) < x - whole);
}
