// SPDX-License-Identifier: GPL-2.0
/* The module's tables. The first byte chooses the file. */
#include "kmod/abi.h"
#include "read/moments.h"
#include "read/parts.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = {
		CTRI_FILE_STATUS, CTRI_FILE_NETNS, CTRI_FILE_SOURCES,
		CTRI_FILE_CLASSES, CTRI_FILE_CENSUS, CTRI_FILE_HISTORY,
		CTRI_FILE_MINUTES, CTRI_FILE_INCIDENTS, CTRI_FILE_INC_TOP,
	};
	const size_t nr = sizeof(files) / sizeof(files[0]);
	struct snapshot s = { .root = "" }, before = s;
	struct moments moments = { 0 };
	struct fuzz f;
	int64_t schema;
	int error;

	if (!size)
		return 0;
	fuzz_begin(&f, data + 1, size - 1);
	moments_add(&moments, "file", f.text);
	if (moments_apart(&moments))	/* from itself */
		abort();
	switch (data[0] % (nr + 2)) {
	case 0:
		error = parse_abi("file", f.text, f.len, &schema, &f.fault);
		break;
	case 1:
		error = parse_proc(&s, "file", f.text, f.len, &f.fault);
		break;
	default:
		error = parse_module_file(&s, files[data[0] % (nr + 2) - 2], "file",
					  f.text, f.len, &f.fault);
	}
	/* What is dropped leaves nothing, and is named. */
	if (error)
		snapshot_revert(&s, &before);
	if (error && (!*f.message || s.nr_netns || s.nr_source || s.nr_census ||
		      s.nr_history || s.nr_minutes || s.nr_incidents || s.nr_incident_tops))
		abort();
	fuzz_end(&f);
	snapshot_free(&s);
	return 0;
}
