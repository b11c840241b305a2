// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a cure: its rules as commands, for now and for good, and what takes them
 * back. What outlasts a reboot is a file of our own beside the owner's, in the owner's
 * way: nothing is edited, overwritten or dumped that isn't ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define KEPT_IN		"/etc/conntriage"
/* fw4 of OpenWrt loads what is in it behind its own table. */
#define OPENWRT_IN	"/usr/share/nftables.d/ruleset-post"
#define RELOAD		"systemctl enable -q conntriage-rules &&\n  systemctl reload-or-restart conntriage-rules"

/* What a cure needs and the host lacks, by the packages of most distributions */
static const struct {
	enum tool tool;
	const char *name, *package;
} packages[] = {
	{ TOOL_NFT, "nft", "nftables" }, { TOOL_SYSCTL, "sysctl", "procps" },
	{ TOOL_CONNTRIAGE_DELETE, "conntriage-delete", "conntriage" },
};

/* Said before the first command */
static void say_missing(struct fix *x)
{
	struct step *first, say;
	unsigned int needs = 0;
	size_t i;

	for (i = x->first; i < x->steps->nr; i++)
		needs |= x->steps->step[i].needs;
	for (i = 0; i < ARRAY_SIZE(packages); i++) {
		if (!(needs & (1u << packages[i].tool)) || tool_there(x->s, packages[i].tool))
			continue;
		if (packages[i].tool == TOOL_CONNTRIAGE_DELETE && *x->s->tools.twin)
			step_say(x->steps, STEP_NOW, "conntriage-delete isn't there: first %s",
				 x->s->tools.twin);
		else
			step_say(x->steps, STEP_NOW, "%s isn't there: first install the package %s",
				 packages[i].name, packages[i].package);
		first = &x->steps->step[x->first];
		say = x->steps->step[x->steps->nr - 1];
		memmove(first + 1, first, (x->steps->nr - 1 - x->first) * sizeof(*first));
		*first = say;
	}
}

static void end_now(struct fix *x)
{
	struct step *s = &x->steps->step[x->block[STEP_NOW]->step];
	char *text = block_text(x, STEP_NOW);

	block_name(x, STEP_NOW, x->table);
	s->needs = 1u << TOOL_NFT;
	if (asprintf(&s->text, "%snft '%s'", x->enter, text) < 0 ||
	    asprintf(&s->test, "%snft -c '%s'", x->enter, text) < 0 ||
	    asprintf(&s->undo, "%snft delete table inet %s", x->enter, x->table) < 0)
		no_memory();
	free(text);
}

/* configuration.nix is somebody's: what belongs there is said. */
static void keep_nixos(struct step *s, const char *name, char *text)
{
	char *table = strstr(text, "{\n"), *end = strrchr(text, '}');

	*end = '\0';
	s->kind = STEP_SAY;
	if (asprintf(&s->text, "in configuration.nix:\nnetworking.nftables.tables.\"%s\" = {\n"
		     "  family = \"inet\";\n  content = ''%s  '';\n};", name, table + 1) < 0)
		no_memory();
}

static void keep_file(struct step *s, const char *dir, const char *name,
		      const char *text)
{
	if (asprintf(&s->text, "mkdir -p %s &&\n  printf '%%s\\n' '%s' \\\n  >%s/%s.nft", dir, text,
		     dir, name + strlen(TABLE_KEPT)) < 0 ||
	    asprintf(&s->test, "nft -c '%s'", text) < 0 ||
	    asprintf(&s->undo, "rm -f %s/%s.nft; nft delete table inet %s", dir,
		     name + strlen(TABLE_KEPT), name) < 0)
		no_memory();
	s->needs = 1u << TOOL_NFT;
}

static bool owns(const struct fix *x, enum rules_owner owner)
{
	return x->s->owners & (1u << owner);
}

