// SPDX-License-Identifier: GPL-2.0
/* sysctl.d, modprobe.d, and words of the kernel command line. */
#include "read/boot.h"
#include "read/reader.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s = { .root = "" };
	struct reader r = { .s = &s };
	struct settings all = { NULL, 0 };
	char value[16];
	struct fuzz f;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	switch (data[0] % 3) {
	case 0:
		parse_settings(&all, "file", f.text);
		find_setting(&all, "net/netfilter/nf_conntrack_max");
		free(all.item);
		break;
	case 1:
		parse_modprobe(&s, "file", f.text);
		break;
	case 2:
		r.cmdline = r.modules = f.text;
		reader_boot_option(&r, "debugfs", value, sizeof(value));
		reader_has_module(&r, "nf_conntrack");
		break;
	}
	fuzz_end(&f);
	return 0;
}
