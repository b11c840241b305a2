// SPDX-License-Identifier: GPL-2.0
/*
 * The sketches of distinct peers keep what the ABI says of sources, dests and
 * ports in census: against exact numbers from 1 to 300,000, each with many keys,
 * for peers of which an attacker or a network may have made a pattern.
 */
#include <math.h>
#include "common.h"
#include "table_peers.h"
#include "tap.h"

#define KEYS	1000

static const unsigned int numbers[] = {
	1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000,
	50000, 100000, 300000,
};

/* The i-th peer, of some pattern; all are distinct for i below 2^20. */
static u64 peer_random(u64 i)
{
	return mix64(i);
}

static u64 peer_count(u64 i)
{
	return i;
}

/* Addresses that count up, as they are in memory on a little-endian machine */
static u64 peer_network_order(u64 i)
{
	return __builtin_bswap32(0x0a000000 + i);
}

/* IPv6 networks that count up, likewise */
static u64 peer_ipv6(u64 i)
{
	return __builtin_bswap64(0xfd00000000000000ULL + (i << 16));
}

static u64 peer_stride(u64 i)
{
	return i << 24;
}

/**
 * struct error - what is measured
 * @within_15: share of the estimates that are at most 15 % off
 * @within_third: at most a third, or one
 * @bias: mean error
 */
struct error {
	double within_15;
	double within_third;
	double bias;
};

static u64 estimate(u64 (*peer)(u64 i), unsigned int n, u64 seed, unsigned int times)
{
	struct ctri_peer_key key = { mix64(seed), mix64(~seed) | 1 };
	struct ctri_peers p = { { 0 } };
	unsigned int i;

	while (times--)
		for (i = 0; i < n; i++)
			ctri_peers_add(&p, ctri_peer_of(ctri_peer_hash(peer(i), &key)));
	return ctri_peers_estimate(&p);
}

static struct error measure(u64 (*peer)(u64 i), unsigned int n)
{
	unsigned int keys = n > 100000 ? KEYS / 5 : KEYS, k;
	struct error e = { 0 };

	for (k = 0; k < keys; k++) {
		double off = (double)estimate(peer, n, 1000 * n + k, 1) / n - 1;

		e.bias += off / keys;
		e.within_15 += fabs(off) <= 0.15 ? 1.0 / keys : 0;
		e.within_third += fabs(off) <= fmax(1.0 / 3, 1.0 / n) + 1e-9 ? 1.0 / keys : 0;
	}
	return e;
}

static bool all_numbers(const char *name, u64 (*peer)(u64 i))
{
	bool good = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct error e = measure(peer, numbers[i]);
		bool here = e.within_15 >= 2.0 / 3 && e.within_third >= 0.95 &&
			    fabs(e.bias) < 0.05;

		if (!here || getenv("V"))
			printf("# %s, %u: within 15 %% %.3f, a third %.3f, bias %+.3f\n",
			       name, numbers[i], e.within_15, e.within_third,
			       e.bias);
		good = good && here;
	}
	return good;
}

int main(void)
{
	struct ctri_peers p = { { 0 } };
	struct ctri_peer nobody = { 0 };

	tap_begin(7);
	tap_ok(all_numbers("random", peer_random), "random peers");
	tap_ok(all_numbers("1, 2, 3", peer_count), "peers that count up");
	tap_ok(all_numbers("addresses", peer_network_order), "IPv4 addresses that count up");
	tap_ok(all_numbers("networks", peer_ipv6), "IPv6 networks that count up");
	tap_ok(all_numbers("stride", peer_stride), "peers in strides of 2^24");
	tap_ok(estimate(peer_count, 777, 5, 1) == estimate(peer_count, 777, 5, 3),
	       "who comes again is not counted again");
	ctri_peers_add(&p, nobody);
	tap_ok(!ctri_peers_estimate(&p), "nobody is none");
	return tap_end(7);
}
