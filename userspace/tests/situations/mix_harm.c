// SPDX-License-Identifier: GPL-2.0
/*
 * Ingredients that do harm, or that something has gone wrong with. As in
 * mix_work.c, a flow's rate is its share of the ingredient's entries; what a flow
 * has of INVALID packets is a number for each connection.
 */
#include <math.h>
#include <netinet/in.h>

#include "tests/situations/situation.h"

#define MOST_LOOKED_AFTER	60000	/* entries: 500 questions a second */

enum { FLAGS = 1, MIDSTREAM_PACKET, RST_FIN, SYN_ACK, WINDOW };	/* of the inv_ columns */

/* Most harm is done to those who work: the background's servers. */
static struct crowd *target(struct situation *s)
{
	return chance_says(&s->chance, 0.6) ? s->flow[0].whom :
					      crowd_add(s, NAMED, 1, HONEST);
}

static void any_service(struct situation *s, struct flow *f)
{
	static const int tcp[] = { 80, 443, 22, 25, 8443, 3389 };
	static const int udp[] = { 53, 123, 5060, 27015 };
	struct chance *c = &s->chance;

	if (f->script != NEVER_ANSWERED || chance_says(c, 0.7))
		flow_service(f, IPPROTO_TCP, tcp[chance_int(c, 0, 5)], 1);
	else
		flow_service(f, IPPROTO_UDP, udp[chance_int(c, 0, 3)], 1);
}

static void add_flood(struct situation *s, int i, struct crowd *who, enum script script)
{
	struct flow *f;

	if (script == NEVER_ANSWERED && chance_says(&s->chance, 0.05))
		script = PICKED_UP;	/* ACKs instead of SYNs */
	f = flow_add(s, i, script, who, target(s));
	f->retries = false;
	any_service(s, f);
	f->rate = 1;
}

static struct crowd *culprits(struct situation *s, int low, int high)
{
	struct crowd *who = crowd_add(s, NAMED, chance_int(&s->chance, low, high), CULPRIT);

	who->skew = who->nr <= 8 ? chance_unit(&s->chance) * 0.5 : 0;
	who->neighbours = who->nr > 8 || chance_says(&s->chance, 0.2);
	return who;
}

static void add_scan(struct situation *s, int i)
{
	struct chance *c = &s->chance;
	double entries = s->ingredient[i].wanted;
	bool ports = chance_says(c, 0.3) && entries < 60000;
	struct crowd *who = culprits(s, 1, 3);
	struct flow *f;

	/* Each door is knocked at a few times, or there are more than time for them. */
	f = flow_add(s, i, NEVER_ANSWERED, who, ports ? target(s) :
		     crowd_add(s, MANY, 300 + entries * chance_log(c, 0.3, 5), HONEST));
	f->retries = false;
	flow_service(f, IPPROTO_TCP, ports ? 1 : chance_says(c, 0.5) ? 22 : 445, 1);
	f->all_ports = ports;
	f->rate = 1;
}

static void add_dead(struct situation *s, int i)
{
	struct chance *c = &s->chance;
	struct crowd *whom = crowd_add(s, NAMED, 1, DEAD_END), *who;
	struct flow *f;

	if (chance_says(c, 0.3)) {
		who = crowd_add(s, MANY, chance_log(c, 500, 5000), HONEST);
	} else {
		who = crowd_add(s, NAMED, chance_int(c, 20, 250), HONEST);
		who->neighbours = chance_says(c, 0.5);
	}
	f = flow_add(s, i, NEVER_ANSWERED, who, whom);
	if (chance_says(c, 0.85))
		flow_service(f, IPPROTO_TCP, chance_says(c, 0.5) ? 5432 : 8080, 1);
	else
		flow_service(f, IPPROTO_UDP, 514, 1);
	f->rate = 0.85;
	/* The same clients are answered elsewhere. */
	f = flow_add(s, i, TALKS, who, s->flow[0].whom);
	flow_service(f, IPPROTO_TCP, 443, 1);
	f->life = 10;
	f->rate = 0.15;
}

/* A worm, an uplink that is down, mail to the dead: who asks is answered elsewhere. */
static void add_in_vain(struct situation *s, int i)
{
	static const int ports[] = { 443, 25, 445, 161 };
	struct chance *c = &s->chance;
	double entries = s->ingredient[i].wanted;
	int port = ports[chance_int(c, 0, 3)];
	struct crowd *who;
	struct flow *f;

	if (chance_says(c, 0.4))
		who = crowd_add(s, MANY, fmax(chance_log(c, 0.005, 0.1) * entries, 50), HONEST);
	else
		who = crowd_add(s, NAMED, chance_int(c, 25, 250), HONEST);
	f = flow_add(s, i, NEVER_ANSWERED, who, crowd_add(s, MANY, chance_log(c, 1000, 50000), HONEST));
	flow_service(f, port == 161 ? IPPROTO_UDP : IPPROTO_TCP, port, 1);
	f->rate = 0.7;
	f = flow_add(s, i, TALKS, who, crowd_add(s, MANY, chance_log(c, 500, 5000), HONEST));
	flow_service(f, IPPROTO_TCP, 443, 1);
	f->life = 10;
	f->rate = 0.3;
}

