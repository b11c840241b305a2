// SPDX-License-Identifier: GPL-2.0
/* The rows of a list: whose which numbers are, and in which order they stand. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "lib/words.h"
#include "top/listing.h"

const char *const list_name[LISTS] = {
	[LIST_SOURCES] = "sources", [LIST_DESTINATIONS] = "destinations",
	[LIST_SERVICES] = "services", [LIST_PREFIXES] = "prefixes",
	[LIST_PROGRAMS] = "programs", [LIST_NAMESPACES] = "namespaces",
};

/* What a class of events is to a list */
struct part {
	enum source_class class;
	int metric;		/* or METRICS: known of a row, and no column */
};

static const struct part by_source[] = {
	{ SRC_INSERT, METRIC_ARRIVALS }, { SRC_REFUSED, METRIC_REFUSED },
	{ SRC_EVICTED, METRIC_EVICTED }, { SRC_INVALID, METRIC_INVALID },
	{ SRC_EVICTING, METRICS }, { SRC_INSERT_FAILED, METRICS },
};

static const struct part by_target[] = {
	{ SRC_REFUSED_TO, METRIC_REFUSED }, { SRC_EVICTED_TO, METRIC_EVICTED },
	{ SRC_INVALID_TO, METRIC_INVALID }, { SRC_INSERT_FAILED, METRICS },
};

static const struct part by_program[] = { { SRC_PROGRAM, METRIC_ARRIVALS } };

static const struct {
	const struct part *part;
	size_t nr_parts;
	bool service;			/* rows without an address: family 0 */
	enum census_record record;	/* CENSUS_WALK: none has its entries */
} lists[LISTS] = {
	[LIST_SOURCES] = { by_source, ARRAY_SIZE(by_source), false, CENSUS_SOURCE },
	[LIST_DESTINATIONS] = { by_target, ARRAY_SIZE(by_target), false, CENSUS_DEST },
	[LIST_SERVICES] = { by_target, ARRAY_SIZE(by_target), true, CENSUS_SERVICE },
	[LIST_PREFIXES] = { by_source, ARRAY_SIZE(by_source), false, CENSUS_PREFIX },
	[LIST_PROGRAMS] = { by_program, ARRAY_SIZE(by_program), true, CENSUS_WALK },
	[LIST_NAMESPACES] = { NULL, 0, false, CENSUS_WALK },
};

bool same_identity(const struct identity *a, const struct identity *b)
{
	return a->netns == b->netns && !strcmp(a->key, b->key);
}

static void unknown_row(struct listed *row)
{
	int i;

	memset(row, 0, sizeof(*row));
	for (i = 0; i < METRICS; i++) {
		row->now[i] = NAN;
		row->total[i] = UNKNOWN;
	}
}

static struct listed *new_row(struct listing *l, int64_t netns, const char *key)
{
	struct listed *row = grow(&l->row, &l->nr, sizeof(*row));

	unknown_row(row);
	row->who.netns = netns;
	snprintf(row->who.key, sizeof(row->who.key), "%s", key);
	return row;
}

/* The network of the census that a source is in, or "" */
static void network_of(const struct snapshot *s, const char *source, char *net, size_t size)
{
	unsigned char bits[sizeof(struct in6_addr)];
	char address[INET6_ADDRSTRLEN];
	bool six = strchr(source, ':');
	int64_t keep = six ? s->mod.census_prefix6 : s->mod.census_prefix4;
	int i, len = six ? 16 : 4;

	*net = '\0';
	snprintf(address, sizeof(address), "%.*s", (int)strcspn(source, "/"), source);
	if (inet_pton(six ? AF_INET6 : AF_INET, address, bits) != 1)
		return;
	/* What a module has that doesn't tell */
	if (keep == UNKNOWN)
		keep = six ? 48 : 24;
	for (i = 0; i < len; i++)
		if (8 * i >= keep)
			bits[i] = 0;
		else if (8 * (i + 1) > keep)
			bits[i] &= 0xff << (8 * (i + 1) - keep);
	inet_ntop(six ? AF_INET6 : AF_INET, bits, address, sizeof(address));
	snprintf(net, size, "%s/%d", address, (int)keep);
}

static void add_events(struct listing *l, const struct snapshot *s, enum list_kind list)
{
	char net[64];
	size_t i, k;

	for (i = 0; i < s->nr_source; i++) {
		const struct source_row *from = &s->source[i];
		const char *key = from->source;
		struct listed *row;

		for (k = 0; k < lists[list].nr_parts; k++)
			if (lists[list].part[k].class == from->class)
				break;
		if (k == lists[list].nr_parts || (from->family == 0) != lists[list].service)
			continue;
		if (list == LIST_PREFIXES) {
			network_of(s, key, net, sizeof(net));
			key = net;
		}
		if (!*key)
			continue;
		row = new_row(l, from->netns, key);
		if (list != LIST_PREFIXES)
			row->of[from->class] = from;
		if (lists[list].part[k].metric != METRICS) {
			row->now[lists[list].part[k].metric] = from->rate;
			row->total[lists[list].part[k].metric] = from->count;
		}
	}
}

