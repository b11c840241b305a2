// SPDX-License-Identifier: GPL-2.0
/*
 * Ingredients that work: what is answered, however much it is. Each flow's rate is
 * its share of the ingredient's entries; situation_make() makes rates of them.
 */
#include <netinet/in.h>

#include "tests/situations/situation.h"

static struct crowd *clients(struct situation *s)
{
	struct chance *c = &s->chance;
	struct crowd *who;

	if (chance_says(c, 0.4))
		return crowd_add(s, MANY, chance_log(c, 1000, 200000), HONEST);
	who = crowd_add(s, NAMED, chance_int(c, 20, 250), HONEST);
	who->skew = chance_unit(c) * 0.8;
	who->neighbours = chance_says(c, 0.4);
	return who;
}

static struct crowd *servers(struct situation *s, int most)
{
	struct crowd *whom = crowd_add(s, NAMED, chance_int(&s->chance, 1, most), HONEST);

	whom->neighbours = chance_says(&s->chance, 0.7);
	return whom;
}

static void web(struct situation *s, struct flow *f)
{
	flow_service(f, IPPROTO_TCP, 443, 0.8);
	if (chance_says(&s->chance, 0.5))
		flow_service(f, IPPROTO_TCP, 80, 0.2);
}

/* Some RST and FIN come late on any host. */
static void late_ends(struct flow *f)
{
	f->invalid[3] = 0.01;
}

static void add_background(struct situation *s, int i)
{
	struct crowd *own = crowd_add(s, NAMED, 1, HONEST);
	struct crowd *resolvers = crowd_add(s, NAMED, 2, HONEST);
	struct crowd *site = servers(s, 6), *noise;
	struct flow *f;

	own->local = true;
	f = flow_add(s, i, TALKS, clients(s), site);
	web(s, f);
	late_ends(f);
	f->life = chance_log(&s->chance, 2, 60);
	f->rate = 0.85;

	f = flow_add(s, i, ASKED_ONCE, own, resolvers);
	flow_service(f, IPPROTO_UDP, 53, 1);
	f->rate = 0.12;

	/* The internet tries every door. */
	noise = crowd_add(s, MANY, 5000, HONEST);
	f = flow_add(s, i, NEVER_ANSWERED, noise, site);
	flow_service(f, IPPROTO_TCP, 23, 0.5);
	flow_service(f, IPPROTO_TCP, 8080, 0.5);
	f->rate = 0.03;
}

static void add_chatter(struct situation *s, int i)
{
	static const int ports[] = { 53, 53, 53, 123, 161 };
	bool own = chance_says(&s->chance, 0.2);
	struct crowd *who, *whom;
	struct flow *f;

	/* This host's own lookups, or those of its clients */
	who = own ? s->flow[1].who : clients(s);
	whom = own ? s->flow[1].whom : servers(s, 3);
	if (!own && chance_says(&s->chance, 0.3)) {
		whom->local = true;
		whom->nr = 1;
	}
	f = flow_add(s, i, ASKED_ONCE, who, whom);
	flow_service(f, IPPROTO_UDP, ports[chance_int(&s->chance, 0, 4)], 1);
	f->rate = 1;
}

/* One address that stands for many, or that asks for many */
static struct crowd *proxy(struct situation *s)
{
	return crowd_add(s, NAMED, 1, HONEST);
}

static void add_connections(struct situation *s, int i, bool long_ones, bool from_proxy)
{
	struct chance *c = &s->chance;
	struct crowd *who = from_proxy ? proxy(s) : clients(s);
	struct crowd *whom = from_proxy && chance_says(c, 0.6) ?
			     crowd_add(s, MANY, chance_log(c, 300, 20000), HONEST) : servers(s, 8);
	struct flow *f = flow_add(s, i, TALKS, who, whom);

	if (long_ones && chance_says(c, 0.15)) {
		flow_service(f, IPPROTO_UDP, 443, 1);	/* QUIC */
	} else {
		web(s, f);
		late_ends(f);
	}
	f->life = long_ones ? chance_log(c, 600, 20000) : chance_log(c, 0.05, 5);
	f->gap = chance_log(c, 1, 40);
	f->rate = 1;
	if (!long_ones && chance_says(c, 0.2))
		f->close_state = FIN_WAIT;
	if (!from_proxy)
		return;
	/* A proxy's users mistype, too. */
	f->rate = 1 - chance_unit(c) * 0.12;
	flow_add(s, i, NEVER_ANSWERED, who, whom)->rate = 1 - f->rate;
	web(s, f + 1);
}

void work_add(struct situation *s, int ingredient)
{
	enum ingredient_kind kind = s->ingredient[ingredient].kind;

	if (kind == BACKGROUND)
		add_background(s, ingredient);
	else if (kind == CHATTER)
		add_chatter(s, ingredient);
	else
		add_connections(s, ingredient, kind == GROWTH || kind == PROXY,
				kind == PROXY || kind == PROXY_CHURN);
}
