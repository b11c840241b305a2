// SPDX-License-Identifier: GPL-2.0
/* What is kept of a host once its snapshot is gone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/host.h"
#include "judge/causes.h"
#include "judge/diagnose.h"
#include "lib/address.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "read/read.h"
#include "render/sentence.h"
#include "snapshot.h"

static char *copy(const char *text)
{
	char *new = strdup(text);

	if (!new)
		no_memory();
	return new;
}

/* Causes that are about what somebody does. Of the others nobody is to blame. */
static bool accuses(const struct cause *cause)
{
	static const struct cause *const causes_that_do[] = {
		&cause_flood, &cause_scan, &cause_spoofed, &cause_dead, &cause_invalid, &cause_leak,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(causes_that_do); i++)
		if (cause == causes_that_do[i])
			return true;
	return false;
}

static bool is_in(const char *const *networks, size_t nr, const char *address)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (address_in(networks[i], address))
			return true;
	return false;
}

/*
 * An address that means another machine on each host: its own, one of its containers, or
 * one of networks that containers have for themselves, seen within a namespace.
 */
static bool is_of_host(const struct snapshot *s, const struct party *p)
{
	static const char *const everywhere[] = { "127.0.0.0/8", "::1/128", "fe80::/10" };
	/* RFC 1918, RFC 6598, RFC 3927, RFC 4193 */
	static const char *const private[] = {
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"169.254.0.0/16", "fc00::/7",
	};
	size_t i;

	if (p->own || is_in(everywhere, ARRAY_SIZE(everywhere), p->name))
		return true;
	if (p->netns != UNKNOWN && p->netns != s->own_netns &&
	    is_in(private, ARRAY_SIZE(private), p->name))
		return true;
	for (i = 0; i < s->nr_owned; i++)
		if (s->owned[i].outside != 1 && !strcmp(s->owned[i].address, p->name))
			return true;
	return false;
}

static bool is_blamed(const struct snapshot *s, const struct finding *f, const struct party *p)
{
	switch (p->kind) {
	case PARTY_SOURCE:
	case PARTY_NETWORK:
	case PARTY_DESTINATION:
	case PARTY_ENDPOINT:
		return f->severity != SEV_OK && accuses(f->cause) && !is_of_host(s, p);
	default:
		return false;
	}
}

static void keep_party(const struct snapshot *s, const struct finding *f, const struct party *p,
		       struct fleet_finding *into)
{
	struct fleet_party *k;
	char name[192];

	if (p->kind == PARTY_NOBODY || !p->name)
		return;
	/* Who merely opens most is listed with a table of which nothing else is known. */
	if (f->cause == &cause_full)
		return;
	snprintf(name, sizeof(name), "%s%s%s%s%s", p->name, p->proto || p->port ? " " : "",
		 p->proto ? p->proto : "", p->proto && p->port ? "/" : "", p->port ? p->port : "");
	k = grow(&into->party, &into->nr_parties, sizeof(*k));
	k->name = copy(name);
	k->who = p->own ? copy("this host") : p->who && *p->who ? copy(p->who) : NULL;
	k->blamed = is_blamed(s, f, p);
}

static void keep_finding(const struct snapshot *s, const struct finding *f, struct fleet_host *h)
{
	struct fleet_finding *k = grow(&h->finding, &h->nr_findings, sizeof(*k));
	size_t i;

	k->cause = f->cause;
	k->severity = f->severity;
	k->certainty = f->certainty;
	k->sentence = sentence(&f->sentence);
	for (i = 0; i < f->culprit.nr; i++)
		keep_party(s, f, &f->culprit.party[i], k);
}

/* The table that the worst finding is about, else the fullest */
static void keep_table(const struct snapshot *s, const struct finding *worst, struct fleet_host *h)
{
	const struct netns_row *most = NULL;
	size_t i;

	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *n = &s->netns[i];

		if (worst && worst->pressed && n->netns != worst->netns)
			continue;
		if (!most || share(known(n->count), known(n->max)) >
			     share(known(most->count), known(most->max)))
			most = n;
	}
	h->entries = most ? most->count : s->count;
	h->max = most ? most->max : s->max;
}

/* The newest incident of that table: what is pressed is so since then */
static void keep_since(const struct snapshot *s, const struct finding *worst, struct fleet_host *h)
{
	size_t i;

	h->since = UNKNOWN;
	for (i = 0; worst && worst->pressed && i < s->nr_incidents; i++)
		if (s->incident[i].netns == worst->netns)
			h->since = s->incident[i].begin;
}

static void keep(const struct snapshot *s, const struct findings *f, struct fleet_host *h)
{
	const struct finding *worst = f->nr && f->worst != SEV_OK ? &f->finding[0] : NULL;
	size_t i;

	if (*host_name(s)) {
		free(h->name);
		h->name = copy(host_name(s));
	}
	h->captured = s->captured.known ? s->captured.date : UNKNOWN;
	h->severity = f->worst;
	keep_table(s, worst, h);
	keep_since(s, worst, h);
	for (i = 0; i < f->nr; i++)
		keep_finding(s, &f->finding[i], h);
	if (f->faults.nr)
		h->error = copy(f->faults.line[0]);
}

/* What the tree is called, whatever leads to it */
static const char *base(const char *root)
{
	const char *slash = strrchr(root, '/');

	return slash && slash[1] ? slash + 1 : root;
}

void host_judge(const char *root, struct fleet_host *h)
{
	struct findings f;
	struct snapshot s;
	char message[512];

	*h = (struct fleet_host) {
		.root = copy(root), .name = copy(base(root)), .captured = UNKNOWN,
		.severity = SEV_UNKNOWN, .since = UNKNOWN, .entries = UNKNOWN, .max = UNKNOWN,
	};
	if (read_snapshot(root, READ_ALL, &s, message, sizeof(message))) {
		h->error = copy(message);
	} else {
		diagnose(&s, &f);
		keep(&s, &f, h);
		findings_free(&f);
	}
	snapshot_free(&s);
}

void host_free(struct fleet_host *h)
{
	size_t i, j;

	for (i = 0; i < h->nr_findings; i++) {
		for (j = 0; j < h->finding[i].nr_parties; j++) {
			free(h->finding[i].party[j].name);
			free(h->finding[i].party[j].who);
		}
		free(h->finding[i].party);
		free(h->finding[i].sentence);
	}
	free(h->finding);
	free(h->root);
	free(h->name);
	free(h->error);
	memset(h, 0, sizeof(*h));
}

int host_urgency(const struct fleet_host *h)
{
	static const int order[] = {
		[SEV_OK] = 0, [SEV_UNKNOWN] = 1, [SEV_WARNING] = 2, [SEV_CRITICAL] = 3,
	};

	return order[h->severity];
}
