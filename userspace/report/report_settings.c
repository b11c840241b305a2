// SPDX-License-Identifier: GPL-2.0
/* The host and its settings, and what of it wasn't seen. */
#include <inttypes.h>
#include <stdio.h>

#include "lib/numbers.h"
#include "lib/words.h"
#include "report/sections.h"

static void pair(struct html *h, const char *name, const char *value)
{
	if (!*value)
		return;
	html_element(h, "dt", NULL, name);
	html_element(h, "dd", NULL, value);
}

static void pair_count(struct html *h, const char *name, int64_t n)
{
	pair(h, name, n == UNKNOWN ? "" : num(n));
}

static void host(struct html *h, const struct snapshot *s)
{
	static const char *const dialect[] = {
		[RULES_UNKNOWN] = "", [RULES_NONE] = "none", [RULES_NFT] = "nftables",
		[RULES_IPTABLES_NFT] = "iptables-nft", [RULES_IPTABLES_LEGACY] = "iptables-legacy",
	};
	const struct module_status *m = &s->mod;

	html_open(h, "dl", NULL);
	pair(h, "Kernel", s->kernel);
	pair(h, "Up for", s->boot_age == UNKNOWN ? "" : duration(s->boot_age));
	pair(h, "Memory", s->mem_total == UNKNOWN ? "" : bytes(s->mem_total));
	pair(h, "Memory available", s->mem_available == UNKNOWN ? "" : bytes(s->mem_available));
	pair_count(h, "Entries", s->count);
	pair_count(h, "Maximum", s->max);
	pair_count(h, "Buckets of the hash table", s->buckets);
	pair(h, "Rules", dialect[s->rules.dialect]);
	pair(h, "The module", m->loaded ? m->version : "not loaded");
	pair(h, "Loaded for", m->uptime == UNKNOWN ? "" : duration(m->uptime));
	html_close(h);
}

static void setting(struct html *h, int64_t n, const char *unknown)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, n);
	html_number(h, n == UNKNOWN ? unknown : text);
}

static void sysctls(struct html *h, const struct snapshot *s)
{
	static const struct html_column columns[] = {
		{ "net.netfilter.nf_conntrack_", false }, { "Now", true },
		{ "Boot files", true }, { "Set in", false }, { "Without effect in", false },
	};
	size_t i;

	if (!s->nr_sysctl)
		return;
	html_table(h, "Settings, and what the boot files make of them", columns,
		   ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_sysctl; i++) {
		const struct ct_sysctl *c = &s->sysctl[i];

		html_row(h, c->name);
		setting(h, c->value, "-");
		setting(h, c->persisted, "");
		html_cell(h, c->persisted_in);
		html_cell(h, c->ignored_in);
		html_close(h);
	}
	html_table_end(h);
}

static void writers(struct html *h, const struct snapshot *s)
{
	static const struct html_column columns[] = {
		{ "Setting", false }, { "Value", true }, { "As the program calls it", false },
		{ "File", false },
	};
	size_t i;

	if (!s->nr_written)
		return;
	html_table(h, "Settings that programs write", columns, ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_written; i++) {
		const struct written *w = &s->written[i];

		html_row(h, w->sysctl);
		setting(h, w->value, "not known");
		html_cell(h, w->setting);
		html_cell(h, *w->file ? w->file : "its command line");
		html_close(h);
	}
	html_table_end(h);
}

void report_settings(struct html *h, const struct snapshot *s)
{
	html_open(h, "section", "id", "settings", NULL);
	html_element(h, "h2", NULL, "The host and its settings");
	host(h, s);
	sysctls(h, s);
	writers(h, s);
	html_close(h);
}

static bool item(struct html *h, const char *what, const char *why)
{
	if (!*why)
		return false;
	html_open(h, "li", NULL);
	html_textf(h, "%s: %s", what, why);
	html_close(h);
	return true;
}

/* What the module knows that it has lost */
static bool lost(struct html *h, const struct module_status *m)
{
	const struct {
		const char *what;
		int64_t nr;
	} row[] = {
		{ "Events that a probe missed", m->lost_probe },
		{ "Evictions and refusals whose cause isn't known", m->lost_cause },
		{ "Events in namespaces that aren't watched", m->lost_netns },
		{ "INVALID packets whose reason wasn't looked for", m->lost_sample },
		{ "Seconds that the recorder missed", m->lost_ticks },
		{ "Seconds in which ftrace or kprobes were off", m->lost_blind },
		{ "Evictions whose victim isn't known", m->lost_victim },
		{ "Events on processors without a table of sources", m->lost_table },
		{ "Namespaces for which there was no memory", m->unwatched },
	};
	bool any = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++)
		if (known(row[i].nr) > 0)
			any |= item(h, row[i].what, num(row[i].nr));
	return any;
}

void report_unseen(struct html *h, const struct snapshot *s, const struct findings *fs)
{
	bool any = false;
	size_t i;

	html_open(h, "section", "id", "unseen", NULL);
	html_element(h, "h2", NULL, "What wasn't seen");
	html_open(h, "ul", NULL);
	for (i = 0; i < fs->faults.nr; i++)
		any |= item(h, "A damaged file, of which nothing is used", fs->faults.line[i]);
	any |= item(h, "What the module records", s->mod.why_not);
	if (!s->rules.known || !s->rules.contents_known)
		any |= item(h, "Firewall rules", s->rules.why_not);
	if (s->euid != UNKNOWN && s->euid)
		any |= item(h, "Much of this host", "it was read without being root");
	any |= lost(h, &s->mod);
	if (!any)
		html_element(h, "li", NULL, "Nothing is missing that is known of.");
	html_close(h);
	html_close(h);
}
