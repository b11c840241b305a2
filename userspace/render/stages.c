// SPDX-License-Identifier: GPL-2.0
/* A table of entries by the stages of a connection's life. */
#include "judge/life.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "render/json_values.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT

int stages_table(const int64_t *stage, FILE *out)
{
	static const struct table_column columns[] = {
		{ "STAGE", 0 }, { "ENTRIES", RIGHT }, { "SHARE", RIGHT },
	};
	const struct {
		const char *what;
		int64_t entries;
	} row[] = {
		{ "never answered", life_count(stage, LIFE_UNANSWERED) },
		{ "answered, the handshake not completed", life_count(stage, LIFE_HALF_OPEN) },
		{ "a question and its answer", life_count(stage, LIFE_ONCE) },
		{ "established, silent for less than 5 min", life_count(stage, LIFE_TALKING) },
		{ "silent for 5 min to 30 min", stage[STAGE_SILENT_300] },
		{ "silent for 30 min to 2 h", stage[STAGE_SILENT_1800] },
		{ "silent for 2 h to a day", stage[STAGE_SILENT_7200] },
		{ "silent for a day or more", stage[STAGE_SILENT_86400] },
		{ "closed, waiting for the last timeout", life_count(stage, LIFE_CLOSING) },
		{ "expired, not yet removed", life_count(stage, LIFE_EXPIRED) },
	};
	struct libscols_table *t = table_begin(out, columns, ARRAY_SIZE(columns));
	int64_t all = life_sum(stage);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct libscols_line *line;

		if (row[i].entries <= 0)
			continue;
		line = table_line(t);
		table_put(line, 0, "%s", row[i].what);
		table_num(line, 1, row[i].entries);
		table_pct(line, 2, row[i].entries, all);
	}
	return table_end(t, out);
}

struct json_object *stages_json(const int64_t *stage)
{
	struct json_object *o = json_fields();
	size_t i;

	for (i = 0; i < STAGES; i++)
		json_object_object_add(o, stage_name[i], json_integer(stage[i]));
	return o;
}
