// SPDX-License-Identifier: GPL-2.0
/*
 * What commands print: a byte that says what the file is called, then its text, as itself,
 * and as rules that are turned into JSON and read.
 */
#include <stdlib.h>

#include "read/nft_ruleset.h"
#include "read/outputs.h"
#include "read/rules_text.h"
#include "read/store.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

static void read_rules_of(const char *text, bool nft)
{
	char *json = rules_as_json(nft ? text : NULL, nft ? NULL : text);
	struct rules rules = { .known = true };
	struct ruleset *rs;
	struct fuzz f;

	fuzz_begin(&f, (const uint8_t *)json, strlen(json));
	rs = ruleset_parse("rules", f.text, f.len, &f.fault);
	if (rs) {
		ruleset_summarise(rs, &rules);
		ruleset_free(rs);
	}
	fuzz_end(&f);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"a/output.txt", "conntrack_-C", "hostname", "uptime", "date", "x.conf",
	};
	struct store st = { NULL, 0 };
	struct fuzz f;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	/* The reader hands over text; what is behind a NUL is none. */
	f.len = strlen(f.text);
	read_rules_of(f.text, true);
	read_rules_of(f.text, false);
	output_is_known(names[data[0] % 6], f.text, f.len);
	output_put(&st, names[data[0] % 6], f.text, f.len);
	store_free(&st);
	fuzz_end(&f);
	return 0;
}
