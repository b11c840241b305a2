// SPDX-License-Identifier: GPL-2.0
/* Recordings: frames of files. */
#include <stdio.h>
#include <stdlib.h>

#include "read/read.h"
#include "read/store.h"
#include "tests/fuzz/fuzz.h"
#include "top/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store st = { NULL, 0 };
	struct replay replay;
	unsigned int parts;
	struct fuzz f;
	int64_t at;
	size_t i;
	FILE *in;
	int status;

	if (!size)
		return 0;
	fuzz_begin(&f, data, size);
	in = fmemopen((void *)(uintptr_t)data, size, "r");
	if (!in)
		abort();
	status = replay_begin(&replay, in, "file", &f.fault) ? -1 : 1;
	while (status > 0) {
		status = replay_next(&replay, &st, &parts, &at, &f.fault);
		for (i = 0; i < st.nr; i++)
			if (!store_path_ok(st.item[i].path))
				abort();
	}
	if (status < 0 && !*f.message)
		abort();
	store_free(&st);
	fclose(in);
	fuzz_end(&f);
	return 0;
}
