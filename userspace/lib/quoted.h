/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of others' making as words of a table: text_plain(), as all words are, and
 * back. What isn't plain is "=" and two hexadecimal digits.
 */
#ifndef CONNTRIAGE_LIB_QUOTED_H
#define CONNTRIAGE_LIB_QUOTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** quoted_print() - a name as one word; "-" where it is empty */
void quoted_print(FILE *to, const char *name);

/**
 * quoted_read() - the name that a word stands for
 * @size: of @to
 *
 * Return: false where it isn't such a word, doesn't fit, or isn't printable ASCII.
 */
bool quoted_read(const char *word, char *to, size_t size);

#endif
