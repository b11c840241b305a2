// SPDX-License-Identifier: GPL-2.0
/*
 * A table that ctnetlink listed, as a capture has it: "about", "looks" and the kernel's
 * messages. Two bytes tell how long the first two are, in words of four.
 */
#include <stdio.h>
#include <stdlib.h>

#include "read/anonymous_entries.h"
#include "read/read.h"
#include "read/store.h"
#include "tests/fuzz/fuzz.h"

#define DIR	"conntriage/ctnetlink/4026531840/"

static void put(struct store *st, const char *path, const uint8_t *data, size_t len)
{
	store_put(st, STORED_FILE, path, (const char *)data, len);
}

/* What is written without names can be read again: nothing else is in it. */
static void hide(const uint8_t *data, size_t len)
{
	const struct pseudonyms key = { { 1, 2 } };
	char *text = malloc(len + 1), *out;
	size_t size;
	FILE *memory = open_memstream(&out, &size);

	if (!text || !memory)
		abort();
	memcpy(text, data, len);
	anonymous_entries(&key, text, len, memory);
	fclose(memory);
	if (size > 4 * len + 1)
		abort();
	free(text);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store st = { NULL, 0 };
	size_t about, looks, i;
	struct snapshot s;
	struct fuzz f;

	if (size < 2)
		return 0;
	about = 4 * data[0] < size - 2 ? 4 * data[0] : size - 2;
	looks = 4 * data[1] < size - 2 - about ? 4 * data[1] : size - 2 - about;
	fuzz_begin(&f, data, size);
	put(&st, "conntriage/meta", (const uint8_t *)"name value\n", 11);
	put(&st, DIR "about", data + 2, about);
	put(&st, DIR "looks", data + 2 + about, looks);
	put(&st, DIR "entries", data + 2 + about + looks, size - 2 - about - looks);
	if (read_from(&st, "files", READ_FAST | READ_CENSUS, &s, f.message, sizeof(f.message)))
		abort();
	/* half of a damaged list is no list */
	for (i = 0; i < s.nr_dropped; i++)
		if (s.nr_census)
			abort();
	hide(data + 2 + about + looks, size - 2 - about - looks);
	snapshot_free(&s);
	store_free(&st);
	fuzz_end(&f);
	return 0;
}
