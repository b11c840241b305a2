/* SPDX-License-Identifier: GPL-2.0 */
/* A table of entries by the stages of a connection's life. */
#ifndef CONNTRIAGE_RENDER_STAGES_H
#define CONNTRIAGE_RENDER_STAGES_H

#include <json.h>
#include <stdint.h>
#include <stdio.h>

/**
 * stages_table() - how many entries are in which stage; none of those of none
 * @stage: STAGES numbers
 *
 * Return: 0, or -1 where @out took an error.
 */
int stages_table(const int64_t *stage, FILE *out);

/** stages_json() - all of them by the module's names */
struct json_object *stages_json(const int64_t *stage);

#endif
