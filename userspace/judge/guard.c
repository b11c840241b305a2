// SPDX-License-Identifier: GPL-2.0
/* Whom no rule may cut off. */
#include <string.h>

#include "fix/fix.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/guard.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "lib/address.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SERVES		1	/* % of the table that is answered there: others need it */

static const char *const reason_words[GUARD_REASONS] = {
	[GUARD_GATEWAY] = "is a gateway of this host",
	[GUARD_RESOLVER] = "is a resolver of this host",
	[GUARD_SESSION] = "is where somebody is logged in from",
};

/* Established connections count, whether they talk or wait. */
static bool serves(const struct netns_table *n, const struct group *to)
{
	return share(group_fruitful(to) + group_silent(to), n->occupancy->entries) >= SERVES;
}

/* The destination that an address is to others, where enough of them are answered there */
static bool answers_here(const struct netns_table *n, const char *address)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; o && i < o->nr[GROUP_DEST]; i++)
		if (!strcmp(o->group[GROUP_DEST][i].row.name, address) &&
		    serves(n, &o->group[GROUP_DEST][i]))
			return true;
	return false;
}

static bool is_local(const struct snapshot *s, const char *address)
{
	size_t i;

	for (i = 0; i < s->nr_local; i++)
		if (!strcmp(s->local[i], address))
			return true;
	return false;
}

const char *guard_named(const struct tables *ts, const char *address)
{
	const struct snapshot *s = ts->s;
	size_t i;

	for (i = 0; i < s->nr_guarded; i++)
		if (!strcmp(s->guarded[i].address, address))
			return reason_words[s->guarded[i].why];
	/* that of another namespace is seen there as a neighbour, or the gateway */
	return is_local(s, address) ? "is an address of this host" : NULL;
}

const char *guard_of(const struct tables *ts, const struct netns_table *n,
		     const char *address)
{
	const char *why = guard_named(ts, address);

	return why || !answers_here(n, address) ? why : "answers others here";
}

static bool except(struct fix_source *who, const char *address)
{
	size_t i;

	if (!address_in(who->source, address))
		return true;
	for (i = 0; i < who->nr_except; i++)
		if (!strcmp(who->except[i], address))
			return true;
	if (who->nr_except == FIX_EXCEPT)
		return false;
	who->except[who->nr_except++] = address;
	return true;
}

static bool guard_network(const struct tables *ts, const struct netns_table *n,
			  struct fix_source *who)
{
	const struct occupancy *o = n->occupancy;
	const struct snapshot *s = ts->s;
	bool fits = true;
	size_t i;

	for (i = 0; i < s->nr_guarded; i++)
		fits &= except(who, s->guarded[i].address);
	for (i = 0; i < s->nr_local; i++)
		fits &= except(who, s->local[i]);
	for (i = 0; o && i < o->nr[GROUP_DEST]; i++)
		if (serves(n, &o->group[GROUP_DEST][i]))
			fits &= except(who, o->group[GROUP_DEST][i].row.name);
	return fits;
}

bool guard_source(const struct tables *ts, const struct netns_table *n,
		  struct fix_source *who)
{
	if (address_is_network(who->source))
		return guard_network(ts, n, who);
	return !guard_of(ts, n, who->source);
}

bool guard_group(const struct tables *ts, const struct netns_table *n,
		 const struct group *g)
{
	struct fix_source who = cure_group(g);

	return guard_source(ts, n, &who);
}

static bool is_named(const struct tables *ts, const struct group *to)
{
	struct cure_target where;

	cure_target(&where, to);
	return guard_named(ts, where.address);
}

void guard_mark(const struct tables *ts, struct netns_table *n)
{
	struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		struct group *g = &o->group[GROUP_SOURCE][i];

		g->guarded = !g->own && !guard_group(ts, n, g);
	}
	for (i = 0; i < o->nr[GROUP_DEST]; i++)
		o->group[GROUP_DEST][i].guarded = is_named(ts, &o->group[GROUP_DEST][i]);
	for (i = 0; i < o->nr[GROUP_PAIR]; i++)
		o->group[GROUP_PAIR][i].guarded = is_named(ts, &o->group[GROUP_PAIR][i]);
}

void guard_say(const struct tables *ts, const struct netns_table *n,
	       const struct fix_source *who, bool cut, struct finding *f)
{
	const char *why = guard_of(ts, n, who->nr_except ? who->except[0] : who->source);

	if (!cut && who->nr_except)
		facts_add(&f->against, "{} holds more than {most} addresses that this host "
			  "needs: no rule here cuts it off", text_of(who->source),
			  as_it_is(FIX_EXCEPT));
	else if (!cut)
		facts_add(&f->against, "{} {}: does it pass on what others send? No rule here "
			  "cuts it off", text_of(who->source), text_of(why));
	else if (who->nr_except == 1)
		facts_add(&f->price, "The rule spares {}, which {}.", text_of(who->except[0]),
			  text_of(why));
	else if (who->nr_except)
		facts_add(&f->price, "The rule spares {}, which {}, and {more} more that "
			  "this host needs.", text_of(who->except[0]), text_of(why),
			  as_it_is(who->nr_except - 1));
}
