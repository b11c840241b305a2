// SPDX-License-Identifier: GPL-2.0
/*
 * Who is who in a root, as lib/who.h has it: each namespace, address and program that
 * the module's rows name. With a second argument, the root is captured there.
 *
 *	who [ROOT [COPY]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/names.h"
#include "lib/who.h"
#include "read/read.h"
#include "snapshot.h"

static void tell(const struct snapshot *s)
{
	const struct program *p;
	size_t i;

	for (i = 0; i < s->nr_dropped; i++)
		printf("dropped: %s\n", s->dropped[i].fault);
	for (i = 0; i < s->nr_netns; i++)
		printf("netns %" PRId64 "%s = %s\n", s->netns[i].netns,
		       netns_phrase(s, s->netns[i].netns), who_netns(s, s->netns[i].netns));
	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *row = &s->source[i];

		p = row->class == SRC_PROGRAM ? find_program(s, row->source) : NULL;
		if (p)
			printf("program %s: %s = %s\n", row->source, p->unit, who_program(s, p));
		else if (row->family)
			printf("%s%s = %s\n", row->source, netns_phrase(s, row->netns),
			       who_words(s, row->netns, row->source));
	}
}

int main(int argc, char **argv)
{
	const char *root = argc > 1 ? argv[1] : "";
	struct snapshot s;
	char err[512];
	int error;

	error = argc > 2 ? capture(root, argv[2], false, err, sizeof(err)) :
		read_snapshot(root, READ_ALL & ~READ_RULES, &s, err, sizeof(err));
	if (error) {
		fprintf(stderr, "who: %s\n", err);
		return 1;
	}
	if (argc > 2)
		return 0;
	tell(&s);
	snapshot_free(&s);
	return 0;
}
