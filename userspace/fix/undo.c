// SPDX-License-Identifier: GPL-2.0
/* What stands of ours, taken back, whichever finding it was for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/steps.h"
#include "lib/memory.h"
#include "lib/text.h"
#include "snapshot.h"

static void add_once(struct steps *st, enum step_kind kind, enum step_when when,
		     unsigned int needs, char *text)
{
	struct step *s;

	if (step_has(st, when, text)) {
		free(text);
		return;
	}
	s = step_add(st, kind, when);
	s->text = text;
	s->needs = needs;
}

/* As rule_ipt() has it; the reader gives rules of iptables-legacy numbers below 0. */
static void undo_chain(const struct placed_rule *p, struct steps *st)
{
	const char *flavour = p->rule < 0 ? "legacy" : "nft", *base = strchr(p->chain, ' ');
	char *text;

	if (!*p->table || !base)
		return;
	if (asprintf(&text, "printf '%%s\\n' '*raw' '-D%s -j %s' '-F %s' '-X %s' COMMIT |\n  "
		     "ip%stables-%s-restore -n", base, p->table, p->table, p->table,
		     p->family == 6 ? "6" : "", flavour) < 0)
		no_memory();
	add_once(st, STEP_RULES, STEP_NOW,
		 1u << (p->rule < 0 ? TOOL_IPTABLES_LEGACY : TOOL_IPTABLES_NFT), text);
}

static void undo_tables(const struct snapshot *s, struct steps *st)
{
	char *text;
	size_t i;

	for (i = 0; i < s->nr_our_tables; i++) {
		bool kept = !strncmp(s->our_table[i], TABLE_KEPT, strlen(TABLE_KEPT));

		if (asprintf(&text, "nft delete table inet %s", s->our_table[i]) < 0)
			no_memory();
		add_once(st, STEP_RULES, kept ? STEP_FOR_GOOD : STEP_NOW, 1u << TOOL_NFT, text);
	}
	for (i = 0; i < s->nr_placed; i++)
		if (s->placed[i].family)
			undo_chain(&s->placed[i], st);
}

static void remove_file(struct steps *st, const char *dir, const char *name)
{
	char *text;

	if (asprintf(&text, "rm -f %s%s", dir, name) < 0)
		no_memory();
	add_once(st, STEP_FILE, STEP_FOR_GOOD, 0, text);
}

/* Those that the boot reads; a setting's own is known where it is the one that counts. */
static void undo_files(const struct snapshot *s, struct steps *st)
{
	static const char sysctl[] = "/etc/sysctl.d/zz-conntriage-";
	static const char modprobe[] = "/etc/modprobe.d/zz-conntriage.conf";
	size_t i;

	for (i = 0; i < s->nr_kept_files; i++)
		remove_file(st, "/etc/conntriage/", s->kept_file[i]);
	for (i = 0; i < s->nr_sysctl; i++)
		if (!strncmp(s->sysctl[i].persisted_in, sysctl, strlen(sysctl)) &&
		    text_plain(s->sysctl[i].persisted_in))
			remove_file(st, "", s->sysctl[i].persisted_in);
	if (!strcmp(s->hashsize_in, modprobe))
		remove_file(st, "", modprobe);
}

void fix_undo(const struct snapshot *s, struct steps *st)
{
	undo_files(s, st);
	undo_tables(s, st);
}
