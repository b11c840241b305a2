// SPDX-License-Identifier: GPL-2.0
/*
 * Files of the module, one behind the other with a NUL byte between, and all
 * that is shown of them: lists, charts, stories, forecasts, for people and as JSON.
 */
#include <err.h>
#include <stdio.h>

#include "kmod/abi.h"
#include "lib/numbers.h"
#include "read/parts.h"
#include "read/read.h"
#include "render/render.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

static FILE *out;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	out = fopen("/dev/null", "w");
	if (!out)
		err(1, "/dev/null");
	return 0;
}

static void show_all(const struct snapshot *s, bool json)
{
	struct list_request ask = { .limit = UNKNOWN, .all = true, .json = json };
	char word[24];
	size_t i;

	render_sources(s, &ask, out);
	render_programs(s, &ask, out);
	render_netns(s, &ask, out);
	render_census(s, &ask, out);
	render_history(s, &ask, out);
	ask.minutes = true;
	render_history(s, &ask, out);
	render_incidents(s, &ask, out);
	for (i = 0; i < s->nr_incidents && i < 4; i++) {
		snprintf(word, sizeof(word), "%lld", (long long)s->incident[i].nr);
		render_incident(s, word, &ask, out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = {
		CTRI_FILE_HISTORY, CTRI_FILE_MINUTES, CTRI_FILE_INCIDENTS,
		CTRI_FILE_INC_TOP, CTRI_FILE_CENSUS, CTRI_FILE_SOURCES, CTRI_FILE_NETNS,
	};
	struct snapshot s = { .root = "", .mod = { .loaded = true } };
	const uint8_t *end = data + size, *next;
	struct fuzz f;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]) && data < end; i++) {
		next = memchr(data, '\0', end - data);
		fuzz_begin(&f, data, (next ? next : end) - data);
		/* What could be read before a fault is shown all the same. */
		parse_module_file(&s, files[i], "file", f.text, f.len, &f.fault);
		fuzz_end(&f);
		data = next ? next + 1 : end;
	}
	show_all(&s, false);
	show_all(&s, true);
	chart_seconds(&s, out);
	chart_minutes(&s, out);
	snapshot_free(&s);
	return 0;
}
