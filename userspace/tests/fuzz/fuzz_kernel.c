// SPDX-License-Identifier: GPL-2.0
/* meminfo, slabinfo and /proc/net/stat. The first byte chooses. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s = { .root = "" };
	struct fuzz f;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	switch (data[0] % 3) {
	case 0:
		parse_meminfo(&s, "file", f.text, &f.fault);
		break;
	case 1:
		parse_slabinfo(&s, "file", f.text, &f.fault);
		break;
	case 2:
		parse_stat(&s, "file", f.text, f.len, &f.fault);
		break;
	}
	fuzz_end(&f);
	return 0;
}
