// SPDX-License-Identifier: GPL-2.0
/* Values of JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "render/json_values.h"

#define SCHEMA	2	/* of docs/json-schema/: names are only added within one */

static bool watched;		/* see json_watched() */

static struct json_object *checked(struct json_object *o)
{
	if (!o)
		no_memory();
	return o;
}

struct json_object *json_string(const char *text)
{
	struct json_object *o;
	char *plain, *c;

	if (!text || !*text)
		return NULL;
	plain = strdup(text);
	if (!plain)
		no_memory();
	for (c = plain; *c; c++)
		if ((*c < ' ' && *c != '\n') || *c > '~')
			*c = '?';
	o = checked(json_object_new_string(plain));
	free(plain);
	return o;
}

struct json_object *json_integer(int64_t n)
{
	return n == UNKNOWN ? NULL : checked(json_object_new_int64(n));
}

struct json_object *json_real(double value)
{
	char digits[32];

	if (!isfinite(value))
		return NULL;
	/* 0.2, where json-c would print all 17 digits that a double has */
	snprintf(digits, sizeof(digits), "%.15g", value);
	return checked(json_object_new_double_s(value, digits));
}

struct json_object *json_flag(bool value)
{
	return checked(json_object_new_boolean(value));
}

struct json_object *json_list(void)
{
	return checked(json_object_new_array());
}

struct json_object *json_fields(void)
{
	return checked(json_object_new_object());
}

struct json_object *json_command(const char *command)
{
	struct json_object *top = json_fields();

	json_object_object_add(top, "schema", json_integer(SCHEMA));
	json_object_object_add(top, "version", json_string(CTRI_VERSION));
	json_object_object_add(top, "command", json_string(command));
	return top;
}

void json_watched(void)
{
	watched = true;
}

static void put_time(struct json_object *top)
{
	time_t now = time(NULL);
	char date[32] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_object_object_add(top, "time", json_string(date));
}

int json_print(struct json_object *top, FILE *out)
{
	int pretty = watched ? JSON_C_TO_STRING_PLAIN :
			       JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;

	if (watched)
		put_time(top);
	fputs(json_object_to_json_string_ext(top, pretty | JSON_C_TO_STRING_NOSLASHESCAPE), out);
	fputc('\n', out);
	json_object_put(top);
	return ferror(out) ? -1 : 0;
}
