// SPDX-License-Identifier: GPL-2.0
/*
 * A finding's cure as one script to be read, and then piped to "sudo sh": why, what it
 * needs, what it does, what takes it back, and whether it did what was predicted. To
 * pipe it is the consent; nothing is run here.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/steps.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/render.h"
#include "render/sentence.h"
#include "snapshot.h"

#define SELF		"conntriage fix"
#define PATIENCE	60	/* s that the script waits before it looks */

/* A comment, broken at spaces unless it has lines */
static void comment(FILE *out, const char *text)
{
	const size_t room = strchr(text, '\n') ? SIZE_MAX : TERMINAL_WIDTH - 2;

	while (*text) {
		size_t at = line_length(text, room);

		fputs("# ", out);
		print_plain(out, text, at);
		fputc('\n', out);
		text += at + (text[at] != '\0');
	}
}

/* In double quotes of sh(1), where a backslash takes the meaning from these */
static void quoted(FILE *out, const char *text)
{
	for (; *text && *text != '\n'; text++) {
		if (strchr("\"\\$`", *text))
			fputc('\\', out);
		print_plain(out, text, 1);
	}
}

static void title(const struct snapshot *s, const struct cure_script *o, const char *cause,
		  FILE *out)
{
	fputs("#!/bin/sh\n# " SELF, out);
	if (o->nr != UNKNOWN)
		fprintf(out, " %" PRId64, o->nr);
	fprintf(out, "%s%s%s", o->undo ? " --undo" : "", o->when == STEP_NOW ? "" : " --for-good",
		o->dry_run ? " --dry-run" : "");
	if (cause)
		fprintf(out, ": %s", cause);
	fprintf(out, "%s%s, by conntriage " CTRI_VERSION "\n", *s->hostname ? " on " : "",
		s->hostname);
}

static void head(const struct snapshot *s, const struct finding *f,
		 const struct cure_script *o, FILE *out)
{
	char *text, *price = sentence_all(&f->price);

	title(s, o, f->cause->name, out);
	text = sentence(&f->sentence);
	comment(out, text);
	free(text);
	if (price) {
		if (asprintf(&text, "Price: %s", price) < 0)
			no_memory();
		comment(out, text);
		free(text);
	}
	free(price);
	fputs("# Read it; what is piped to \"sudo sh\" is done.\n\n", out);
}

static bool is_meant(const struct cure_script *o, const struct step *s, int64_t nr)
{
	return s->when == o->when && step_changes(s) &&
	       (o->only == UNKNOWN || o->only == nr);
}

static int64_t count(const struct cure_script *o, const struct steps *st)
{
	int64_t nr = 0;
	size_t i;

	for (i = 0; i < st->nr; i++)
		nr += st->step[i].when == o->when && step_changes(&st->step[i]);
	return nr;
}

/* Before anything is changed: the right host, the right, the programs */
static void checks(const struct snapshot *s, const struct steps *st, const struct cure_script *o,
		   FILE *out)
{
	static const struct {
		enum tool tool;
		const char *name;
	} tools[] = {
		{ TOOL_NFT, "nft" }, { TOOL_IPTABLES_NFT, "iptables-nft" },
		{ TOOL_IPTABLES_LEGACY, "iptables-legacy" }, { TOOL_SYSCTL, "sysctl" },
		{ TOOL_SYSTEMCTL, "systemctl" }, { TOOL_CONNTRIAGE_DELETE, "conntriage-delete" },
	};
	unsigned int needs = 0;
	int64_t nr = 0;
	size_t i;

	fputs("fail() { echo \"" SELF ": $*\" >&2; exit 1; }\n", out);
	if (*s->hostname) {
		fputs("[ \"$(uname -n)\" = \"", out);
		quoted(out, s->hostname);
		fputs("\" ] || fail \"made for ", out);
		quoted(out, s->hostname);
		fputs(": type it there\"\n", out);
	}
	fputs("[ \"$(id -u)\" = 0 ] || fail \"needs root: " SELF " | sudo sh\"\n", out);
	for (i = 0; i < st->nr; i++)
		if (step_changes(&st->step[i]) && st->step[i].when == o->when) {
			nr++;
			needs |= is_meant(o, &st->step[i], nr) ? st->step[i].needs : 0;
		}
	for (i = 0; i < ARRAY_SIZE(tools); i++)
		if (needs & (1u << tools[i].tool))
			fprintf(out, "command -v %s >/dev/null || fail \"%s isn't there: %s\"\n",
				tools[i].name, tools[i].name,
				tools[i].tool == TOOL_CONNTRIAGE_DELETE && *s->tools.twin ?
				s->tools.twin : "install it");
	for (nr = 0, i = 0; i < st->nr && !o->dry_run; i++) {
		const struct step *step = &st->step[i];

		if (!step_changes(step) || step->when != o->when)
			continue;
		nr++;
		if (is_meant(o, step, nr) && step->test && step->kind != STEP_SETTING)
			fprintf(out, "%s >/dev/null ||\n  fail \"the rules of step %" PRId64
				" aren't taken here; nothing is changed\"\n", step->test, nr);
	}
	fputc('\n', out);
}

