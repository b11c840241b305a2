/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists: rows of something under named columns, which are chosen, sorted and counted
 * in the same way whatever they are of. A list is a table of columns and an array of
 * rows; what people read and the JSON come from the same cells.
 */
#ifndef CONNTRIAGE_RENDER_LIST_H
#define CONNTRIAGE_RENDER_LIST_H

#include <json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "snapshot.h"

/* What was asked for of a list: words of the command line, NULL where not given */
struct list_request {
	const char *columns, *sort;
	int64_t limit;			/* rows; UNKNOWN: as many as is usual */
	const char *class, *netns, *prefix, *since, *until;
	bool all, json, minutes, no_headings, no_names;
};

/* One value of one row */
struct cell {
	char *text;			/* for people */
	struct json_object *json;	/* only where JSON is asked for */
	double number;			/* to sort by; text is sorted by itself */
	bool tells;			/* false: none, 0, or what is understood anyway */
};

struct list;

/* What is known of a column beside its name */
enum list_flags {
	LIST_SHOWN = 1,		/* without -o */
	LIST_IF_TELLS = 2,	/* without -o, if one row tells something by it */
	LIST_RIGHT = 4,
	LIST_NUMBER = 8,	/* greatest first; and to the right */
	LIST_KEY = 16,		/* whose row it is: may have a line of its own */
	LIST_CUT = 32,		/* may end in "..." where the terminal is narrow */
	LIST_LEAVE = 64,	/* may be left out there, the last of them first */
	LIST_LEAVE_LATE = 128,	/* likewise, where that isn't enough */
};

struct list_column {
	const char *name;	/* of the heading, and for -o and --sort */
	const char *field;	/* in JSON */
	unsigned int flags;	/* enum list_flags */
	size_t at;		/* of an int64_t in the row, where there is no @fill */
	void (*fill)(const struct list *l, const void *row, struct cell *c);
};

/* A column of an int64_t of the row */
#define LIST_MEMBER(name, field, type, member, flags) \
	{ name, field, LIST_NUMBER | (flags), offsetof(struct type, member), NULL }

struct list {
	const struct snapshot *s;
	const struct list_request *ask;
	const char *command;	/* for errors, and in JSON */
	const struct list_column *column;
	size_t columns;
	const void **row;	/* as they shall stand; free()d by list_free() */
	size_t nr;
	size_t usual;		/* rows without -n and --all; 0: all */
	bool last;		/* these are the last rows, not the first */
	bool report;		/* part of a text of 80 columns, also in a pipe */
	size_t key_room;	/* columns that other columns leave a key; 0: 25 */
	const char *whole;	/* the command that leaves no column out */
};

#define LIST_COLUMNS	40	/* the most that a list can have */

/** list_add() - append a row, which stays the caller's */
void list_add(struct list *l, const void *row);

void list_free(struct list *l);

/**
 * list_check() - whether the columns that -o and --sort name are there
 *
 * Return: 0, or -1 where one isn't: it is said which there are.
 */
int list_check(const struct list *l);

/**
 * list_order() - sort the rows as asked for, and leave no more than asked for
 *
 * Return: how many were left out that nobody asked to leave out.
 */
size_t list_order(struct list *l);

/**
 * list_print() - the rows, in their order, for people
 *
 * A terminal gets what fits: texts end in "...", then columns are left out, and a line
 * below says so; a long key has a line of its own. With -o, and in a pipe, all of it
 * is printed, however wide. Return: 0, or -1 where @out took an error.
 */
int list_print(const struct list *l, FILE *out);

/** list_text() - order them, print them, and say how many more there are */
int list_text(struct list *l, FILE *out);

/**
 * list_object() - order them, for the object that a command's JSON is
 * @nothing: why there can be no rows; NULL: there could be
 */
struct json_object *list_object(struct list *l, const char *nothing);

/**
 * list_show() - the output of a command that is one list, which is freed
 *
 * Return: 0, or -1 where @out took an error or JSON says @nothing.
 */
int list_show(struct list *l, const char *nothing, FILE *out);

/** list_json() - the rows as an array of objects: all columns, or those of -o */
struct json_object *list_json(const struct list *l);

/**
 * list_choose() - the numbers of the columns of -o, or those shown without it
 * @chosen: LIST_COLUMNS of them
 * @every: all of them where there is no -o
 *
 * Return: how many; 0 where one of -o isn't there.
 */
size_t list_choose(const struct list *l, size_t *chosen, bool every);

/** list_cell() - a value of a row; its text is to free(), its JSON to put() */
struct cell list_cell(const struct list *l, size_t column, const void *row);

/* For columns to fill their cells with */
void cell_text(const struct list *l, struct cell *c, const char *text);	/* NULL, "": none */
void cell_number(const struct list *l, struct cell *c, int64_t n);
void cell_real(const struct list *l, struct cell *c, double value, const char *text);
void cell_percent(const struct list *l, struct cell *c, int64_t part, int64_t whole);
void cell_error(const struct list *l, struct cell *c, int64_t err);
void cell_flag(const struct list *l, struct cell *c, bool value);
void cell_id(const struct list *l, struct cell *c, int64_t id);	/* to type: no commas */
void cell_ago(const struct list *l, struct cell *c, int64_t seconds);	/* "now", "4 s ago" */
void cell_seconds(const struct list *l, struct cell *c, int64_t seconds);
void cell_words(struct cell *c, const char *text);	/* other words for people */
/* Its name, which only tells something of another than the reader's own */
void cell_netns(const struct list *l, struct cell *c, int64_t netns);
/* Who an address is; nothing with --no-names */
void cell_who(const struct list *l, struct cell *c, int64_t netns, const char *source);
/* Words for people, and what they are in JSON: taken over, NULL is null */
void cell_both(const struct list *l, struct cell *c, const char *text, struct json_object *json);

#endif
