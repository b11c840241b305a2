// SPDX-License-Identifier: GPL-2.0
/*
 * Who was found, without names. A container's identifier is the same here as in the path
 * of its cgroup, so that a program still is in its container.
 */
#include <stdbool.h>
#include <string.h>

#include "lib/numbers.h"
#include "read/anonymous_names.h"
#include "read/anonymous_words.h"

#define MOST	16		/* columns; there are fewer */

/* Columns that hold what somebody has chosen, and what is put there */
static const struct {
	const char *column, *kind;
} chosen[] = {
	{ "id", "container" }, { "container", "container" }, { "name", "name" },
	{ "image", "image" }, { "pod", "pod" }, { "pod_namespace", "namespace" },
};

static const char *kind_of(const char *column, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(chosen); i++)
		if (strlen(chosen[i].column) == len && !strncmp(column, chosen[i].column, len))
			return chosen[i].kind;
	return NULL;
}

/* As where it stands in a path; others, such as those of LXC, are names */
static bool is_identifier(const char *word, size_t len)
{
	return len >= 12 && strspn(word, "0123456789abcdef") >= len;
}

/* What isn't chosen, between characters that are quoted, "=20", and no part of a word */
static void words(const struct pseudonyms *p, const char *word, size_t len, FILE *out)
{
	const char *end = word + len;

	while (word < end) {
		size_t size = strcspn(word, "="), quoted = 3;

		if (size > (size_t)(end - word))
			size = end - word;
		anonymous_words(p, word, size, WORDS_ADDRESSES | WORDS_HEX, out);
		word += size;
		if (quoted > (size_t)(end - word))
			quoted = end - word;
		fwrite(word, 1, quoted, out);
		word += quoted;
	}
}

static void one(const struct pseudonyms *p, const char *kind, const char *word, size_t len,
		FILE *out)
{
	char name[64];

	if (!kind || is_identifier(word, len)) {
		words(p, word, len, out);
	} else if (len == 1 && *word == '-') {
		fputc('-', out);
	} else {
		pseudonym_name(p, kind, word, len, name, sizeof(name));
		fputs(name, out);
	}
}

void anonymous_names(const struct pseudonyms *p, const char *text, size_t len, FILE *out)
{
	const char *kind[MOST] = { NULL }, *at = text, *end = text + len;
	size_t column = 0;
	bool head = true;

	while (at < end) {
		size_t size = strcspn(at, " \n");

		if (size > (size_t)(end - at))
			size = end - at;
		if (head)
			fprintf(out, "%.*s", (int)size, at);
		else
			one(p, column < MOST ? kind[column] : "other", at, size, out);
		if (head && column < MOST)
			kind[column] = kind_of(at, size);
		at += size;
		if (at == end)
			break;
		fputc(*at ? *at : ' ', out);
		column = *at == '\n' ? 0 : column + 1;
		head = head && *at != '\n';
		at++;
	}
}
