/* SPDX-License-Identifier: GPL-2.0 */
/* Values of JSON, and the object that every command's output is. */
#ifndef CONNTRIAGE_RENDER_JSON_VALUES_H
#define CONNTRIAGE_RENDER_JSON_VALUES_H

#include <json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * NULL is JSON's null, so all of these can be added to an object as they are. Memory
 * that runs out ends the program.
 */

/** json_string() - plain ASCII, whatever was read: '?' for all else; NULL or "": null */
struct json_object *json_string(const char *text);

/** json_integer() - a whole number; UNKNOWN: null */
struct json_object *json_integer(int64_t n);

/** json_real() - a number in 15 digits at most; what is none: null */
struct json_object *json_real(double value);

struct json_object *json_flag(bool value);
struct json_object *json_list(void);
struct json_object *json_fields(void);

/**
 * json_command() - an object with what all have: schema, version and command
 * @command: its name on the command line
 */
struct json_object *json_command(const char *command);

/**
 * json_watched() - from here on each object is a line, and says when it was made
 *
 * JSON Lines: "time" is UTC.
 */
void json_watched(void);

/** json_print() - print an object and free it; Return: 0, or -1 for an error of @out */
int json_print(struct json_object *top, FILE *out);

#endif
