/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is said of a host, as data: a pattern, and the numbers and names in it with
 * their units and origin. render/ makes sentences of it, and JSON.
 */
#ifndef CONNTRIAGE_JUDGE_FACT_H
#define CONNTRIAGE_JUDGE_FACT_H

#include <stddef.h>
#include <stdint.h>

#include "snapshot.h"

enum value_kind {
	VALUE_COUNT,		/* 1,234 */
	VALUE_AS_IT_IS,		/* a setting: 432000, as a command has it */
	VALUE_PER_SECOND,
	VALUE_PERCENT,
	VALUE_SECONDS,
	VALUE_BYTES,
	VALUE_MEAN,		/* one decimal */
	VALUE_TEXT,
};

struct value {
	enum value_kind kind;
	int64_t count;		/* COUNT, AS_IT_IS and SECONDS; UNKNOWN: not known */
	int64_t err;		/* COUNT: it may be so many more; UNKNOWN: any number */
	double real;		/* PER_SECOND, BYTES, MEAN; the part of PERCENT */
	double whole;		/* PERCENT */
	const char *text;	/* copied */
};

/*
 * "{entries} of {max} entries in use ({used})": each pair of braces takes the next
 * value, and names it. What has no name, "{}", is a word of the sentence and no datum.
 */
struct fact {
	char *pattern;
	char *origin;		/* "module: census"; NULL: not told */
	struct value *value;
	size_t nr;
};

struct facts {
	struct fact *fact;
	size_t nr;
};

static inline struct value count_of(int64_t n)
{
	return (struct value) { .kind = VALUE_COUNT, .count = n };
}

/** count_row() - as often as a row of "sources" has counted, with its error */
static inline struct value count_row(const struct source_row *row)
{
	return (struct value) { .kind = VALUE_COUNT, .count = row->count, .err = row->err };
}

static inline struct value as_it_is(int64_t n)
{
	return (struct value) { .kind = VALUE_AS_IT_IS, .count = n };
}

static inline struct value rate_of(double per_second)
{
	return (struct value) { .kind = VALUE_PER_SECOND, .real = per_second };
}

static inline struct value share_of(double part, double whole)
{
	return (struct value) { .kind = VALUE_PERCENT, .real = part, .whole = whole };
}

static inline struct value seconds_of(int64_t n)
{
	return (struct value) { .kind = VALUE_SECONDS, .count = n };
}

static inline struct value bytes_of(double n)
{
	return (struct value) { .kind = VALUE_BYTES, .real = n };
}

static inline struct value mean_of(double n)
{
	return (struct value) { .kind = VALUE_MEAN, .real = n };
}

static inline struct value text_of(const char *text)
{
	return (struct value) { .kind = VALUE_TEXT, .text = text };
}

/* struct value... as an array and its length */
#define FACT_VALUES(...)	(const struct value[]) { __VA_ARGS__ },	\
		sizeof((const struct value[]) { __VA_ARGS__ }) / sizeof(struct value)

/**
 * fact_set() - what a fact is
 * @pattern: see struct fact; where it ends in "[...]", that is its origin
 * @...: struct value, one for each pair of braces
 */
#define fact_set(fact, pattern, ...)	\
	fact_put(fact, pattern, FACT_VALUES(__VA_ARGS__))

/** fact_more() - go on with the sentence of a fact that was set */
#define fact_more(fact, pattern, ...)	\
	fact_append(fact, pattern, FACT_VALUES(__VA_ARGS__))

/** facts_add() - append a fact to a list */
#define facts_add(facts, pattern, ...)	\
	fact_put(facts_new(facts), pattern, FACT_VALUES(__VA_ARGS__))

/* What the above are made of */
struct fact *facts_new(struct facts *l);
void fact_put(struct fact *f, const char *pattern, const struct value *value, size_t nr);
void fact_append(struct fact *f, const char *pattern, const struct value *value, size_t nr);

/** fact_compare() - an order of facts that stays the same, for qsort(3) */
int fact_compare(const struct fact *a, const struct fact *b);

/** fact_free(), facts_free() - free what they hold; they are empty then */
void fact_free(struct fact *f);
void facts_free(struct facts *l);

#endif
