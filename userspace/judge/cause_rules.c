// SPDX-License-Identifier: GPL-2.0
/*
 * The rules themselves: two backends at once, a rule that asks for what isn't
 * there, and a drop of INVALID where everything looks INVALID.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/placed.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

static void misplaced(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, &cause_rules, SEV_CRITICAL);

	fact_set(&f->sentence, "A rule in {} drops INVALID packets before conntrack has looked at "
		 "them: there every packet counts as INVALID, so it drops all.",
		 text_of(r->misplaced));
	facts_add(&f->evidence, "conntrack runs at priority -200; a rule before that sees no "
		  "connection at all [rules]");
	facts_add(party_rule(&f->culprit, r->misplaced),
		  "a rule about \"ct state invalid\" [rules]");
	facts_add(party_nobody(&f->victim), "everything that passes this rule");
	if (r->misplaced_rule[0]) {
		step_look(&f->fix, STEP_NOW, "nft delete rule %s", r->misplaced_rule);
	} else {
		step_say(&f->fix, STEP_NOW, "find the rule and its handle, then delete it:");
		step_look(&f->fix, STEP_NOW, "nft -a list ruleset");
		step_say(&f->fix, STEP_NOW, "nft delete rule FAMILY TABLE CHAIN handle NUMBER");
	}
	step_say(&f->fix, STEP_FOR_GOOD, "take it out of the file that it comes from, too:");
	step_look(&f->fix, STEP_FOR_GOOD, "grep -rsi 'state invalid' /etc/nft* /etc/iptables "
		  "| grep -i drop");
	facts_add(&f->price, "None: drop INVALID packets at priority -150 (mangle) or in the "
		  "filter chains. What must not cost an entry has to be told by its flags or its "
		  "source.");
	lines_add(&f->verify, "conntriage");
}

/*
 * What the reader found missing is a sentence without its capital and full
 * stop.
 */
static void missing(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, &cause_rules, SEV_WARNING);
	char begin[2] = "";

	f->weight -= 1;
	begin[0] = toupper((unsigned char)r->missing[0]);
	fact_set(&f->sentence, "{}{}.", text_of(begin), text_of(r->missing + 1));
	facts_add(&f->evidence, "\"No chain/target/match by that name\" means that the kernel "
		  "module of a match or target can't be loaded, or that the rule goes to the "
		  "other backend [rules, module index]");
	step_say(&f->fix, STEP_NOW, "which backend does iptables speak to?");
	step_look(&f->fix, STEP_NOW, "iptables --version");
	if (r->iptables_cmd == RULES_IPTABLES_LEGACY && r->iptables_nft) {
		fix_mean_nft(&f->fix, STEP_NOW);
	} else {
		step_say(&f->fix, STEP_NOW, "does the kernel that runs have its modules "
			  "installed?");
		step_look(&f->fix, STEP_NOW, "ls -d /lib/modules/$(uname -r)");
	}
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

/*
 * In words: only who made the rules knows which of them has to stand before which, and
 * a program makes its own again.
 */
static void one_backend(const struct rules *r, struct steps *st)
{
	step_say(st, STEP_FOR_GOOD, "have one for all. Docker and fail2ban take what \"iptables\" "
		 "means when they start; kube-proxy chooses by itself");
	if (r->iptables_cmd == RULES_IPTABLES_LEGACY)
		fix_mean_nft(st, STEP_FOR_GOOD);
	step_say(st, STEP_FOR_GOOD, "restart who made the legacy rules: are they in iptables-nft-save? "
		 "The next boot takes them away, where nothing else loads them. Your own rules in "
		 "nft's words: iptables-restore-translate -f FILE");
}

