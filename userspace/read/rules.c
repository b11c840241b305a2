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

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/nft_private.h"
#include "read/nft_ruleset.h"
#include "read/nft_run.h"
#include "read/reader.h"
#include "snapshot.h"

#define JSON_PATH	"conntriage/nft-ruleset.json"
#define TEXT_PATH	"conntriage/nft-ruleset.txt"
#define ERROR_PATH	"conntriage/nft-ruleset.error"

void rules_not_known(struct rules *rules, const char *why)
{
	rules->known = false;
	rules->contents_known = false;
	if (!*rules->why_not)
		snprintf(rules->why_not, sizeof(rules->why_not), "%s", why);
}

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

/*
 * Whether nf_tables is in the kernel already. A kernel without modules can't
 * load it behind our back, so that asking it does no harm; that it was asked
 * is seen by what it left in the capture.
 */
static bool nf_tables_is_there(struct reader *r)
{
	return reader_has_module(r, "nf_tables") ||
	       files_exists(&r->files, "sys/module/nf_tables") ||
	       module_place(r, "nf_tables") == MODULE_BUILTIN ||
	       (*r->s->root ? files_exists(&r->files, JSON_PATH) ||
			      files_exists(&r->files, ERROR_PATH) :
			      !r->modules);
}

/* The rules can't be known, here and in a capture. */
static void give_up(struct reader *r, const char *why)
{
	rules_not_known(&r->s->rules, why);
	files_keep(&r->files, ERROR_PATH, why, strlen(why));
}

static void live_ruleset(struct reader *r, bool json, char **text, size_t *len)
{
	char why[sizeof(r->s->rules.why_not)];

	*text = NULL;
	if (geteuid()) {
		give_up(r, "only root can list the nft rules; run conntriage as root");
		return;
	}
	if (!nft_run(json, READ_MAX_RULESET, text, len, why, sizeof(why)))
		files_keep(&r->files, json ? JSON_PATH : TEXT_PATH, *text, *len);
	else if (json)
		give_up(r, why);
}

static int captured_ruleset(struct reader *r, bool json, char **text,
			    size_t *len)
{
	char *error, why[sizeof(r->s->rules.why_not)];

	*text = NULL;
	if (reader_slurp(r, ERROR_PATH, READ_MAX_BOOT_FILE, &error, NULL))
		return -1;
	if (error) {
		text_printable(why, sizeof(why), error);
		rules_not_known(&r->s->rules, why);
		free(error);
		return 0;
	}
	if (reader_slurp(r, json ? JSON_PATH : TEXT_PATH, READ_MAX_RULESET,
			 text, len))
		return -1;
	if (!*text && json)
		rules_not_known(&r->s->rules,
				"nf_tables is loaded but the tree has no " JSON_PATH
				"; capture the host as root");
	return 0;
}

static int get_ruleset(struct reader *r, bool json, char **text, size_t *len)
{
	if (*r->s->root)
		return captured_ruleset(r, json, text, len);
	live_ruleset(r, json, text, len);
	return 0;
}

/*
 * A captured file that is no ruleset is damaged. That nft itself should print
 * nonsense is no reason to withhold the rest of a diagnosis.
 */
static int bad_ruleset(struct reader *r, const struct fault *fault)
{
	if (*r->s->root) {
		snprintf(r->fault.text, r->fault.size, "%s", fault->text);
		return -1;
	}
	give_up(r, fault->text);
	return 0;
}

/* The ruleset of this network namespace; those of others can't be seen. */
static int read_nft(struct reader *r)
{
	char *text, message[sizeof(r->s->rules.why_not)] = "";
	struct fault fault = { message, sizeof(message), r->fault.again };
	struct rules *rules = &r->s->rules;
	struct ruleset *rs;
	size_t len;
	int error;

	if (!nf_tables_is_there(r))
		return 0;
	error = get_ruleset(r, true, &text, &len);
	if (error || !text)
		return error;
	rs = ruleset_parse(*r->s->root ? reader_name(r, JSON_PATH) :
			   "nft -j list ruleset", text, len, &fault);
	free(text);
	if (!rs)
		return bad_ruleset(r, &fault);
	/*
	 * nft asks the kernel about the iptables matches that it translates;
	 * rules use them, so they are loaded.
	 */
	if (ruleset_needs_text(rs)) {
		error = get_ruleset(r, false, &text, &len);
		if (text)
			ruleset_explain(rs, text);
		free(text);
	}
	ruleset_judge(rs, rules);
	ruleset_free(rs);
	return error;
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

	for (i = 0; i < NR(links); i++) {
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

int read_rules(struct reader *r)
{
	struct rules *rules = &r->s->rules;

	rules->known = true;
	rules->contents_known = true;
	rules->iptables_cmd = find_iptables(r);
	if (read_legacy(r) || read_nft(r)) {
		rules->known = false;
		return -1;
	}
	if (rules->iptables_legacy) {
		rules->contents_known = false;
		if (!*rules->why_not)
			snprintf(rules->why_not, sizeof(rules->why_not),
				 "rules of iptables-legacy aren't read; see iptables-legacy-save");
	}
	rules->dialect = choose_dialect(r);
	find_missing(r);
	return 0;
}