static void add_entries(struct listing *l, const struct snapshot *s, enum list_kind list)
{
	char key[64];
	size_t i;

	for (i = 0; i < s->nr_census && lists[list].record != CENSUS_WALK; i++) {
		const struct census_row *from = &s->census[i];
		struct listed *row;

		if (from->record != lists[list].record)
			continue;
		if (list == LIST_SERVICES)
			snprintf(key, sizeof(key), "%s/%.40s", from->proto, from->name);
		else
			snprintf(key, sizeof(key), "%s", from->name);
		row = new_row(l, from->netns, key);
		row->census = from;
		row->now[METRIC_ENTRIES] = known(from->entries);
	}
}

static const struct pace *pace_of(const struct scene *sc, const struct netns_row *n)
{
	size_t i;

	for (i = 0; i < sc->nr_pace; i++)
		if (sc->pace[i].netns == n->netns && sc->pace[i].id == n->id)
			return &sc->pace[i];
	return NULL;
}

static void add_namespaces(struct listing *l, const struct scene *sc)
{
	char key[24];
	size_t i;

	for (i = 0; i < sc->s->nr_netns; i++) {
		const struct netns_row *n = &sc->s->netns[i];
		const struct pace *pace = pace_of(sc, n);
		struct listed *row;

		snprintf(key, sizeof(key), "%" PRId64, n->id);
		row = new_row(l, n->netns, key);
		row->netns = n;
		row->now[METRIC_ENTRIES] = n->count == UNKNOWN ? NAN : n->count;
		row->total[METRIC_ARRIVALS] = n->inserts;
		row->total[METRIC_REFUSED] = n->refusals;
		row->total[METRIC_EVICTED] = plus(n->evictions, n->gc_evictions);
		row->total[METRIC_INVALID] = n->invalid;
		if (!pace)
			continue;
		row->now[METRIC_ARRIVALS] = pace->inserts;
		row->now[METRIC_REFUSED] = pace->refused;
		row->now[METRIC_EVICTED] = pace->evicted;
		row->now[METRIC_INVALID] = pace->invalid;
	}
}

static int by_identity(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;

	if (a->who.netns != b->who.netns)
		return a->who.netns < b->who.netns ? -1 : 1;
	return strcmp(a->who.key, b->who.key);
}

static void put_together(struct listed *a, const struct listed *b)
{
	int i;

	for (i = 0; i < METRICS; i++) {
		if (!isnan(b->now[i]))
			a->now[i] = isnan(a->now[i]) ? b->now[i] : a->now[i] + b->now[i];
		if (b->total[i] != UNKNOWN)
			a->total[i] = plus(a->total[i], b->total[i]);
	}
	for (i = 0; i < SRC_CLASSES; i++)
		if (!a->of[i])
			a->of[i] = b->of[i];
	if (!a->census)
		a->census = b->census;
}

/* One row each, of what many files' rows say */
static void merge(struct listing *l)
{
	size_t i, last = 0;

	if (!l->nr)
		return;
	qsort(l->row, l->nr, sizeof(*l->row), by_identity);
	for (i = 1; i < l->nr; i++) {
		if (by_identity(&l->row[last], &l->row[i]))
			l->row[++last] = l->row[i];
		else
			put_together(&l->row[last], &l->row[i]);
	}
	l->nr = last + 1;
}

/* Who isn't in a list that has room for him does none of that. */
static void fill_zeros(struct listing *l, const struct snapshot *s, enum list_kind list)
{
	size_t seen[SRC_CLASSES] = { 0 }, i, k;

	for (i = 0; i < s->nr_source; i++)
		seen[s->source[i].class]++;
	for (k = 0; k < lists[list].nr_parts; k++) {
		const struct part *part = &lists[list].part[k];

		if (part->metric == METRICS || !s->has_class[part->class] ||
		    seen[part->class] >= LIST_ROWS)
			continue;
		for (i = 0; i < l->nr; i++)
			if (isnan(l->row[i].now[part->metric]))
				l->row[i].now[part->metric] = l->row[i].total[part->metric] = 0;
	}
}

static int by_number(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a < b) - (a > b);
}

static int by_sort(const void *left, const void *right, void *sort)
{
	static const enum metric next[] = {
		METRIC_REFUSED, METRIC_EVICTED, METRIC_ARRIVALS, METRIC_ENTRIES, METRIC_INVALID,
	};
	const struct listed *a = left, *b = right;
	unsigned int by = *(unsigned int *)sort;
	int order = by == SORT_NAME ? by_identity(a, b) : by_number(a->now[by], b->now[by]);
	size_t i;

	for (i = 0; !order && i < ARRAY_SIZE(next); i++)
		order = by_number(a->now[next[i]], b->now[next[i]]);
	return order ? order : by_identity(a, b);
}

