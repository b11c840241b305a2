// SPDX-License-Identifier: GPL-2.0
/* Cells of lists: each value as people read it, as JSON has it, and to sort by. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "lib/words.h"
#include "render/json_values.h"
#include "render/list.h"

/* Whatever a file smuggled in, the terminal gets plain ASCII. */
static void set_text(struct cell *c, const char *text)
{
	char *p;

	c->text = strdup(text);
	if (!c->text)
		no_memory();
	for (p = c->text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
}

void cell_both(const struct list *l, struct cell *c, const char *text, struct json_object *json)
{
	set_text(c, text && *text ? text : "-");
	c->tells = text && *text;
	if (l->ask->json)
		c->json = json;
}

void cell_text(const struct list *l, struct cell *c, const char *text)
{
	cell_both(l, c, text, l->ask->json ? json_string(text) : NULL);
}

void cell_number(const struct list *l, struct cell *c, int64_t n)
{
	set_text(c, n == UNKNOWN ? "-" : num(n));
	c->number = n;
	c->tells = known(n);
	if (l->ask->json)
		c->json = json_integer(n);
}

void cell_real(const struct list *l, struct cell *c, double value, const char *text)
{
	set_text(c, text);
	c->number = isnan(value) ? -INFINITY : value;
	c->tells = value > 0;
	if (l->ask->json)
		c->json = json_real(value);
}

void cell_percent(const struct list *l, struct cell *c, int64_t part, int64_t whole)
{
	double percent = share(part, whole);
	char text[32];

	/* Neither "0%" of something nor "100%" of not quite all. */
	if (part == UNKNOWN || whole <= 0)
		cell_real(l, c, NAN, "-");
	else if (percent > 0 && percent < 1)
		cell_real(l, c, percent, "<1%");
	else if (percent > 99 && percent < 100)
		cell_real(l, c, percent, "99%");
	else
		cell_real(l, c, percent,
			  (snprintf(text, sizeof(text), "%.0f%%", percent), text));
}

void cell_error(const struct list *l, struct cell *c, int64_t err)
{
	char text[40];

	snprintf(text, sizeof(text), "%s%s", err ? "+" : "", num(known(err)));
	set_text(c, err == UNKNOWN ? "any" : text);
	c->number = err == UNKNOWN ? INFINITY : err;
	c->tells = err;
	if (l->ask->json)
		c->json = json_integer(err);
}

void cell_flag(const struct list *l, struct cell *c, bool value)
{
	set_text(c, value ? "yes" : "-");
	c->tells = value;
	if (l->ask->json)
		c->json = json_flag(value);
}

void cell_words(struct cell *c, const char *text)
{
	free(c->text);
	set_text(c, text);
}

void cell_id(const struct list *l, struct cell *c, int64_t id)
{
	char text[24];

	cell_number(l, c, id);
	snprintf(text, sizeof(text), "%" PRId64, id);
	if (id != UNKNOWN)
		cell_words(c, text);
}

void cell_ago(const struct list *l, struct cell *c, int64_t seconds)
{
	char text[WORD_SIZE + 8];

	cell_number(l, c, seconds);
	snprintf(text, sizeof(text), "%s ago", short_time(seconds));
	if (seconds != UNKNOWN)
		cell_words(c, seconds <= 1 ? "now" : text);
}

void cell_seconds(const struct list *l, struct cell *c, int64_t seconds)
{
	cell_number(l, c, seconds);
	cell_words(c, short_time(seconds));
}

void cell_netns(const struct list *l, struct cell *c, int64_t netns)
{
	const char *name = netns_name(l->s, netns);

	cell_both(l, c, netns_word(l->s, netns), l->ask->json ? json_string(name) : NULL);
	c->tells = netns != l->s->own_netns;
}

void cell_who(const struct list *l, struct cell *c, int64_t netns, const char *source)
{
	char address[64];

	address_of_word(source, address, sizeof(address));
	cell_text(l, c, l->ask->no_names ? NULL : who_words(l->s, netns, address));
}
