/* SPDX-License-Identifier: GPL-2.0 */
/* The census as JSON. */
#ifndef CONNTRIAGE_RENDER_CENSUS_JSON_H
#define CONNTRIAGE_RENDER_CENSUS_JSON_H

#include <stdio.h>

#include "render/filter.h"
#include "render/list.h"
#include "snapshot.h"

/* Of struct chains */
#define CHAIN_GROUP_NAMES { "0", "1", "2", "3-4", "5-8", "9-16", "17-32", "33-64", "65-" }

/** census_json() - all of it; Return: 0, or -1 where there is none or for an error of @out */
int census_json(const struct snapshot *s, const struct list_request *ask, const struct filter *f,
		FILE *out);

#endif
