// SPDX-License-Identifier: GPL-2.0
/* Keys of hashes: drawn, or the same each time. */
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "entries/keys.h"

static bool stay;

void keys_stay(bool yes)
{
	stay = yes;
}

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void key_stays(char *to, size_t bytes)
{
	uint64_t state = 0, word;
	size_t i;

	for (i = 0; i < bytes; i += sizeof(word)) {
		word = splitmix64(&state);
		memcpy(to + i, &word, bytes - i < sizeof(word) ? bytes - i : sizeof(word));
	}
}

/* A live count without a random key is no disaster. */
void key_draw(void *to, size_t bytes)
{
	if (stay || getrandom(to, bytes, 0) != (ssize_t)bytes)
		key_stays(to, bytes);
}
