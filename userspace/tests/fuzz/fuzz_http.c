// SPDX-License-Identifier: GPL-2.0
/* Requests to conntriage exporter: whatever comes has one meaning, and stays in its buffer. */
#include <stdlib.h>
#include <string.h>

#include "exporter/http.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request_head r, again;
	char *text, head[ANSWER_MOST];
	struct answer a = { 0 };
	size_t len;

	if (size > REQUEST_MOST)
		size = REQUEST_MOST;
	text = malloc(size + !size);	/* ASan guards its end */
	if (!text)
		abort();
	memcpy(text, data, size);
	a.status = request_parse(text, size, &r);
	switch (a.status) {
	case 200:
		if (*r.path != '/' || r.path < text || r.path + strlen(r.path) >= text + size)
			abort();
		break;
	case 0:
		/* Nothing of what isn't whole was touched: it is looked at again. */
		if (size == REQUEST_MOST || memcmp(text, data, size) ||
		    request_parse(text, size, &again))
			abort();
		break;
	case 400: case 405: case 414: case 431:
		break;
	default:
		abort();
	}
	if (a.status) {
		len = answer_head(&a, !r.head, head);
		if (len >= ANSWER_MOST || !memmem(head, len, "\r\n\r\n", 4))
			abort();
	}
	free(text);
	return 0;
}
