// SPDX-License-Identifier: GPL-2.0
/* The nft ruleset of this network namespace, live or out of a capture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/nft_ruleset.h"
#include "read/nft_run.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define JSON_PATH	"conntriage/nft-ruleset.json"
#define TEXT_PATH	"conntriage/nft-ruleset.txt"
#define DAMAGED		JSON_PATH " is damaged, see NOT READ"
#define ERROR_PATH	"conntriage/nft-ruleset.error"

/*
 * Whether nf_tables is in the kernel already: nft would load it. A kernel
 * without modules can't, so asking there does no harm; a capture shows that it
 * was asked by what nft left in it.
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

static void captured_ruleset(struct reader *r, bool json, char **text,
			     size_t *len)
{
	char *error, why[sizeof(r->s->rules.why_not)];

	*text = NULL;
	reader_slurp(r, ERROR_PATH, READ_MAX_BOOT_FILE, &error, NULL);
	if (error) {
		text_printable(why, sizeof(why), error);
		rules_not_known(&r->s->rules, why);
		free(error);
		return;
	}
	if (reader_slurp(r, json ? JSON_PATH : TEXT_PATH, READ_MAX_RULESET, text, len) && json)
		rules_not_known(&r->s->rules, DAMAGED);
	else if (!*text && json)
		rules_not_known(&r->s->rules,
				"nf_tables is loaded but the tree has no " JSON_PATH
				"; capture the host as root");
}

static void get_ruleset(struct reader *r, bool json, char **text, size_t *len)
{
	if (*r->s->root)
		captured_ruleset(r, json, text, len);
	else
		live_ruleset(r, json, text, len);
}

/* A captured file that is no ruleset is damaged; nft itself may print nonsense. */
static void bad_ruleset(struct reader *r)
{
	char why[sizeof(r->s->rules.why_not)];

	if (*r->s->root) {
		rules_not_known(&r->s->rules, DAMAGED);
		reader_drop(r, NULL);
		return;
	}
	snprintf(why, sizeof(why), "%.*s", (int)sizeof(why) - 1, r->message);
	r->message[0] = '\0';
	give_up(r, why);
}

/* The ruleset of this network namespace; those of others can't be seen. */
void read_nft(struct reader *r)
{
	struct rules *rules = &r->s->rules;
	struct ruleset *rs;
	char *text;
	size_t len;

	if (!nf_tables_is_there(r))
		return;
	get_ruleset(r, true, &text, &len);
	if (!text)
		return;
	rs = ruleset_parse(*r->s->root ? reader_name(r, JSON_PATH) :
			   "nft -j list ruleset", text, len, &r->fault);
	free(text);
	if (!rs) {
		bad_ruleset(r);
		return;
	}
	/*
	 * To translate matches of iptables, nft asks the kernel about them;
	 * rules use them, so they are loaded already.
	 */
	if (ruleset_needs_text(rs)) {
		get_ruleset(r, false, &text, &len);
		if (text)
			ruleset_explain(rs, text);
		free(text);
	}
	ruleset_summarise(rs, rules);
	ruleset_placed(rs, r->s);
	r->s->owners = ruleset_owners(rs);
	ruleset_free(rs);
}