static bool passes(const struct snapshot *s, const struct view *v, const struct listed *row)
{
	return strcasestr(listed_name(s, v->list, &row->who), v->filter) ||
	       strcasestr(listed_who(s, v->list, row), v->filter);
}

static void filter(struct listing *l, const struct snapshot *s, const struct view *v)
{
	size_t i, kept = 0;

	for (i = 0; i < l->nr; i++)
		if (passes(s, v, &l->row[i]))
			l->row[kept++] = l->row[i];
	l->nr = kept;
}

static int between(int n, int low, int high)
{
	return n > high ? (high < low ? low : high) : n < low ? low : n;
}

/* Put the selected row where it was looked at; all others stay in their order. */
static void hold(struct listing *l, struct view *v, int lines)
{
	struct listed row;
	size_t at, to;

	for (at = 0; at < l->nr; at++)
		if (same_identity(&l->row[at].who, &v->selected))
			break;
	if (at == l->nr && *v->filter) {
		v->has_selected = false;	/* it was filtered out */
		return;
	}
	if (at == l->nr) {
		unknown_row(new_row(l, 0, ""));
		l->row[at].who = v->selected;
	}
	v->line = between(v->line, 0, lines - 1);
	v->scroll = between(v->scroll, 0, (int)l->nr - lines);
	to = between(v->scroll + v->line, 0, l->nr - 1);
	v->line = to - v->scroll;
	row = l->row[at];
	if (at < to)
		memmove(&l->row[at], &l->row[at + 1], (to - at) * sizeof(row));
	else
		memmove(&l->row[to + 1], &l->row[to], (at - to) * sizeof(row));
	l->row[to] = row;
}

void listing_build(struct listing *l, const struct scene *sc, struct view *v, int lines)
{
	*l = (struct listing) { NULL, 0, 0 };
	if (v->list == LIST_NAMESPACES)
		add_namespaces(l, sc);
	add_events(l, sc->s, v->list);
	add_entries(l, sc->s, v->list);
	merge(l);
	fill_zeros(l, sc->s, v->list);
	l->all = l->nr;
	if (*v->filter)
		filter(l, sc->s, v);
	if (l->nr)
		qsort_r(l->row, l->nr, sizeof(*l->row), by_sort, &v->sort);
	if (v->has_selected)
		hold(l, v, lines);
	v->scroll = between(v->scroll, 0, (int)l->nr - lines);
}

void listing_free(struct listing *l)
{
	free(l->row);
	*l = (struct listing) { NULL, 0, 0 };
}

const char *listed_name(const struct snapshot *s, enum list_kind list, const struct identity *who)
{
	const struct program *p = list == LIST_PROGRAMS ? find_program(s, who->key) : NULL;
	const char *name = list == LIST_NAMESPACES ? netns_name(s, who->netns) : who->key;
	char *out = word_buffer();

	if (list == LIST_NAMESPACES && !*name)
		snprintf(out, WORD_SIZE, "%" PRId64, who->netns);
	else if (p)
		snprintf(out, WORD_SIZE, "%s", p->unit);
	else if (list == LIST_PROGRAMS)
		snprintf(out, WORD_SIZE, "cgroup %s", name);
	else
		snprintf(out, WORD_SIZE, "%s", name);
	return out;
}

/* Without the name, which stands there already */
static const char *of_program(const struct snapshot *s, const struct listed *row)
{
	const struct program *p = find_program(s, row->who.key);
	const char *words = p ? who_program(s, p) : "";

	if (p && !strncmp(words, p->unit, strlen(p->unit)))
		words += strlen(p->unit);
	return words + strspn(words, ", ");
}

static const char *of_namespace(const struct snapshot *s, const struct listed *row)
{
	const char *who = row->who.netns == s->own_netns ? "this one" :
			  who_netns(s, row->who.netns), *dash;
	char *out = word_buffer();

	*out = '\0';
	/* Its name stands there already. */
	if (*netns_name(s, row->who.netns) && !strncmp(who, "namespace ", strlen("namespace ")))
		who = "";
	dash = *who ? ", " : "";
	if (row->netns && row->netns->conntrack == 1 && row->netns->max > 0)
		snprintf(out, WORD_SIZE, "%s of %s%s%.80s",
			 pct(row->netns->count, row->netns->max), num(row->netns->max), dash, who);
	else if (row->netns)
		snprintf(out, WORD_SIZE, "not tracking%s%.80s", dash, who);
	return out;
}

const char *listed_who(const struct snapshot *s, enum list_kind list, const struct listed *row)
{
	char address[64];

	switch (list) {
	case LIST_SOURCES:
	case LIST_DESTINATIONS:
		snprintf(address, sizeof(address), "%.*s", (int)strcspn(row->who.key, "/"),
			 row->who.key);
		return who_words(s, row->who.netns, address);
	case LIST_PROGRAMS:
		return of_program(s, row);
	case LIST_NAMESPACES:
		return of_namespace(s, row);
	case LIST_SERVICES:
	case LIST_PREFIXES:
	case LISTS:
		break;
	}
	return "";
}
