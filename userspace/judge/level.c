// SPDX-License-Identifier: GPL-2.0
/* What each table lost of late, and how hard it is pressed. */
#include "judge/level.h"
#include "judge/logged.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* A packet was refused, or an entry killed, within a row of history. */
static int64_t row_refusals(const struct tables *ts, const struct history_row *h)
{
	return ts->probes ? known(h->refusals) : known(h->k_drop);
}

static int64_t row_evictions(const struct tables *ts, const struct history_row *h)
{
	int64_t killed = ts->probes ? h->evictions : h->k_early_drop;

	return plus(killed, h->gc_evictions);
}

/*
 * A table that never made room for a connection of its own: what it lost, the
 * garbage collector killed because another table refused (gc_worker() in
 * nf_conntrack_core.c; docs/conntrack.md, "Garbage collection").
 */
static bool cleared_for_others(const struct netns_row *row)
{
	return row->refusals != UNKNOWN && !known(row->evictions) && !known(row->refusals) &&
	       !known(row->evictions_unattr) && !known(row->drops_unattr);
}

/* History names only the fullest namespace: the one that refuses, if any. */
void level_losses(struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];
		struct netns_table *n = tables_netns(ts, h->netns);
		int64_t r = row_refusals(ts, h);

		if (!n || cleared_for_others(n->row))
			continue;
		if (r)
			n->last_refused = known(h->ago);
		if (known(h->ago) > TH(SPELL))
			continue;
		n->was_refused = plus(n->was_refused, r);
		n->was_evicted = plus(n->was_evicted, row_evictions(ts, h));
		if (known(h->ago) > TH(RECENT))
			continue;
		n->refused = plus(n->refused, r);
		n->evicted = plus(n->evicted, row_evictions(ts, h));
	}
}

/*
 * A table over TH(TIGHT) is no alarm while most of it may be evicted: entries
 * that aren't ASSURED only inflate the number, as early_drop_list() in
 * nf_conntrack_core.c skips none but the ASSURED ones. Without a census that
 * isn't known.
 */
static bool inflated(const struct netns_table *n)
{
	return n->total && known(n->total->entries) &&
	       share(known(n->total->assured), n->max) < TH(HARD);
}

/*
 * Without the module nobody knows when the counters rose; a full table with
 * drops is most likely refusing.
 */
static enum level level_unseen(const struct tables *ts, double used)
{
	if (used >= TH(FULL) && known(ts->s->stat.drop))
		return LEVEL_REFUSING;
	if (used >= TH(FULL) && known(ts->s->stat.early_drop))
		return LEVEL_EVICTING;
	return used >= TH(TIGHT) ? LEVEL_TIGHT : LEVEL_CALM;
}

/* One list tells what a table holds, and not what was lost meanwhile. */
static bool is_listed_once(const struct tables *ts)
{
	return tables_listed(ts) && !ts->s->nr_history;
}

static enum level level_of(const struct tables *ts, const struct netns_table *n)
{
	double used = share(n->count, n->max);

	if (n->max <= 0)
		return LEVEL_CALM;
	if (!n->row || is_listed_once(ts))
		return level_unseen(ts, used);
	/*
	 * A table with room isn't full, whatever it did just before the fix was
	 * typed. The garbage collector kills above TH(FULL) only (gc_worker()),
	 * early_drop() at 100 %.
	 */
	if (n->refused && used >= TH(TIGHT))
		return LEVEL_REFUSING;
	if (n->evicted && used >= TH(TIGHT) && !cleared_for_others(n->row))
		return LEVEL_EVICTING;
	/* one that is full and made room lately soon will again, whatever it holds */
	if (used >= TH(TIGHT) && (!inflated(n) || (used >= TH(FULL) && n->was_evicted)))
		return LEVEL_TIGHT;
	return n->was_refused ? LEVEL_WAS : LEVEL_CALM;
}

/* What the kernel's log says of it, where there is no module to have counted */
static enum level level_logged(const struct tables *ts, struct netns_table *n)
{
	const struct log_spell *spell = ts->s->mod.loaded ? NULL : logged_full(ts, n);

	if (n->max <= 0 || !logged_within(spell, TH(SPELL)))
		return LEVEL_CALM;
	if (n->last_refused == UNKNOWN)
		n->last_refused = spell->last_ago;
	return logged_within(spell, TH(RECENT)) && share(n->count, n->max) >= TH(TIGHT) ?
	       LEVEL_REFUSING : LEVEL_WAS;
}

void level_decide(const struct tables *ts, struct netns_table *n)
{
	enum level logged = level_logged(ts, n);

	n->level = level_of(ts, n);
	if (n->level < logged)
		n->level = logged;
}
