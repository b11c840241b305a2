/* SPDX-License-Identifier: GPL-2.0 */
/* What every target does: a copy of the input with a NUL, a place for faults. */
#ifndef CONNTRIAGE_FUZZ_H
#define CONNTRIAGE_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz {
	char *text;		/* parsers write into it; ASan guards its end */
	size_t len;
	char message[256];
	struct fault fault;
};

static inline void fuzz_begin(struct fuzz *f, const uint8_t *data, size_t size)
{
	f->text = malloc(size + 1);
	if (!f->text)
		abort();
	memcpy(f->text, data, size);
	f->text[size] = '\0';
	f->len = size;
	f->message[0] = '\0';
	f->fault = (struct fault) { .text = f->message, .size = sizeof(f->message) };
}

/* A message that could upset a terminal is a bug too. */
static inline void fuzz_end(struct fuzz *f)
{
	const char *c;

	for (c = f->message; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	free(f->text);
}

#endif