static void would(const struct step *s, int64_t nr, FILE *out)
{
	if (s->kind == STEP_SETTING) {
		fprintf(out, "echo \"step %" PRId64 ": $(%s 2>&1); would run: ", nr, s->test);
		quoted(out, s->text);
		fputs("\"\n", out);
	} else if (s->test) {
		fprintf(out, "if %s; then\n  echo \"step %" PRId64 ": would load these rules; they are "
			"taken here\"\nelse\n  echo \"step %" PRId64 ": these rules aren't taken here\"\nfi\n",
			s->test, nr, nr);
	} else {
		fprintf(out, "echo \"step %" PRId64 ": would run: ", nr);
		quoted(out, s->text);
		fputs("\"\n", out);
	}
}

static void body(const struct steps *st, const struct cure_script *o, FILE *out)
{
	int64_t nr = 0, all = count(o, st);
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		if (s->when != o->when)
			continue;
		if (!step_changes(s)) {
			if (o->only == UNKNOWN)
				comment(out, s->text);
			continue;
		}
		nr++;
		if (!is_meant(o, s, nr))
			continue;
		fprintf(out, "# step %" PRId64 " of %" PRId64 "\n", nr, all);
		if (o->dry_run)
			would(s, nr, out);
		else
			fprintf(out, "%s ||\n  fail \"step %" PRId64 " went wrong; see above\"\n", s->text, nr);
	}
}

/* What was predicted holds only if all of it is done. */
static void check(const struct finding *f, const struct cure_script *o, FILE *out)
{
	const struct prediction *e = &f->prediction;
	const char *verify = f->verify.nr ? f->verify.line[f->verify.nr - 1] : "";
	int len = (int)strcspn(verify, "#");
	char later[80] = "";

	if (e->entries == UNKNOWN || o->only != UNKNOWN || o->when != STEP_NOW ||
	    !strstr(verify, "nf_conntrack_count"))
		return;
	while (len && verify[len - 1] == ' ')
		len--;
	if (e->later_within)
		snprintf(later, sizeof(later), ", and %s after %s", num(e->later),
			 duration(e->later_within));
	if (e->within <= PATIENCE)
		fprintf(out, "\necho \"wait for %" PRId64 " seconds ...\"\nsleep %" PRId64 "\n"
			"echo \"$(%.*s) entries; about %s were predicted%s\"\n", e->within, e->within,
			len, verify, num(e->entries), later);
	else
		fprintf(out, "\necho \"look again in %s: %.*s; about %s entries are predicted%s\"\n",
			duration(e->within), len, verify, num(e->entries), later);
}

static void undo(const struct steps *st, const struct cure_script *o, FILE *out)
{
	bool said = false;
	size_t i;

	for (i = st->nr; i-- > 0; ) {
		if (st->step[i].when != o->when || !st->step[i].undo)
			continue;
		if (!said)
			fputs("\n# to undo:\n", out);
		said = true;
		fprintf(out, "# %s\n", st->step[i].undo);
	}
}

int render_script(const struct snapshot *s, const struct finding *f, const struct cure_script *o,
		  FILE *out)
{
	head(s, f, o, out);
	checks(s, &f->fix, o, out);
	body(&f->fix, o, out);
	if (!o->dry_run) {
		check(f, o, out);
		undo(&f->fix, o, out);
	}
	return ferror(out) ? -1 : 0;
}

int render_undo(const struct snapshot *s, const struct steps *st, const struct cure_script *o,
		FILE *out)
{
	title(s, o, NULL, out);
	comment(out, "What conntriage's commands have put here, taken back. A setting that was typed "
		"holds until the next boot.");
	fputc('\n', out);
	checks(s, st, o, out);
	body(st, o, out);
	return ferror(out) ? -1 : 0;
}

int64_t script_steps(const struct steps *st, enum step_when when)
{
	struct cure_script o = { .when = when, .only = UNKNOWN };

	return count(&o, st);
}
