// SPDX-License-Identifier: GPL-2.0
/* The kernel's log as evidence: that packets were refused, and when. */
#include <string.h>

#include "judge/logged.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* __nf_conntrack_alloc() in nf_conntrack_core.c names the namespace since then. */
#define NAMES_SINCE	"6.17"

bool logged_names(const struct snapshot *s)
{
	size_t i;

	for (i = 0; i < s->nr_log_spells; i++)
		if (s->log_spell[i].netns != UNKNOWN)
			return true;
	return *s->kernel && strverscmp(s->kernel, NAMES_SINCE) >= 0;
}

bool logged_within(const struct log_spell *spell, double seconds)
{
	return spell && spell->last_ago != UNKNOWN && spell->last_ago <= seconds;
}

/*
 * It has dropped packets since the boot, or it isn't known. Without the module a row has
 * those of a few seconds alone.
 */
static bool has_dropped(const struct tables *ts, const struct netns_table *n)
{
	if (ts->s->mod.loaded && n->row && n->row->k_drop != UNKNOWN)
		return n->row->k_drop > 0;
	return ts->s->stat.drop != 0;
}

/* A packet that is refused counts as dropped (nf_conntrack_in()): without one it wasn't here. */
static bool is_of(const struct tables *ts, const struct netns_table *n,
		  const struct log_spell *spell)
{
	if (spell->kind != LOG_TABLE_FULL)
		return false;
	if (spell->netns != UNKNOWN)
		return spell->netns == (n->own ? ts->s->own_netns : n->netns);
	if (!n->own || (tables_outside(ts) && logged_names(ts->s)))
		return false;
	return has_dropped(ts, n);
}

/* What the module has counted needs no log. */
static bool adds_something(const struct snapshot *s, const struct log_spell *spell)
{
	return !s->mod.loaded ||
	       (spell->first_ago != UNKNOWN && s->mod.uptime != UNKNOWN &&
		spell->first_ago > s->mod.uptime);
}

const struct log_spell *logged_full(const struct tables *ts, const struct netns_table *n)
{
	const struct log_spell *spell = ts->s->log_spell;
	size_t i = ts->s->nr_log_spells;

	while (i--)
		if (is_of(ts, n, &spell[i]) && adds_something(ts->s, &spell[i]))
			return &spell[i];
	return NULL;
}

/* The same table has told more since. */
static bool is_newest(const struct snapshot *s, const struct log_spell *spell)
{
	const struct log_spell *later;

	for (later = spell + 1; later < s->log_spell + s->nr_log_spells; later++)
		if (later->kind == spell->kind && later->netns == spell->netns)
			return false;
	return true;
}

static bool is_elsewhere(const struct tables *ts, const struct log_spell *spell)
{
	size_t i;

	/* The module sees all namespaces, but from /proc/net/conntriage its own alone. */
	if (spell->kind != LOG_TABLE_FULL || (ts->s->mod.loaded && !ts->s->mod.partial))
		return false;
	for (i = 0; i < ts->nr_netns; i++)
		if (is_of(ts, &ts->netns[i], spell))
			return false;
	if (spell->netns == UNKNOWN)
		return ts->nr_netns > 0 && !ts->s->log.alone;
	return spell->netns != ts->s->own_netns;
}

const struct log_spell *logged_elsewhere(const struct tables *ts, const struct log_spell *spell)
{
	const struct log_spell *end = ts->s->log_spell + ts->s->nr_log_spells;

	for (spell = spell ? spell + 1 : ts->s->log_spell; spell < end; spell++)
		if (is_newest(ts->s, spell) && is_elsewhere(ts, spell))
			return spell;
	return NULL;
}

const struct log_spell *logged_expect(const struct snapshot *s)
{
	size_t i = s->nr_log_spells;

	while (i--)
		if (s->log_spell[i].kind == LOG_EXPECT_FULL)
			return &s->log_spell[i];
	return NULL;
}

