// SPDX-License-Identifier: GPL-2.0
/* A list of checks: how one is added, and what all of them come to. */
#include <stdarg.h>
#include <stdlib.h>

#include "judge/finding.h"
#include "judge/doctor.h"
#include "lib/memory.h"

struct check *check_add(struct checks *c, const char *name, enum check_state state,
			const char *fmt, ...)
{
	struct check *check = grow(&c->check, &c->nr, sizeof(*check));
	va_list ap;

	check->name = name;
	check->state = state;
	va_start(ap, fmt);
	check->text = print_text(fmt, ap);
	va_end(ap);
	return check;
}

void checks_free(struct checks *c)
{
	size_t i;

	for (i = 0; i < c->nr; i++) {
		free(c->check[i].text);
		lines_free(&c->check[i].commands);
	}
	free(c->check);
	c->check = NULL;
	c->nr = 0;
}

int checks_status(const struct checks *c)
{
	int status = SEV_OK;
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (c->check[i].state == CHECK_UNWELL)
			return SEV_WARNING;
		if (c->check[i].state == CHECK_UNKNOWN)
			status = SEV_UNKNOWN;
	}
	return status;
}
