// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that helpers expect: who expects how many
 * (docs/beside-conntrack.md, "Expectations"). How many there are in all is in the
 * counters; this listing may be missing, and it passes by what has expired.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define EXPECTATIONS	"proc/net/nf_conntrack_expect"

static void count_helper(struct snapshot *s, const char *name)
{
	struct helper_row *row;
	size_t i;

	for (i = 0; i < s->nr_helpers; i++)
		if (!strcmp(s->helper[i].name, name)) {
			s->helper[i].expectations++;
			return;
		}
	if (s->nr_helpers == READ_MAX_HELPERS)
		return;
	row = grow(&s->helper, &s->nr_helpers, sizeof(*row));
	text_clean(row->name, sizeof(row->name), name);
	row->expectations = 1;
}

static int by_expectations(const void *left, const void *right)
{
	const struct helper_row *a = left, *b = right;

	if (a->expectations != b->expectations)
		return a->expectations < b->expectations ? 1 : -1;
	return strcmp(a->name, b->name);
}

/*
 * exp_seq_show() in nf_conntrack_expect.c: the helper is the last word, maybe with
 * a class; before it are addresses and, in capitals, flags.
 *
 *	"297 l3proto = 2 proto=17 src=0.0.0.0 dst=192.0.2.9 sport=0 dport=7078 sip/audio"
 */
void parse_expect(struct snapshot *s, char *text)
{
	char *line, *name;

	while ((line = text_line(&text))) {
		line = text_trim(line);
		name = strrchr(line, ' ');
		name = name ? name + 1 : line;
		name[strcspn(name, "/")] = '\0';
		if (strlen(name) < sizeof(s->helper->name) && text_plain(name) &&
		    islower((unsigned char)*name) && !strchr(name, '='))
			count_helper(s, name);
	}
	if (s->nr_helpers)
		qsort(s->helper, s->nr_helpers, sizeof(*s->helper), by_expectations);
}

int read_expect(struct reader *r)
{
	size_t len;
	char *text;
	int error;

	/* A limit that was raised may make it long: then who it is isn't told. */
	error = files_read_part(&r->files, EXPECTATIONS, READ_MAX_KERNEL_FILE, &text, &len);
	if (error)
		return 0;
	files_keep(&r->files, EXPECTATIONS, text, len);
	parse_expect(r->s, text);
	free(text);
	return 0;
}
