// SPDX-License-Identifier: GPL-2.0
/*
 * Cause 7: the rules themselves. Two backends at once, a rule that asks for
 * what isn't there, and a drop of INVALID where everything looks INVALID.
 */
#include <ctype.h>

#include "causes.h"
#include "fix.h"
#include "story.h"

static void misplaced(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, CAUSE_RULES, SEV_CRITICAL, WEIGHT_RULES);

	finding_sentence(f, "A rule in %s drops INVALID packets before conntrack has looked "
			 "at them: there every packet counts as INVALID, so it drops all.",
			 r->misplaced);
	lines_add(&f->evidence, "conntrack runs at priority -200; a rule before that sees "
		  "no connection at all [rules]");
	lines_add(&f->victim, "everything that passes this rule");
	lines_add(&f->fix_now, "# find the rule and its handle, then delete it:");
	lines_add(&f->fix_now, "nft -a list ruleset");
	lines_add(&f->fix_now, "# nft delete rule FAMILY TABLE CHAIN handle NUMBER");
	finding_price(f, "None: drop INVALID packets at priority -150 (mangle) or in the "
		      "filter chains. What must not cost an entry has to be told by its "
		      "flags or its source.");
	lines_add(&f->verify, "conntriage");
}

/* The reader's words are sentences but for their beginning and end. */
static void missing(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, CAUSE_RULES, SEV_WARNING, WEIGHT_RULES - 1);

	finding_sentence(f, "%c%s.", toupper((unsigned char)r->missing[0]),
			 r->missing + 1);
	lines_add(&f->evidence, "\"No chain/target/match by that name\" means that the "
		  "kernel module of a match or target can't be loaded, or that the rule "
		  "goes to the other backend [rules, module index]");
	lines_add(&f->fix_now, "# which backend does iptables speak to?");
	lines_add(&f->fix_now, "iptables --version");
	lines_add(&f->fix_now, "# does the kernel that runs have its modules installed?");
	lines_add(&f->fix_now, "ls -d /lib/modules/$(uname -r)");
	lines_add(&f->verify, "conntriage");
}

static const char *name(enum rules_dialect d)
{
	switch (d) {
	case RULES_NFT:
		return "nft";
	case RULES_IPTABLES_NFT:
		return "iptables-nft";
	case RULES_IPTABLES_LEGACY:
		return "iptables-legacy";
	default:
		return "unknown";
	}
}

static void two_backends(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, CAUSE_RULES, SEV_WARNING, WEIGHT_RULES - 2);
	const char *other = r->iptables_nft ? "iptables-nft" : "nft";

	finding_sentence(f, "Two rule backends are in use at once, iptables-legacy and %s: "
			 "a packet has to pass both, and each tool shows only its own rules.",
			 other);
	lines_add(&f->evidence, "rules in: iptables-legacy%s%s [rules]",
		  r->iptables_nft ? ", iptables-nft" : "", r->nft ? ", nft" : "");
	if (r->iptables_cmd != RULES_UNKNOWN)
		lines_add(&f->evidence, "the command \"iptables\" is %s here; conntriage "
			  "writes its rules for %s", name(r->iptables_cmd),
			  name(r->dialect));
	if (r->missing[0])
		lines_add(&f->evidence, "%s", r->missing);
	lines_add(&f->fix_now, "# what is in each of them:");
	lines_add(&f->fix_now, "iptables-legacy-save");
	lines_add(&f->fix_now, "ip6tables-legacy-save");
	lines_add(&f->fix_now, "nft list ruleset");
	lines_add(&f->fix_persist, "# when the legacy rules stand in the other backend too:");
	lines_add(&f->fix_persist, "# for t in filter nat mangle raw; do iptables-legacy -t "
		  "$t -F; done");
	lines_add(&f->fix_persist, "# update-alternatives --set iptables "
		  "/usr/sbin/iptables-nft");
	lines_add(&f->fix_persist, "# update-alternatives --set ip6tables "
		  "/usr/sbin/ip6tables-nft");
	finding_price(f, "Flushing rules that something still needs opens or shuts the "
		      "firewall: read both first, and find out which program writes to "
		      "which (Docker, kube-proxy and fail2ban choose by themselves).");
	lines_add(&f->verify, "iptables-legacy-save | grep -c '^-A'");
}

void cause_rules(const struct view *v, struct findings *fs)
{
	const struct rules *r = &v->s->rules;

	if (r->misplaced[0])
		misplaced(r, fs);
	if (r->iptables_legacy && (r->iptables_nft || r->nft))
		two_backends(r, fs);
	else if (r->missing[0])
		missing(r, fs);
}
