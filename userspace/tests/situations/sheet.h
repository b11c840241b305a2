/* SPDX-License-Identifier: GPL-2.0 */
/* Text that is written quickly: printf() would take most of a situation's time. */
#ifndef CONNTRIAGE_SITUATIONS_SHEET_H
#define CONNTRIAGE_SITUATIONS_SHEET_H

#include <stddef.h>
#include <stdint.h>

struct sheet {
	char *text;		/* ends with a NUL */
	size_t len, size;
};

/** sheet_clear() - begin anew; keeps the memory */
void sheet_clear(struct sheet *s);

/** sheet_put() - add characters as they are */
void sheet_put(struct sheet *s, const char *text);

/** sheet_word() - add a word and a space behind it */
void sheet_word(struct sheet *s, const char *word);

/** sheet_number() - add a number and a space behind it; UNKNOWN is "-" */
void sheet_number(struct sheet *s, int64_t n);

/** sheet_numbers() - add numbers with commas between, and a space */
void sheet_numbers(struct sheet *s, const int64_t *n, int nr);

/** sheet_named() - add name=count,... of those that aren't 0, or "-", and a space */
void sheet_named(struct sheet *s, const char *const *names, const int64_t *n, int nr);

/** sheet_end() - end the line: its last space becomes a newline */
void sheet_end(struct sheet *s);

void sheet_free(struct sheet *s);

#endif
