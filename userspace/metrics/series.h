/* SPDX-License-Identifier: GPL-2.0 */
/* Families and their samples, as data: what the writers write. */
#ifndef CONNTRIAGE_METRICS_SERIES_H
#define CONNTRIAGE_METRICS_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/families.h"

#define LABELS	4	/* of a sample, at most */

struct label {
	const char *name;
	char *value;		/* valid UTF-8, see label_clean() */
};

struct sample {
	struct label label[LABELS];
	size_t nr_labels;
	bool whole;		/* it is @count, else @real, which may be +Inf */
	int64_t count;
	double real;
};

struct samples {
	struct sample *sample;
	size_t nr;
};

/* By family */
struct series {
	struct samples of[FAMILIES];
	size_t nr;		/* samples in all of them */
};

/**
 * series_count() - add a sample that is a whole number
 * @value: UNKNOWN: nothing is added
 * @...: names and values of its labels in turn, then NULL
 */
void series_count(struct series *l, enum family_id id, int64_t value, ...)
	__attribute__((sentinel));

/** series_real() - likewise of any number; one that is none (NAN) isn't added */
void series_real(struct series *l, enum family_id id, double value, ...)
	__attribute__((sentinel));

/**
 * series_info() - add a sample 1, whose labels say it all
 *
 * One that is there already isn't added again.
 */
void series_info(struct series *l, enum family_id id, ...) __attribute__((sentinel));

/** series_free() - free what it holds; it is empty then */
void series_free(struct series *l);

#endif