/*
 * One that looks after hundreds, most of which are down, and asks each every 6 to 20
 * seconds. Without that it is no matter of size: what else there is fills the table.
 */
static void add_monitoring(struct situation *s, int i)
{
	struct chance *c = &s->chance;
	double entries = fmin(s->ingredient[i].wanted, MOST_LOOKED_AFTER);
	double answered = chance_log(c, 0.02, 0.5), every = chance_log(c, 6, 20);
	double targets = entries * (1 - answered) / s->host.setting[SYN_SENT_S] * every;
	struct crowd *who = crowd_add(s, NAMED, chance_int(c, 1, 2), HONEST);
	struct flow *f = flow_add(s, i, NEVER_ANSWERED, who,
				  crowd_add(s, MANY, fmax(targets, 8), HONEST));

	flow_service(f, IPPROTO_TCP, 9100, 1);
	f->rate = (1 - answered) * entries / s->ingredient[i].wanted;
	f = flow_add(s, i, TALKS, who, crowd_add(s, MANY, fmax(targets / 4, 8), HONEST));
	flow_service(f, IPPROTO_TCP, 9100, 1);
	f->life = 1;
	f->rate = answered * entries / s->ingredient[i].wanted;
}

static void add_one_way(struct situation *s, int i, bool back)
{
	struct chance *c = &s->chance;
	struct crowd *clients, *servers = crowd_add(s, NAMED, chance_int(c, 1, 6), HONEST);
	struct flow *f;

	if (back || chance_says(c, 0.5))
		clients = crowd_add(s, MANY, chance_log(c, 1000, 50000), HONEST);
	else
		clients = crowd_add(s, NAMED, chance_int(c, 40, 250), HONEST);
	if (back) {
		/* A server's answers: the SYN-ACK is INVALID, data is picked up. */
		f = flow_add(s, i, PICKED_UP, servers, clients);
		flow_service(f, IPPROTO_TCP, 32768, 1);
		f->all_ports = true;
		f->invalid[SYN_ACK] = 1.1;
		f->ends = chance_says(c, 0.5);
	} else {
		/* A client's ACKs don't fit an entry that waits for a SYN-ACK. */
		f = flow_add(s, i, NEVER_ANSWERED, clients, servers);
		flow_service(f, IPPROTO_TCP, 443, 1);
		f->invalid[WINDOW] = chance_log(c, 3, 20);
	}
	f->rate = 1;
}

/*
 * Each side of a connection that the host has forgotten goes on talking, and sends
 * again what isn't acknowledged.
 */
static void add_forgotten(struct situation *s, int i)
{
	const struct flow *talked = &s->flow[0];
	double packets = 60 + talked->rate * talked->life / talked->gap *
			 chance_log(&s->chance, 1, 10);
	int way;

	for (way = 0; way < 2; way++) {
		struct crowd *client = s->flow[0].who, *server = s->flow[0].whom;
		struct flow *f = flow_add(s, i, NO_ENTRY, way ? server : client,
					  way ? client : server);

		flow_service(f, IPPROTO_TCP, way ? 40000 : 443, 1);
		f->all_ports = way;
		f->invalid[MIDSTREAM_PACKET] = packets / 2;
		f->begun = s->host.flushed;
	}
}

static void add_invalid(struct situation *s, int i)
{
	static const int kinds[] = { FLAGS, RST_FIN, SYN_ACK };
	struct chance *c = &s->chance;
	struct flow *f = flow_add(s, i, NO_ENTRY, culprits(s, 1, 5), target(s));

	flow_service(f, IPPROTO_TCP, 443, 1);
	f->invalid[kinds[chance_int(c, 0, 2)]] = chance_log(c, 500, 30000);
	f->retries = false;
}

