/* SPDX-License-Identifier: GPL-2.0 */
/* Who told what the table holds, and how it was listed. */
#ifndef CONNTRIAGE_RENDER_ORIGIN_H
#define CONNTRIAGE_RENDER_ORIGIN_H

#include <json.h>
#include <stdbool.h>
#include <stdio.h>

#include "snapshot.h"

/** is_listed() - the table was listed, by ctnetlink or as a text: not counted by the module */
bool is_listed(const struct snapshot *s);

/** listed_clause() - ", listed by ctnetlink" and the like, to end a number of entries; "" */
void listed_clause(const struct snapshot *s, FILE *out);

/** listed_since() - since when numbers of a namespace count, a sentence without its point */
void listed_since(const struct snapshot *s, FILE *out);

/** json_origin() - add "origin" and "dump", what is known of the list */
void json_origin(struct json_object *top, const struct snapshot *s);

#endif
