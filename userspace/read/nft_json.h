/* SPDX-License-Identifier: GPL-2.0 */
/* Members of JSON objects that may be anything. */
#ifndef CONNTRIAGE_READ_NFT_JSON_H
#define CONNTRIAGE_READ_NFT_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* A member, null or not there alike: NULL */
static inline struct json_object *nft_get(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &value))
		return NULL;
	return value;
}

/* A member that is a string, or NULL */
static inline const char *nft_string(struct json_object *o, const char *key)
{
	struct json_object *value = nft_get(o, key);

	return json_object_is_type(value, json_type_string) ?
	       json_object_get_string(value) : NULL;
}

/* Whether there is such a member, null included */
static inline bool nft_has(struct json_object *o, const char *key)
{
	return json_object_is_type(o, json_type_object) &&
	       json_object_object_get_ex(o, key, NULL);
}

#endif
