// SPDX-License-Identifier: GPL-2.0
/*
 * meminfo, slabinfo, /proc/net/stat, conntriage/meta, own addresses, gateways,
 * resolvers. The first byte chooses.
 */
#include "read/parts.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s = { .root = "" };
	struct fuzz f;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	switch (data[0] % 5) {
	case 0:
		parse_meminfo(&s, "file", f.text, &f.fault);
		break;
	case 1:
		parse_slabinfo(&s, "file", f.text, &f.fault);
		break;
	case 2:
		if (data[0] / 5 % 3 == 2)
			parse_meta(&s, "file", f.text, f.len, &f.fault);
		else if (data[0] / 5 % 3 == 1)
			parse_synproxy(&s, "file", f.text, f.len, &f.fault);
		else
			parse_stat(&s, "file", f.text, f.len, &f.fault);
		break;
	case 3:
		if (data[0] / 5 % 3 == 1)
			parse_route(&s, f.text);
		else if (data[0] / 5 % 3 == 2)
			parse_resolv_conf(&s, f.text);
		else
			parse_fib_trie(&s, f.text);
		break;
	case 4:
		if (data[0] / 5 % 3 == 1)
			parse_ipv6_route(&s, f.text);
		else if (data[0] / 5 % 3 == 2)
			parse_session(&s, f.text);
		else if (data[0] / 5 % 6 == 3)
			parse_logind_session(&s, f.text);
		else
			parse_if_inet6(&s, f.text);
		break;
	}
	fuzz_end(&f);
	snapshot_free(&s);
	return 0;
}
