/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of a finding as text: 80 columns, commands on lines of their own. */
#ifndef CONNTRIAGE_RENDER_PAGE_H
#define CONNTRIAGE_RENDER_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "fix/steps.h"
#include "judge/finding.h"
#include "lib/lines.h"

#define PAGE_LABEL	12	/* columns of "CRITICAL    " and "  evidence  " */

enum ink { INK_PLAIN, INK_OK, INK_WARNING, INK_CRITICAL, INK_DIM };

/* By enum severity */
extern const enum ink severity_ink[];

struct page {
	FILE *out;
	bool colour;
	bool begun;		/* something stands on it */
};

/** page_begin() - colour only where @out is a terminal and NO_COLOR is unset */
void page_begin(struct page *p, FILE *out);

/** page_ink() - from here on, where there is colour */
void page_ink(const struct page *p, enum ink ink);

/** page_label() - the first columns of a line: "  evidence  " */
void page_label(const struct page *p, const char *word);

/** page_headline() - "CRITICAL    The table is full ...", with room above it */
void page_headline(struct page *p, const char *word, enum ink ink, const char *sentence);

/** page_finding() - its headline, and below it how sure it is where it isn't */
void page_finding(struct page *p, const struct finding *f);

/** page_clear() - the all-clear, where there is one */
void page_clear(struct page *p, const struct findings *fs);

/**
 * page_facts() - a list: one line that isn't begun by a dash, or several that are
 * @more: so many more there are, which is said
 */
void page_facts(const struct page *p, const char *word, const struct lines *l, size_t more);

/** page_steps() - what is done at @when; what takes it back below, the last one first */
void page_steps(const struct page *p, const char *word, const struct steps *st,
		enum step_when when);

/** page_commands() - commands, and comments that begin with "#" */
void page_commands(const struct page *p, const char *word, const struct lines *l);

#endif
