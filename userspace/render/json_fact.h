/* SPDX-License-Identifier: GPL-2.0 */
/* What is said as data, as JSON: see judge/fact.h and judge/party.h. */
#ifndef CONNTRIAGE_RENDER_JSON_FACT_H
#define CONNTRIAGE_RENDER_JSON_FACT_H

#include <json.h>

#include "judge/fact.h"
#include "judge/party.h"

/**
 * json_values() - the numbers and names in a fact: { "entries": { "value": 1973, ... } }
 *
 * A number has its unit, and "error" where it may be so many more (null: any number).
 */
struct json_object *json_values(const struct fact *f);

/** json_facts() - facts as objects: the text, the origin, and the values in it */
struct json_object *json_facts(const struct facts *l);

/** json_parties() - those whom a finding is about */
struct json_object *json_parties(const struct parties *l);

#endif
