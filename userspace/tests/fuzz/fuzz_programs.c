// SPDX-License-Identifier: GPL-2.0
/*
 * Settings that programs write, what helpers expect, network cards, queues, cgroups.
 * The first byte chooses.
 */
#include "lib/numbers.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/writers.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kube_conntrack k = { .max_per_core = UNKNOWN, .min = UNKNOWN };
	struct written w = { .program = WRITER_KUBE_PROXY };
	struct snapshot s = { .root = "" };
	char includes[64], unit[32];
	struct fuzz f;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	switch (data[0] % 11) {
	case 0:
		parse_expect(&s, f.text);
		break;
	case 1:
		parse_nic(&s, "eth0", f.text);
		break;
	case 2:
		parse_proxmox(&s, "/file", f.text);
		break;
	case 3:
		parse_tuned(&s, "/file", f.text, includes, sizeof(includes));
		break;
	case 4:
		parse_ufw(&s, "/file", f.text);
		break;
	case 5:
		parse_dispatcher(&s, "/file", f.text);
		break;
	case 6:
		parse_kube_flags(&s, f.text, &w, &k);
		break;
	case 7:
		parse_kube_config(&s, f.text, &w, &k);
		break;
	case 8:
		parse_queues(&s, f.text);
		break;
	case 9:
		parse_sockets(&s, "file", f.text, f.len, &f.fault);
		break;
	case 10:
		parse_programs(&s, "file", f.text, f.len, &f.fault);
		program_name(f.text, unit, sizeof(unit));
		break;
	}
	fuzz_end(&f);
	snapshot_free(&s);
	return 0;
}
