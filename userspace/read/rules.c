// SPDX-License-Identifier: GPL-2.0
/*
 * Where a host's packet filter rules live: native nft tables, those of
 * iptables-nft, or iptables-legacy. Looking must not load a module: the mere
 * iptables-legacy-save would create the second backend that it looks for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/outputs.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/rules_text.h"
#include "snapshot.h"

#define KEPT_DIR	"etc/conntriage"

static void add_missing(struct rules *rules, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add_missing(struct rules *rules, const char *fmt, ...)
{
	size_t used = strlen(rules->missing);
	va_list args;

	if (used)
		used += snprintf(rules->missing + used,
				 sizeof(rules->missing) - used, "; ");
	if (used >= sizeof(rules->missing))
		return;
	va_start(args, fmt);
	vsnprintf(rules->missing + used, sizeof(rules->missing) - used, fmt,
		  args);
	va_end(args);
}

/* Follow the links of alternatives until a name tells the backend. */
static enum rules_dialect find_iptables(struct reader *r)
{
	static const char *const links[] = {
		"etc/alternatives/iptables", "usr/sbin/iptables",
		"sbin/iptables", "usr/bin/iptables",
	};
	char target[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(links); i++) {
		if (!files_link(&r->files, links[i], target, sizeof(target)))
			continue;
		if (strstr(target, "legacy"))
			return RULES_IPTABLES_LEGACY;
		if (strstr(target, "nft"))
			return RULES_IPTABLES_NFT;
	}
	return RULES_UNKNOWN;
}

static bool nft_is_installed(struct reader *r)
{
	return files_exists(&r->files, "usr/sbin/nft") ||
	       files_exists(&r->files, "sbin/nft") ||
	       files_exists(&r->files, "usr/local/sbin/nft") ||
	       files_exists(&r->files, "usr/bin/nft");
}

/* Where rules are, new ones go; where there are none, to the newest tool. */
static enum rules_dialect choose_dialect(struct reader *r)
{
	const struct rules *rules = &r->s->rules;

	if (rules->nft)
		return RULES_NFT;
	if (rules->iptables_nft)
		return RULES_IPTABLES_NFT;
	if (rules->iptables_legacy)
		return RULES_IPTABLES_LEGACY;
	if (nft_is_installed(r))
		return RULES_NFT;
	return rules->iptables_cmd == RULES_UNKNOWN ? RULES_NONE :
						      rules->iptables_cmd;
}

static void find_missing(struct reader *r)
{
	struct rules *rules = &r->s->rules;
	const char *module = rules->dialect == RULES_NFT ? "nft_ct" :
							   "xt_conntrack";
	char dir[160];

	if (rules->iptables_cmd == RULES_IPTABLES_LEGACY && rules->iptables_nft)
		add_missing(rules, "\"iptables\" runs iptables-legacy, "
			    "which neither shows nor changes the rules that are in force, "
			    "made by iptables-nft");
	if (rules->iptables_cmd == RULES_IPTABLES_NFT && rules->iptables_legacy)
		add_missing(rules, "\"iptables\" runs iptables-nft, "
			    "which neither shows nor changes the tables that iptables-legacy made");

	if (rules->dialect == RULES_NONE || rules->dialect == RULES_UNKNOWN)
		return;
	if (module_place(r, module) == MODULE_ABSENT)
		add_missing(rules, "this kernel has no module %s, "
			    "which rules about connection states need", module);

	/* A kernel upgrade that took the running kernel's modules away */
	snprintf(dir, sizeof(dir), "lib/modules/%s", r->s->kernel);
	if (r->modules && *r->s->kernel &&
	    files_exists(&r->files, "lib/modules") &&
	    !files_exists(&r->files, dir) && !reader_has_module(r, module))
		add_missing(rules, "/%s is gone, "
			    "so that no further match or target can be loaded: "
			    "boot the installed kernel",
			    dir);
}

/* What conntriage-rules.service loads, by names; their rules are read of the kernel. */
static int find_kept(struct reader *r)
{
	struct snapshot *s = r->s;
	char (*row)[sizeof(*s->kept_file)];
	char path[300], **names;
	size_t i, nr;

	if (reader_list(r, KEPT_DIR, "", ".nft", READ_MAX_BOOT_FILES, &names, &nr))
		return -1;
	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), KEPT_DIR "/%s", names[i]);
		if (strlen(names[i]) >= sizeof(*row) || !text_plain(names[i]) ||
		    !files_exists(&r->files, path))
			continue;
		row = grow(&s->kept_file, &s->nr_kept_files, sizeof(*row));
		snprintf(*row, sizeof(*row), "%s", names[i]);
	}
	files_list_free(names, nr);
	return 0;
}

/* iptables-save of an archive says whose rules it lists: those of the kernel's old tables? */
static bool legacy_is_read(struct reader *r)
{
	struct rules *rules = &r->s->rules;
	bool legacy;
	char *text;

	if (!*r->s->root || reader_slurp(r, IPTABLES_PATH, READ_MAX_RULESET, &text, NULL) || !text)
		return false;
	legacy = rules->iptables_nft && rules_are_legacy(text);
	free(text);
	if (legacy) {
		rules->iptables_nft = false;
		rules->iptables_legacy = true;
	}
	return legacy;
}

int read_rules(struct reader *r)
{
	struct rules *rules = &r->s->rules;

	rules->known = true;
	rules->contents_known = true;
	rules->iptables_cmd = find_iptables(r);
	if (read_legacy(r)) {
		rules_not_known(rules, "the list of iptables-legacy's tables is damaged, "
				"see NOT READ");
		reader_drop(r, NULL);
	}
	read_nft(r);
	if (!legacy_is_read(r) && rules->iptables_legacy) {
		rules->contents_known = false;
		if (!*rules->why_not)
			snprintf(rules->why_not, sizeof(rules->why_not),
				 "rules of iptables-legacy aren't read; see iptables-legacy-save");
	}
	rules->dialect = choose_dialect(r);
	find_missing(r);
	if (find_kept(r))
		return -1;
	return read_owners(r);
}
