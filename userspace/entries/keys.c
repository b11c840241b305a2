// SPDX-License-Identifier: GPL-2.0
/* Keys of hashes: drawn, or the same each time. */
#include <string.h>
#include <sys/random.h>

#include "entries/keys.h"

#define BYTE	0x5a	/* of a key that stays */

static bool stay;

void keys_stay(bool yes)
{
	stay = yes;
}

/* A live count without a random key is no disaster. */
void key_draw(void *to, size_t bytes)
{
	if (stay || getrandom(to, bytes, 0) != (ssize_t)bytes)
		memset(to, BYTE, bytes);
}
