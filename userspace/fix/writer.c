// SPDX-License-Identifier: GPL-2.0
/* Who sets a setting beside the boot files, and how it is changed there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/steps.h"
#include "fix/writer.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

static const char *const program_word[WRITER_PROGRAMS] = {
	[WRITER_KUBE_PROXY] = "kube-proxy",
	[WRITER_PROXMOX] = "the firewall of Proxmox",
	[WRITER_TUNED] = "tuned",
	[WRITER_UFW] = "ufw",
	[WRITER_DISPATCHER] = "a script of NetworkManager",
};

static void say_where(const struct written *w, char *text, size_t size)
{
	if (!w->file[0])
		snprintf(text, size, "%s%s", w->setting, w->by_default ? ", its default" : "");
	else if (w->value == UNKNOWN)
		snprintf(text, size, "\"%s\" in its %s, which isn't to be found on this host",
			 w->setting, w->file);
	else if (w->line == UNKNOWN)
		snprintf(text, size, "its default for %s, as %s sets none", w->setting,
			 w->file);
	else
		snprintf(text, size, "%s in %s, line %" PRId64, w->setting, w->file, w->line);
}

struct writer writer_of(const struct snapshot *s, const char *sysctl)
{
	const struct ct_sysctl *c = find_sysctl(s, sysctl);
	struct writer by = { .w = NULL };
	size_t i;

	for (i = 0; i < s->nr_written; i++) {
		const struct written *w = &s->written[i];
		bool holds = c && c->value != UNKNOWN && w->value == c->value;

		if (strcmp(w->sysctl, sysctl) || (by.w && (by.holds || !holds)))
			continue;
		by.w = w;
		by.holds = holds;
	}
	if (by.w) {
		by.name = program_word[by.w->program];
		say_where(by.w, by.where, sizeof(by.where));
	}
	return by;
}

/* Several settings of one program share a line. */
static void say_once(struct steps *st, const char *text)
{
	if (!step_has(st, STEP_FOR_GOOD, text))
		step_say(st, STEP_FOR_GOOD, "%s", text);
}

/* A maximum is the greater of two numbers, so the lower bound decides alone. */
static void change_kube_proxy(struct steps *st, const struct written *w, int64_t value)
{
	bool max = !strcmp(w->sysctl, "max");
	const char *unit = max ? "" : "s";

	if (!w->file[0]) {
		step_say(st, STEP_FOR_GOOD, "start kube-proxy with %s=%" PRId64 "%s",
			  max ? "--conntrack-min" : w->setting, value, unit);
		step_say(st, STEP_FOR_GOOD, "(or with %s=0, then it leaves that alone)",
			  max ? "--conntrack-max-per-core" : w->setting);
		return;
	}
	step_say(st, STEP_FOR_GOOD, "in kube-proxy's configuration: %s: %" PRId64 "%s", max ||
		  w->value == UNKNOWN ? "conntrack.min" : w->setting, value, unit);
	say_once(st, "(kubectl -n kube-system edit configmap kube-proxy, where the cluster keeps "
		 "it; then kubectl -n kube-system rollout restart daemonset kube-proxy)");
}

bool writer_wins(const struct writer *by)
{
	return by->holds || by->w->program == WRITER_UFW || !strcmp(by->w->sysctl, "max");
}

void writer_change(struct steps *st, const struct writer *by, int64_t value)
{
	const struct written *w = by->w;

	switch (w->program) {
	case WRITER_KUBE_PROXY:
		change_kube_proxy(st, w, value);
		break;
	case WRITER_PROXMOX:
		step_say(st, STEP_FOR_GOOD, "in %s, below [OPTIONS]: %s: %" PRId64, w->file, w->setting,
			  value);
		say_once(st, "(or in its web page: the node, Firewall, Options)");
		break;
	case WRITER_TUNED:
		step_say(st, STEP_FOR_GOOD, "%s, line %" PRId64 ": %s=%" PRId64, w->file, w->line,
			  w->setting, value);
		if (!strncmp(w->file, "/usr/", 5))
			say_once(st, "(that file is a package's: change a copy of its folder in "
				 "/etc/tuned)");
		say_once(st, "then: systemctl restart tuned");
		break;
	case WRITER_UFW:
	case WRITER_DISPATCHER:
	case WRITER_PROGRAMS:
		step_say(st, STEP_FOR_GOOD, "%s, line %" PRId64 ": %s=%" PRId64, w->file, w->line,
			  w->setting, value);
		if (w->program == WRITER_UFW)
			say_once(st, "then: ufw reload");
		break;
	}
}