/* What becomes of a table of our own beside somebody else's rules */
static void say_owners(struct fix *x)
{
	static const struct {
		enum rules_owner owner;
		const char *name;
	} others[] = {
		{ OWNER_FIREWALLD, "firewalld" }, { OWNER_UFW, "ufw" }, { OWNER_DOCKER, "Docker" },
		{ OWNER_PODMAN, "podman" }, { OWNER_LIBVIRT, "libvirt" },
		{ OWNER_FAIL2BAN, "fail2ban" },
		{ OWNER_NETFILTER_PERSISTENT, "netfilter-persistent" },
	};
	char names[160] = "";
	size_t i, used = 0;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (owns(x, others[i].owner))
			used += snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", others[i].name);
	if (used)
		step_say(x->steps, STEP_FOR_GOOD, "a table beside the rules of %s, which leave it alone:",
			 names);
	if (owns(x, OWNER_KUBE))
		step_say(x->steps, STEP_FOR_GOOD, "on each node of the cluster, and where nodes are made:");
	if (owns(x, OWNER_NFTABLES))
		step_say(x->steps, STEP_FOR_GOOD, "nftables.service flushes all rules before it loads its "
			 "own, from %s; conntriage-rules.service loads these again behind it:",
			 owns(x, OWNER_RHEL_NFTABLES) ? "/etc/sysconfig/nftables.conf" :
			 "/etc/nftables.conf");
}

static void load_at_boot(struct fix *x, const char *name)
{
	struct step *s;

	if (!x->s->systemd) {
		step_say(x->steps, STEP_FOR_GOOD, "load it now, and at boot behind your own rules:");
		s = step_add(x->steps, STEP_FILE, STEP_FOR_GOOD);
		if (asprintf(&s->text, "nft -f " KEPT_IN "/%s.nft", name + strlen(TABLE_KEPT)) < 0)
			no_memory();
		return;
	}
	if (!x->s->rules_unit)
		step_say(x->steps, STEP_FOR_GOOD, "conntriage-rules.service, which \"make install\" and "
			 "the package bring, loads it at boot:");
	s = step_add(x->steps, STEP_FILE, STEP_FOR_GOOD);
	s->needs = 1u << TOOL_SYSTEMCTL;
	s->text = strdup(RELOAD);
	if (!s->text)
		no_memory();
}

static void block_keep(struct fix *x)
{
	struct step *s = &x->steps->step[x->block[STEP_FOR_GOOD]->step];
	char name[TABLE_NAME], *text = block_text(x, STEP_FOR_GOOD);

	block_name(x, STEP_FOR_GOOD, name);
	if (!x->here || x->outside) {
		s->kind = STEP_SAY;
		s->text = strdup("a namespace's rules go with it: put them where it is made");
		if (!s->text)
			no_memory();
	} else if (owns(x, OWNER_NIXOS)) {
		keep_nixos(s, name, text);
	} else if (owns(x, OWNER_OPENWRT)) {
		keep_file(s, OPENWRT_IN, name, text);
		s = step_add(x->steps, STEP_FILE, STEP_FOR_GOOD);
		s->text = strdup("fw4 reload");
		if (!s->text)
			no_memory();
		step_say(x->steps, STEP_FOR_GOOD, "list that file in /etc/sysupgrade.conf, too: else it "
			 "goes with the next image");
	} else {
		keep_file(s, KEPT_IN, name, text);
		say_owners(x);
		load_at_boot(x, name);
	}
	free(text);
}

static void free_block(struct rule_block *b)
{
	int c;

	for (c = 0; b && c < NR_CHAINS; c++) {
		lines_free(&b->rule[c]);
		lines_free(&b->ipt[0][c]);
		lines_free(&b->ipt[1][c]);
	}
	free(b);
}

static bool has_rules(const struct rule_block *b)
{
	int c;

	for (c = 0; b && c < NR_CHAINS; c++)
		if (b->rule[c].nr)
			return true;
	return false;
}

void fix_end(struct fix *x)
{
	int when;

	if (has_rules(x->block[STEP_NOW]))
		end_now(x);
	block_iptables(x);
	if (has_rules(x->block[STEP_FOR_GOOD]))
		block_keep(x);
	say_missing(x);
	steps_orphans(x->steps);
	for (when = 0; when < STEP_WHENS; when++) {
		free_block(x->block[when]);
		x->block[when] = NULL;
	}
}
