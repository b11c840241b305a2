// SPDX-License-Identifier: GPL-2.0
/* How rules are saved, and how what is typed now is undone. */
#include <inttypes.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"
#include "snapshot.h"

static void save_nft(struct lines *l)
{
	lines_add(l, "mkdir -p /etc/nftables.d");
	lines_add(l, "nft -s list table inet conntriage > /etc/nftables.d/conntriage.nft");
	lines_add(l, "grep -qs nftables.d/conntriage /etc/nftables.conf || "
		  "echo 'include \"/etc/nftables.d/conntriage.nft\"' >> /etc/nftables.conf");
	lines_add(l, "# nftables.service loads it at boot: systemctl enable nftables");
}

void fix_save_iptables(struct lines *l, const char *flavour)
{
	lines_add(l, "mkdir -p /etc/iptables");
	lines_add(l, "iptables-%s-save > /etc/iptables/rules.v4", flavour);
	lines_add(l, "ip6tables-%s-save > /etc/iptables/rules.v6", flavour);
}

static void save_iptables(const struct fix *x, struct lines *l)
{
	fix_save_iptables(l, x->dialect == RULES_IPTABLES_NFT ? "nft" : "legacy");
	lines_add(l, "# netfilter-persistent loads them at boot: apt-get install iptables-persistent");
}

/* A few rules are undone one by one; a long list would hide everything else. */
static void undo(const struct fix *x)
{
	struct lines *now = x->now;
	size_t i;

	if (rule_is_nft(x) && (x->rules || x->nr_placed))
		lines_add(now, "# to undo: %snft delete table inet conntriage", x->enter);
	if (x->undo.nr > 4)
		lines_add(now, "# to undo: the same iptables commands with -D in place of -I");
	for (i = 0; i < x->undo.nr && x->undo.nr <= 4; i++)
		lines_add(now, "# to undo: %s", x->undo.line[i]);
	if (x->unnamed)
		lines_add(now, "# to undo: rm /run/netns/ct%" PRId64, x->unnamed);
}

/* What stands already has to be saved all the same, where it is known that it isn't. */
static bool to_save(const struct fix *x)
{
	return x->rules || (x->nr_placed && rule_is_nft(x) && !x->s->rules.saved);
}

void fix_end(struct fix *x)
{
	struct lines *good = x->persist;

	if (x->nr_placed || x->nr_set) {
		rule_orphans(x->now);
		rule_orphans(good);
	}
	undo(x);
	if (to_save(x) && (!x->here || x->outside)) {
		lines_add(good, "# a namespace's rules go with it: put them where it is made");
	} else if (to_save(x)) {
		lines_add(good, "# save the rules; leave out what is only for now:");
		if (rule_is_nft(x))
			save_nft(good);
		else
			save_iptables(x, good);
	}
	lines_free(&x->undo);
}