/* "from 41 minutes to 2 seconds ago" */
static void say_when(const struct log_spell *spell, struct fact *fact)
{
	bool once = spell->last_ago != UNKNOWN ?
		    !strcmp(duration(spell->first_ago), duration(spell->last_ago)) :
		    !strcmp(spell->first, spell->last);

	if (spell->last_ago != UNKNOWN && once)
		fact_more(fact, " {last} ago", seconds_of(spell->last_ago));
	else if (spell->last_ago != UNKNOWN)
		fact_more(fact, " from {first} to {last} ago", seconds_of(spell->first_ago),
			  seconds_of(spell->last_ago));
	else if (*spell->last && once)
		fact_more(fact, " at {last_at} by the log's clock", text_of(spell->last));
	else if (*spell->last)
		fact_more(fact, " from {first_at} to {last_at} by the log's clock",
			  text_of(spell->first), text_of(spell->last));
}

void logged_fact(const struct log_spell *spell, const char *what, const char *quote,
		 struct facts *facts)
{
	struct fact *fact = facts_new(facts);

	fact_set(fact, "{} [kernel: log]", text_of(what));
	say_when(spell, fact);
	fact_more(fact, ", {lines} at least: {} kernel's log {} \"{}\", and most such packets get "
		  "none", count_of(spell->lines),
		  text_of(spell->lines == 1 ? "a line of the" : "the"),
		  text_of(spell->lines == 1 ? "says" : "has as many lines"), text_of(quote));
	if (spell->unwritten)
		fact_more(fact, " ({unwritten} lines were left out, of these or of other network "
			  "messages)", count_of(spell->unwritten));
}

/* Spells before that one, so that it is known whether this is new */
static void say_before(const struct tables *ts, const struct netns_table *n,
		       const struct log_spell *last, struct finding *f)
{
	const struct log_spell *first = NULL, *spell;
	struct fact *fact;
	int64_t nr = 0;

	for (spell = ts->s->log_spell; spell < last; spell++)
		if (is_of(ts, n, spell) && spell->netns == last->netns) {
			first = first ?: spell;
			nr++;
		}
	if (!nr)
		return;
	fact = facts_new(&f->evidence);
	if (nr == 1)
		fact_set(fact, "it was full once before, [kernel: log]");
	else
		fact_set(fact, "it was full {times} times before, first [kernel: log]",
			 count_of(nr));
	say_when(first, fact);
}

/* What its silence says, or why it says nothing */
static void say_nothing(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	const struct kernel_log *log = &ts->s->log;

	if (ts->s->mod.loaded || !n->own || n->level < LEVEL_REFUSING)
		return;
	if (*log->why_not)
		facts_add(&f->against, "since when it refuses packets isn't known: the kernel's log "
			  "can't be read, {}", text_of(log->why_not));
	else if (log->known && log->span != UNKNOWN && log->span > TH(RECENT))
		facts_add(&f->against, "the kernel's log goes back {span} and has no line \"table "
			  "full\": drops have other reasons, too", seconds_of(log->span));
}

void logged_evidence(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	const struct log_spell *last = logged_full(ts, n);

	if (!last) {
		say_nothing(ts, n, f);
		return;
	}
	if (ts->s->mod.loaded && last->last_ago <= ts->s->mod.uptime) {
		facts_add(&f->evidence, "packets were refused {first} ago already, before the module "
			  "was loaded: the kernel's log says \"table full\" [kernel: log]",
			  seconds_of(last->first_ago));
		return;
	}
	logged_fact(last, ts->s->mod.loaded ? "before the module was loaded packets were refused" :
		    "packets were refused", "table full", &f->evidence);
	say_before(ts, n, last, f);
	if (last->netns == UNKNOWN && !logged_names(ts->s) &&
	    (ts->nr_tables > 1 || share(n->count, n->max) < TH(TIGHT)))
		facts_add(&f->against, "whose table was full the kernel's log doesn't say, before "
			  "Linux " NAMES_SINCE ": it may be that of another namespace");
}
