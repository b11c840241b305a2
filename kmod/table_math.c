// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of the heavy-source table, in integers: decayed rates and
 * the distinct-source estimate.
 *
 * A record's rate is an exponentially weighted mean over whole seconds with
 * a half-life of 8 s, so one second weighs d = 2^(-1/8). It is brought
 * forward only when the record is touched in a new second, or read.
 */
#include "table_priv.h"

#define CTRI_RATE_BITS	10		/* fraction bits of an ewma */
#define CTRI_HALF_LIFE	8		/* seconds */

/* 2^(-i/8) in 1/65536 */
static const u32 ctri_rate_decay[CTRI_HALF_LIFE] = {
	65536, 60097, 55109, 50535, 46341, 42495, 38968, 35734
};

/* @x after @seconds of silence. */
static u64 ctri_rate_decayed(u64 x, u32 seconds)
{
	u32 halves = seconds / CTRI_HALF_LIFE;

	if (halves >= 32)
		return 0;
	return (x * ctri_rate_decay[seconds % CTRI_HALF_LIFE] >> 16) >> halves;
}

/**
 * ctri_rate_fold() - bring a record's rate forward
 * @ewma: the rate before second s, events per second in 1/1024
 * @sec: events in second s
 * @seconds: how many seconds after s the result is for, at least 1
 *
 * Context: any.
 * Return: the rate before second s + @seconds, saturating.
 */
u32 ctri_rate_fold(u32 ewma, u32 sec, u32 seconds)
{
	u64 x = (u64)ewma * ctri_rate_decay[1];

	x += ((u64)sec << CTRI_RATE_BITS) * (65536 - ctri_rate_decay[1]);
	x = ctri_rate_decayed(x >> 16, seconds - 1);
	return x > U32_MAX ? U32_MAX : x;
}

/**
 * ctri_rate_full() - take a full count of this second's events into a rate
 * @ewma: the rate before this second, events per second in 1/1024
 *
 * A record counts the events of its newest second in 16 bits. When they are
 * full, they go into the rate before their time, so they are weighted with
 * (1 - d) / d: the next ctri_rate_fold() multiplies by d.
 *
 * Context: any.
 * Return: the rate with U16_MAX events of this second, saturating.
 */
u32 ctri_rate_full(u32 ewma)
{
	const u64 full = (u64)U16_MAX << CTRI_RATE_BITS;

	return ctri_sat_add(ewma, full * (65536 - 60097) / 60097);
}

/**
 * ctri_rate_milli() - the rate as it is shown
 * @ewma: rate in 1/1024 events per second
 * @seconds: whole seconds that the mean is about, at least 1
 *
 * A mean that began with 0 has only the weight 1 - d^n after n seconds;
 * dividing by that makes a young source's rate right from its first second.
 *
 * Context: any.
 * Return: thousandths of an event per second, saturating.
 */
u32 ctri_rate_milli(u64 ewma, u32 seconds)
{
	u64 weight = 65536 - ctri_rate_decayed(65536, seconds);
	u64 x = min_t(u64, ewma, U64_MAX >> 27);

	x = div64_u64((x * 1000) << (16 - CTRI_RATE_BITS), weight);
	return x > U32_MAX ? U32_MAX : x;
}

/*
 * sigma(x) = x + sum over k >= 1 of x^(2^k) * 2^(k - 1), for 0 <= x < 1, in
 * units of 2^-32. The powers fall below one unit within 18 steps even for
 * the largest x, 4095 / 4096.
 */
static u64 ctri_hll_sigma(u64 x)
{
	u64 sum = x;
	unsigned int k;

	for (k = 0; x; k++) {
		x = x * x >> 32;
		sum += x << k;
	}
	return sum;
}

/**
 * ctri_hll_estimate() - distinct members from HyperLogLog registers
 * @ranks: how many of the registers hold each rank; CTRI_HLL_RANKS counts
 * @bits: the logarithm of the number of registers, up to 12
 *
 * The improved raw estimator of O. Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches" (2017), algorithm 6, which needs
 * neither bias tables nor a switch to linear counting for small numbers:
 * m^2 / (2 ln 2) / (m * sigma(C_0 / m) + sum of C_k * 2^-k). The term for
 * registers at the highest rank is left out, for at 36 bits it matters only
 * beyond 10^11 members with the fewest registers that are used.
 *
 * Context: any.
 * Return: the estimate; standard error 1.04 / sqrt(m).
 */
u64 ctri_hll_estimate(const u32 *ranks, unsigned int bits)
{
	/* m^2 / (2 ln 2), m being 2^12 */
	const u64 scale = 12102203;
	unsigned int k;
	u64 z;

	if (ranks[0] == 1U << bits)
		return 0;
	z = ctri_hll_sigma((u64)ranks[0] << (32 - bits)) << bits;
	for (k = 1; k < CTRI_HLL_RANKS; k++)
		z += (u64)ranks[k] << 32 >> k;
	return div64_u64((scale << 32 >> (24 - 2 * bits)) + z / 2, z);
}