static void add_leak(struct situation *s, int i)
{
	static const int ports[] = { 5432, 3306, 6379, 9092, 443 };
	struct chance *c = &s->chance;
	int port = ports[chance_int(c, 0, 4)];
	struct crowd *who, *whom;
	struct flow *f;

	if (chance_says(c, 0.6)) {	/* a client that never closes */
		who = crowd_add(s, NAMED, chance_int(c, 1, 3), MIXED);
		whom = crowd_add(s, NAMED, chance_int(c, 1, 3), MIXED);
	} else {			/* a server that never does */
		who = crowd_add(s, NAMED, chance_int(c, 30, 250), HONEST);
		whom = crowd_add(s, NAMED, 1, MIXED);
	}
	f = flow_add(s, i, FALLS_SILENT, who, whom);
	flow_service(f, IPPROTO_TCP, port, 1);
	f->stock_age = chance_log(c, 7200, 400000);
	f->rate = 0.92;
	f = flow_add(s, i, TALKS, who, whom);
	flow_service(f, IPPROTO_TCP, port, 1);
	f->life = 30;
	f->rate = 0.08;
}

static void add_dead_peers(struct situation *s, int i)
{
	struct chance *c = &s->chance;
	struct crowd *who = crowd_add(s, MANY, chance_log(c, 2000, 100000), HONEST);
	struct crowd *whom = crowd_add(s, NAMED, chance_int(c, 40, 200), HONEST);
	struct flow *f = flow_add(s, i, FALLS_SILENT, who, whom);
	static const int ports[MOST_SERVICES] = { 443, 993, 5223, 8883 };
	int port;

	for (port = 0; port < MOST_SERVICES; port++)
		flow_service(f, IPPROTO_TCP, ports[port], 0.25);
	f->stock_age = chance_log(c, 86400, 430000);
	f->rate = 1;
}

/* Ordinary work, that a timeout which somebody raised keeps for long */
static void add_raised(struct situation *s, int i)
{
	const int *setting = s->host.setting;
	struct crowd *who = crowd_add(s, MANY, chance_log(&s->chance, 1000, 50000), HONEST);
	struct crowd *whom = crowd_add(s, NAMED, chance_int(&s->chance, 1, 8), HONEST);
	struct flow *f;

	f = flow_add(s, i, setting[UDP_S] > 30 ? ASKED_ONCE : TALKS, who, whom);
	f->rate = 1;
	if (setting[UDP_S] > 30) {
		flow_service(f, IPPROTO_UDP, 53, 1);
		return;
	}
	flow_service(f, IPPROTO_TCP, 443, 1);
	f->close_state = setting[CLOSE_WAIT_S] > 60 ? CLOSE_WAIT :
			 setting[FIN_WAIT_S] > 120 ? FIN_WAIT : TIME_WAIT;
}

/* Questions that are soon over, beside connections that stay: the worker is lazy. */
static void add_unreaped(struct situation *s, int i)
{
	struct crowd *who = crowd_add(s, MANY, 5000, HONEST);
	struct crowd *whom = crowd_add(s, NAMED, 2, HONEST);
	struct flow *f = flow_add(s, i, ASKED_ONCE, who, whom);

	flow_service(f, IPPROTO_UDP, 53, 1);
	f->rate = 0.1;		/* the rest of what it holds has expired */
	f = flow_add(s, i, TALKS, who, whom);
	flow_service(f, IPPROTO_TCP, 853, 1);
	f->life = 20000;
	f->rate = 0.25;
}

void harm_add(struct situation *s, int i)
{
	enum ingredient_kind kind = s->ingredient[i].kind;
	struct chance *c = &s->chance;

	if (kind == FLOOD_ONE)
		add_flood(s, i, culprits(s, 1, 1), NEVER_ANSWERED);
	else if (kind == FLOOD_FEW)
		add_flood(s, i, culprits(s, 2, 8), NEVER_ANSWERED);
	else if (kind == FLOOD_PREFIX)
		add_flood(s, i, culprits(s, 60, 250), NEVER_ANSWERED);
	else if (kind == HALF_OPEN)
		add_flood(s, i, culprits(s, 1, 6), NEVER_COMPLETED);
	else if (kind == SPOOFED)
		add_flood(s, i, crowd_add(s, NEW, UINT32_MAX, PHANTOM),
			  chance_says(c, 0.25) ? NEVER_COMPLETED : NEVER_ANSWERED);
	else if (kind == SCAN)
		add_scan(s, i);
	else if (kind == DEAD_SERVICE)
		add_dead(s, i);
	else if (kind == ONE_WAY_OUT || kind == ONE_WAY_BACK)
		add_one_way(s, i, kind == ONE_WAY_BACK);
	else if (kind == FORGOTTEN)
		add_forgotten(s, i);
	else if (kind == INVALID_FLOOD)
		add_invalid(s, i);
	else if (kind == LEAK)
		add_leak(s, i);
	else if (kind == DEAD_PEERS)
		add_dead_peers(s, i);
	else if (kind == RAISED)
		add_raised(s, i);
	else if (kind == IN_VAIN)
		add_in_vain(s, i);
	else if (kind == MONITORING)
		add_monitoring(s, i);
	else
		add_unreaped(s, i);
}
