// SPDX-License-Identifier: GPL-2.0
/* Entries out of text, and whether it is one: what comes out is what struct entry allows. */
#include <netinet/in.h>
#include <stdlib.h>

#include "entries/listing.h"
#include "lib/numbers.h"
#include "tests/fuzz/fuzz.h"

static void look_at(const struct entry *e, void *data)
{
	size_t *nr = data;

	(*nr)++;
	if ((e->family != AF_INET && e->family != AF_INET6) || e->proto < 0 || e->proto > 255 ||
	    e->state < ANY || e->state > 15 || e->sport < ANY || e->sport > UINT16_MAX ||
	    e->dport < ANY || e->dport > UINT16_MAX || (e->left < 0 && e->left != UNKNOWN))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t nr = 0;
	struct fuzz f;

	/* It isn't written to: a copy of its very size, so that ASan guards its end */
	fuzz_begin(&f, data, size);
	listing_is_one((const char *)data, size);
	listing_each(f.text, f.len, look_at, &nr);
	if (memcmp(f.text, data, size))
		abort();
	fuzz_end(&f);
	return 0;
}
