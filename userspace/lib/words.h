/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers for prose and tables. Each function returns one of 32 static buffers
 * in turn, so up to 32 of them fit into one printf; not for threads.
 */
#ifndef CONNTRIAGE_LIB_WORDS_H
#define CONNTRIAGE_LIB_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define WORD_SIZE	128	/* bytes of a buffer */

/** word_buffer() - the next of the buffers, for words that are made elsewhere */
char *word_buffer(void);

const char *num(int64_t n);			/* 1,234,567 */
const char *pct(double part, double whole);	/* 62 % */
const char *per_second(double rate);		/* 4,812 or 0.4 */
const char *bytes(double n);			/* 1.5 GiB */
const char *duration(int64_t seconds);		/* 5 days, 41 minutes */
const char *short_time(int64_t seconds);	/* 12 s, 41 min, 5 h, 3 d */

/* @when in local time by strftime()'s @format; "-" where there is none */
void local_time(int64_t when, const char *format, char *text, size_t size);

#endif
