// SPDX-License-Identifier: GPL-2.0
/*
 * Makes up a situation: a host, a background that works, and one to three
 * ingredients, each in a size. What the table holds at most follows from what they
 * would hold together, so that it is known whether it is full.
 */
#include <math.h>
#include <string.h>

#include "tests/situations/situation.h"

#define COUNT_OF(array)	((int)(sizeof(array) / sizeof((array)[0])))

const char *const ingredient_names[INGREDIENT_KINDS] = {
	[FLOOD_ONE] = "flood of one source", [FLOOD_FEW] = "flood of a few sources",
	[FLOOD_PREFIX] = "flood of a prefix", [SCAN] = "scan",
	[SPOOFED] = "made-up sources", [HALF_OPEN] = "half-open flood",
	[DEAD_SERVICE] = "dead service", [ONE_WAY_OUT] = "only requests pass here",
	[ONE_WAY_BACK] = "only answers pass here",
	[FORGOTTEN] = "forgotten connections", [INVALID_FLOOD] = "INVALID flood",
	[CHATTER] = "questions and answers", [CHURN] = "short connections",
	[GROWTH] = "long connections", [PROXY] = "a proxy's long connections",
	[PROXY_CHURN] = "a proxy's short connections", [LEAK] = "leak",
	[DEAD_PEERS] = "dead peers", [RAISED] = "raised timeout",
	[UNREAPED] = "expired entries", [IN_VAIN] = "many that ask in vain",
	[MONITORING] = "monitoring of what is down", [BACKGROUND] = "background",
};

static bool is_work(enum ingredient_kind kind)
{
	return kind == CHATTER || kind == CHURN || kind == GROWTH || kind == PROXY ||
	       kind == PROXY_CHURN || kind == BACKGROUND;
}

static void make_host(struct situation *s)
{
	struct chance *c = &s->chance;
	struct host *h = &s->host;
	int i;

	for (i = 0; i < SETTINGS; i++)
		h->setting[i] = setting_names[i].usual;
	h->family = chance_says(c, 0.25) ? 6 : 4;
	h->nat = chance_says(c, 0.4);
	h->tcp_loose = 1;
	h->uptime = chance_log(c, 700, 3e6);
	if (chance_says(c, 0.15))
		h->uptime = chance_int(c, 60, 700);
	h->max = chance_log(c, 2000, 1e6);
	if (chance_says(c, 0.6))	/* people like these */
		h->max = 1ll << chance_int(c, 11, 20);
	if (!chance_says(c, 0.1))
		return;
	if (chance_says(c, 0.5))	/* well-meant advice */
		h->setting[ESTABLISHED_S] = chance_says(c, 0.5) ? 86400 : 7440;
	if (chance_says(c, 0.5))
		h->setting[TIME_WAIT_S] = 30 * chance_int(c, 1, 3);
	if (chance_says(c, 0.3))
		h->setting[SYN_SENT_S] = 30 * chance_int(c, 1, 3);
}

static void make_buckets(struct situation *s)
{
	static const double slots[] = { 1, 1, 1, 2, 4, 0.25 };
	struct host *h = &s->host;

	h->buckets = h->max / slots[chance_int(&s->chance, 0, COUNT_OF(slots) - 1)];
	/* Expired entries stay where nobody passes by. */
	for (int i = 0; i < s->nr_ingredients; i++)
		if (s->ingredient[i].kind == UNREAPED)
			h->buckets = h->max * chance_int(&s->chance, 8, 64);
	h->buckets = (h->buckets + 511) / 512 * 512;
	h->mem_total = (int64_t)(4 + h->max / 50000) << 30;
}

static enum ingredient_kind any_kind(struct situation *s)
{
	static const struct {
		enum ingredient_kind kind;
		int often;
	} kinds[] = {
		{ FLOOD_ONE, 8 }, { FLOOD_FEW, 7 }, { FLOOD_PREFIX, 6 }, { SCAN, 7 },
		{ SPOOFED, 7 }, { HALF_OPEN, 5 }, { DEAD_SERVICE, 7 }, { ONE_WAY_OUT, 4 },
		{ ONE_WAY_BACK, 4 }, { FORGOTTEN, 3 }, { INVALID_FLOOD, 3 }, { CHATTER, 7 },
		{ CHURN, 7 }, { GROWTH, 7 }, { PROXY, 5 }, { PROXY_CHURN, 4 }, { LEAK, 7 },
		{ DEAD_PEERS, 4 }, { RAISED, 5 }, { UNREAPED, 2 }, { IN_VAIN, 5 },
		{ MONITORING, 5 },
	};
	int i, sum = 0, at;

	for (i = 0; i < COUNT_OF(kinds); i++)
		sum += kinds[i].often;
	at = chance_int(&s->chance, 0, sum - 1);
	for (i = 0; at >= kinds[i].often; i++)
		at -= kinds[i].often;
	return kinds[i].kind;
}

/* Two of one kind would be one that is twice as large. */
static bool has_kind(const struct situation *s, enum ingredient_kind kind)
{
	int i;

	for (i = 0; i < s->nr_ingredients; i++)
		if (s->ingredient[i].kind == kind)
			return true;
	return false;
}

