// SPDX-License-Identifier: GPL-2.0
/* nft's JSON, and behind a NUL byte the text that explains it. */
#include "read/nft_ruleset.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules rules = { .known = true };
	struct snapshot s = { .root = "" };
	struct ruleset *rs;
	struct fuzz f;
	size_t json;

	fuzz_begin(&f, data, size);
	json = strlen(f.text);
	rs = ruleset_parse("file", f.text, json, &f.fault);
	if (rs) {
		ruleset_needs_text(rs);
		if (json < f.len)
			ruleset_explain(rs, f.text + json + 1);
		ruleset_summarise(rs, &rules);
		ruleset_placed(rs, &s);
		ruleset_owners(rs);
		ruleset_free(rs);
	}
	fuzz_end(&f);
	snapshot_free(&s);
	return 0;
}
