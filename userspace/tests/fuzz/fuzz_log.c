// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log, as dmesg and journalctl write it. What a capture keeps of it says the
 * same when it is read again, and holds nothing that a terminal minds.
 */
#include <stdio.h>

#include "lib/numbers.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

static char *parse(struct snapshot *s, char *text, size_t *len)
{
	char *kept;
	FILE *f = open_memstream(&kept, len);
	size_t i;

	*s = (struct snapshot) { .boot_age = 1000, .log.span = UNKNOWN };
	parse_kernel_log(s, text, f);
	fclose(f);
	for (i = 0; i < *len; i++)
		if (kept[i] != '\n' && (kept[i] < ' ' || kept[i] > '~'))
			abort();
	return kept;
}

static bool same(const struct snapshot *a, const struct snapshot *b)
{
	size_t i;

	if (a->nr_log_spells != b->nr_log_spells || a->nr_log_spells > READ_MAX_LOG_SPELLS)
		return false;
	for (i = 0; i < a->nr_log_spells; i++) {
		const struct log_spell *x = &a->log_spell[i], *y = &b->log_spell[i];

		if (x->kind != y->kind || x->netns != y->netns || x->lines != y->lines ||
		    x->unwritten != y->unwritten || x->lines < 1 || x->first_ago < x->last_ago)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s, again;
	char *kept, *twice;
	struct fuzz f;
	size_t len;

	fuzz_begin(&f, data, size);
	kept = parse(&s, f.text, &len);
	twice = parse(&again, kept, &len);
	if (!same(&s, &again))
		abort();
	free(kept);
	free(twice);
	fuzz_end(&f);
	snapshot_free(&s);
	snapshot_free(&again);
	return 0;
}