static void choose_ingredients(struct situation *s)
{
	int i, nr = 1 + chance_int(&s->chance, 1, 3);
	double share[MOST_INGREDIENTS], sum = 0;

	s->ingredient[s->nr_ingredients++].kind = BACKGROUND;
	while (s->nr_ingredients < nr) {
		enum ingredient_kind kind = any_kind(s);

		/* A table with room is healthy only as long as its users work. */
		if (s->fill == ROOMY && !is_work(kind) && chance_says(&s->chance, 0.8))
			continue;
		if (!has_kind(s, kind))
			s->ingredient[s->nr_ingredients++].kind = kind;
	}
	for (i = 0; i < nr; i++) {
		share[i] = i ? chance_log(&s->chance, 0.1, 1) :
			       chance_log(&s->chance, 0.03, 0.25);
		if (s->ingredient[i].kind == FORGOTTEN || s->ingredient[i].kind == INVALID_FLOOD)
			share[i] = 0;
		sum += share[i];
	}
	for (i = 0; i < nr; i++)
		s->ingredient[i].wanted = s->wanted * share[i] / sum;
}

static void raise_timeout(struct situation *s)
{
	static const int raised[] = { UDP_S, TIME_WAIT_S, CLOSE_WAIT_S, FIN_WAIT_S };
	int *setting = &s->host.setting[raised[chance_int(&s->chance, 0, 3)]];

	*setting = *setting < 60 ? 300 : 600;
	*setting *= chance_int(&s->chance, 1, 6);
}

/* What ingredients need of the host, before flows take their timeouts from it */
static void prepare_host(struct situation *s)
{
	struct host *h = &s->host;

	if (has_kind(s, RAISED))
		raise_timeout(s);
	if (has_kind(s, UNREAPED)) {
		int64_t max = chance_log(&s->chance, 2000, 20000);
		int i;

		for (i = 0; i < s->nr_ingredients; i++)
			s->ingredient[i].wanted *= (double)max / h->max;
		h->max = max;
		h->setting[UDP_S] = chance_int(&s->chance, 2, 6);
	}
	if (has_kind(s, FORGOTTEN)) {
		h->tcp_loose = 0;
		h->flushed = chance_int(&s->chance, 20, 400);
		if (h->uptime < 2 * h->flushed)
			h->uptime = 2 * h->flushed;
	}
}

/*
 * Some of what happens began within the last minutes. A flood may be over, and the
 * last of its entries have gone.
 */
static void begin_late(struct situation *s, int ingredient)
{
	enum ingredient_kind kind = s->ingredient[ingredient].kind;
	double begun = chance_log(&s->chance, 60, 800);
	bool over = kind <= FLOOD_PREFIX && chance_says(&s->chance, 0.08);
	int i;

	if (is_work(kind) || !(over || chance_says(&s->chance, 0.3)))
		return;
	for (i = 0; i < s->nr_flows; i++) {
		struct flow *f = &s->flow[i];

		if (f->ingredient != ingredient || f->script == FALLS_SILENT)
			continue;
		f->begun = begun;
		if (!over || f->script == PICKED_UP)
			continue;
		f->over = f->wait + 70 + chance_unit(&s->chance) * 80;
		f->begun = f->over + 60 + begun / 4;
		f->who->role = GONE;
	}
}

/* Some servers of long connections are restarted. Their luck is their own. */
static void restart_late(struct situation *s, uint64_t seed)
{
	struct chance c;
	int i;

	chance_seed(&c, seed ^ 0x2e57a27);
	for (i = 0; i < s->nr_flows; i++) {
		enum ingredient_kind kind = s->ingredient[s->flow[i].ingredient].kind;

		if ((kind == GROWTH || kind == PROXY) && s->flow[i].script == TALKS &&
		    s->flow[i].close && chance_says(&c, 0.1))
			s->flow[i].restarted = chance_log(&c, 3, 150);
	}
}

void situation_make(struct situation *s, uint64_t seed)
{
	struct chance *c = &s->chance;
	double entries;
	int i, j, first;

	memset(s, 0, sizeof(*s));
	s->seed = seed;
	chance_seed(c, seed);
	make_host(s);
	s->fill = chance_says(c, 0.2) ? ROOMY : chance_says(c, 0.1) ? GREY : FULL;
	s->wanted = s->host.max * (s->fill == ROOMY ? chance_log(c, 0.02, 0.55) :
				   s->fill == GREY ? chance_log(c, 0.65, 1.1) :
				   chance_log(c, 1.2, 4));
	choose_ingredients(s);
	prepare_host(s);
	make_buckets(s);
	for (i = 0; i < s->nr_ingredients; i++) {
		first = s->nr_flows;
		entries = s->ingredient[i].wanted;
		if (is_work(s->ingredient[i].kind))
			work_add(s, i);
		else
			harm_add(s, i);
		/* Sizes were shares of what flow_sized() has to know timeouts for. */
		for (j = first; j < s->nr_flows; j++) {
			flow_timeouts(&s->flow[j], &s->host);
			flow_sized(&s->flow[j], entries * s->flow[j].rate);
		}
		begin_late(s, i);
	}
	restart_late(s, seed);
	s->wanted = 0;
	for (i = 0; i < s->nr_flows; i++)
		s->wanted += flow_holds(&s->flow[i]);
}