static void two_backends(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, &cause_rules, SEV_WARNING);
	const char *other = r->iptables_nft ? "iptables-nft" : "nft";

	f->weight -= 2;
	fact_set(&f->sentence, "Two rule backends are in use at once, iptables-legacy and {}: a "
		 "packet has to pass both, and each tool shows only its own rules.",
		 text_of(other));
	facts_add(party_rule(&f->culprit, "iptables-legacy"), "rules that neither nft nor "
		  "iptables-nft shows [rules]");
	facts_add(party_rule(&f->culprit, r->iptables_nft && r->nft ? "iptables-nft and nft" : other),
		  "rules that iptables-legacy doesn't show [rules]");
	if (r->iptables_cmd != RULES_UNKNOWN)
		facts_add(&f->evidence, "the command \"iptables\" is {} here; conntriage writes "
			  "its rules for {}", text_of(name(r->iptables_cmd)),
			  text_of(name(r->dialect)));
	if (r->missing[0])
		facts_add(&f->evidence, "{}", text_of(r->missing));
	step_say(&f->fix, STEP_NOW, "what is in each of them? A packet has to pass all:");
	step_look(&f->fix, STEP_NOW, "iptables-legacy-save; ip6tables-legacy-save");
	step_look(&f->fix, STEP_NOW, "nft list ruleset");
	one_backend(r, &f->fix);
	facts_add(&f->price, "A rule that stood in front of others may come behind them then, "
		  "which may open or shut the firewall: compare both before.");
	lines_add(&f->verify, "iptables-nft-save");
	lines_add(&f->verify, "conntriage");
}

static void drops_all(const struct rules *r, struct findings *fs)
{
	struct finding *f = finding_add(fs, &cause_rules, SEV_WARNING);

	fact_set(&f->sentence, "Chain {} drops all that gets there: with room in the table, "
		 "nothing passes.", text_of(r->drops_all));
	facts_add(party_rule(&f->culprit, r->drops_all), "a drop without a condition, and nothing "
		  "before it that accepts [rules]");
	facts_add(party_nobody(&f->victim), "everything that passes this chain");
	step_say(&f->fix, STEP_NOW, "find the rule and its handle, then delete it:");
	step_look(&f->fix, STEP_NOW, "nft -a list ruleset");
	step_say(&f->fix, STEP_NOW, "nft delete rule FAMILY TABLE CHAIN handle NUMBER");
	lines_add(&f->verify, "conntriage");
}

/* "10.1.0.66" of "ip saddr 10.1.0.66 counter drop"; else the rule itself */
static const char *about(const struct placed_rule *p)
{
	char *text = word_buffer();
	char word[64];

	if (sscanf(p->text, "%*3[ip6] saddr %63s counter drop", word) == 1 && *word != '{')
		snprintf(text, WORD_SIZE, "against %s", word);
	else
		snprintf(text, WORD_SIZE, "\"%.100s\"", p->text);
	return text;
}

static void in_place(const struct snapshot *s, struct findings *fs)
{
	const struct placed_rule *p = NULL;
	struct finding *f = NULL;
	size_t nr = 0;

	while ((p = placed_next(s, p))) {
		if (nr++)
			continue;
		f = finding_add(fs, &cause_rules, SEV_OK);
		fact_set(&f->sentence, "The rule {} is in place, and {}; to undo it: nft delete "
			 "table inet {}.", text_of(about(p)), text_of(placed_met(p->packets)),
			 text_of(p->table));
	}
	if (nr)
		placed_list(s, &f->evidence);
	if (nr > 1)
		fact_set(&f->sentence, "{rules} rules of conntriage's are in place; to undo them: "
			 "conntriage fix --undo | sudo sh", count_of(nr));
}

static bool own_is_calm(const struct tables *ts)
{
	const struct netns_table *n = tables_netns(ts, ts->s->own_netns);

	return !n || n->level == LEVEL_CALM;
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct rules *r = &ts->s->rules;

	if (r->misplaced[0])
		misplaced(r, fs);
	else if (r->drops_all[0])
		drops_all(r, fs);
	if (own_is_calm(ts))
		in_place(ts->s, fs);
	if (r->iptables_legacy && (r->iptables_nft || r->nft))
		two_backends(r, fs);
	else if (r->missing[0])
		missing(r, fs);
}

const struct cause cause_rules = {
	.name = "rules",
	.title = "the firewall rules themselves",
	.text =
"iptables-legacy and nf_tables (nft, iptables-nft) are two filters in one\n"
"kernel. Each packet passes both, each tool shows only its own rules, and which\n"
"one the word \"iptables\" means depends on the distribution's alternatives.\n"
"\"No chain/target/match by that name\" comes from a match or target whose module\n"
"isn't there (often after a kernel upgrade without a reboot), or from a rule\n"
"that goes to the other filter.\n"
"\n"
"A rule about INVALID packets before conntrack's priority (-200) is a trap of\n"
"its own: no packet has a state there, so it matches all of them.\n"
"\n"
"Rules that were typed in need stay until somebody takes them away: while all is\n"
"well, they are told as a note, with what they met.\n",
	.weight = 900,
	.judge = judge,
};
