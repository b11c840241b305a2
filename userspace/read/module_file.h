/* SPDX-License-Identifier: GPL-2.0 */
/* How the module's files are parsed: one struct module_file each. */
#ifndef CONNTRIAGE_READ_MODULE_FILE_H
#define CONNTRIAGE_READ_MODULE_FILE_H

#include "lib/columns.h"
#include "snapshot.h"

struct module_file {
	const char *name;		/* CTRI_FILE_* */
	const struct field *fields;
	size_t nr_fields, max_rows;
	/* Returns 0, or -1 with the table's fault filled. */
	int (*parse)(struct snapshot *s, struct columns *t);
	bool required;			/* every module has had it */
};

/* module_counts.c */
extern const struct module_file status_file, netns_file, sources_file;
extern const struct module_file classes_file;

/**
 * parse_own_netns() - the row of the namespace itself, in /proc/net/conntriage
 * @text: written to
 *
 * Return: 0, or -1 with @fault filled: there must be one, and no other.
 */
int parse_own_netns(struct snapshot *s, const char *file, char *text, size_t len,
		    struct fault *fault);

/* module_records.c */
extern const struct module_file census_file, history_file, minutes_file;
extern const struct module_file incidents_file, incident_top_file;

/**
 * check_source() - what a source is called fits its family and class
 * @family: 4, 6, or 0 for a service or a program
 *
 * Return: 0, or -1 with the table's fault filled.
 */
int check_source(struct columns *t, int64_t family, bool program, const char *source);

/**
 * parse_stages() - "talking=12,closing=3" by stage
 * @list: written to; "": the column has none, which *@has tells
 * @stage: STAGES numbers; a stage that this reader doesn't know is left out
 *
 * Return: 0, or -1 with the table's fault filled.
 */
int parse_stages(struct columns *t, char *list, int64_t *stage, bool *has);

/**
 * append_rows() - read all rows of a table into an array, as they are
 * @items, @nr, @size: of the array, see grow()
 *
 * Return: 0, or -1 with the table's fault filled.
 */
int append_rows(struct columns *t, void *items, size_t *nr, size_t size);

/* The place of @name in @names, or -1. */
int find_name(const char *const *names, size_t nr, const char *name);

/* Columns of a row structure. LATER_*: older modules don't write them. */
#define COLUMN(row, column, member, type, optional) \
	{ column, type, optional, offsetof(struct row, member), \
	  (type) == FIELD_WORD || (type) == FIELD_BRACKETS ? \
		sizeof(((struct row *)NULL)->member) : 0 }
#define COUNT(row, column, member) \
	COLUMN(row, column, member, FIELD_COUNT, false)
#define SIGNED(row, column, member) \
	COLUMN(row, column, member, FIELD_SIGNED, false)
#define REAL(row, column, member) \
	COLUMN(row, column, member, FIELD_REAL, false)
#define WORD(row, column, member) \
	COLUMN(row, column, member, FIELD_WORD, false)
#define BRACKETS(row, column, member) \
	COLUMN(row, column, member, FIELD_BRACKETS, false)
#define LATER_COUNT(row, column, member) \
	COLUMN(row, column, member, FIELD_COUNT, true)
#define LATER_WORD(row, column, member) \
	COLUMN(row, column, member, FIELD_WORD, true)

#endif
