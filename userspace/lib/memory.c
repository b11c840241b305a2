// SPDX-License-Identifier: GPL-2.0
/* Memory that grows. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"

void no_memory(void)
{
	errx(EXIT_UNKNOWN, "out of memory; free some, "
	     "or capture this host and diagnose it elsewhere (--root)");
}

void *grow(void *items, size_t *nr, size_t size)
{
	size_t n = *nr;
	char *array;

	/* Copied, as a pointer to anything may not be read as void *. */
	memcpy(&array, items, sizeof(array));
	/* Doubles at every power of two, so that no capacity need be kept. */
	if (!(n & (n - 1))) {
		array = reallocarray(array, n ? 2 * n : 1, size);
		if (!array)
			no_memory();
		memcpy(items, &array, sizeof(array));
	}
	*nr = n + 1;
	return memset(array + n * size, 0, size);
}
