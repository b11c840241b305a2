// SPDX-License-Identifier: GPL-2.0
/* Settings: now, and after every boot. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "fix/writer.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define PREFIX		"net.netfilter.nf_conntrack_"
#define NEEDS_SYSCTL	(1u << TOOL_SYSCTL)

/* A file of our own, written whole: the same once or ten times */
static void own_file(struct fix *x, const char *dir, const char *name, const char *line)
{
	char text[320];
	struct step *s;

	/* systemd or kmod brings the directory, and a host may have neither */
	snprintf(text, sizeof(text), "mkdir -p %s && echo '%s' \\\n  >%s/%s", dir, line, dir, name);
	if (step_has(x->steps, STEP_FOR_GOOD, text))
		return;
	s = step_add(x->steps, STEP_FILE, STEP_FOR_GOOD);
	if (asprintf(&s->text, "%s", text) < 0 ||
	    asprintf(&s->undo, "rm -f %s/%s", dir, name) < 0)
		no_memory();
}

static void persist_module(struct fix *x)
{
	if (x->s->ct_at_boot || x->s->owners & (1u << OWNER_OPENWRT))
		return;
	own_file(x, "/etc/modules-load.d", "conntriage.conf", "nf_conntrack");
}

/* configuration.nix is somebody's: what belongs there is said, once. */
static void __attribute__((format(printf, 2, 3))) nixos_line(struct fix *x, const char *fmt, ...)
{
	char *line, *text;
	va_list ap;

	va_start(ap, fmt);
	line = print_text(fmt, ap);
	va_end(ap);
	if (asprintf(&text, "in configuration.nix:\n%s", line) < 0)
		no_memory();
	if (!step_has(x->steps, STEP_FOR_GOOD, text))
		step_say(x->steps, STEP_FOR_GOOD, "%s", text);
	free(line);
	free(text);
}

/*
 * sysctl.d(5) is read in the order of the names, and sysctl.conf is 99-sysctl.conf
 * there; "sysctl --system" reads it once more behind all of them.
 */
static void persist_file(struct fix *x, const struct ct_sysctl *c, const char *key,
			 int64_t value)
{
	char name[96], line[160];

	snprintf(name, sizeof(name), "zz-conntriage-%s.conf", key);
	snprintf(line, sizeof(line), PREFIX "%s = %" PRId64, key, value);
	if (c && !strcmp(c->persisted_in, "/etc/sysctl.conf") && c->persisted != value)
		step_say(x->steps, STEP_FOR_GOOD, "and take its line out of /etc/sysctl.conf, which "
			 "\"sysctl --system\" reads last:");
	own_file(x, "/etc/sysctl.d", name, line);
	persist_module(x);
}

void fix_persist_sysctl(struct fix *x, const char *key, int64_t value)
{
	const struct ct_sysctl *c = find_sysctl(x->s, key);
	struct writer by = writer_of(x->s, key);

	if ((value <= 0 && !strcmp(key, "max")) ||
	    (c && c->persisted == value && x->s->ct_at_boot && !by.w))
		return;
	/* A line in sysctl.d changes nothing where a program writes it afterwards. */
	if (by.w && writer_wins(&by))
		writer_change(x->steps, &by, value);
	else if (x->s->owners & (1u << OWNER_NIXOS))
		nixos_line(x, "boot.kernel.sysctl.\"" PREFIX "%s\" = %" PRId64 ";", key, value);
	else
		persist_file(x, c, key, value);
}

/* Where the old value is known, that is the way back. */
static void write_now(struct fix *x, const char *enter, const char *key, int64_t value,
		      int64_t old)
{
	struct step *s = step_add(x->steps, STEP_SETTING, STEP_NOW);

	s->needs = NEEDS_SYSCTL;
	if (asprintf(&s->text, "%ssysctl -w " PREFIX "%s=%" PRId64, enter, key, value) < 0 ||
	    (old > 0 && asprintf(&s->undo, "%ssysctl -w " PREFIX "%s=%" PRId64, enter, key, old) < 0) ||
	    asprintf(&s->test, "%ssysctl " PREFIX "%s", enter, key) < 0)
		no_memory();
}

void fix_sysctl_now(struct fix *x, const char *key, int64_t value)
{
	const struct ct_sysctl *c = x->here ? find_sysctl(x->s, key) : NULL;

	if (c && c->value == value)
		x->nr_set++;
	else
		write_now(x, x->enter, key, value, c ? c->value : UNKNOWN);
}

void fix_sysctl(struct fix *x, const char *key, int64_t value)
{
	static const char gone[] =
		"a namespace's settings go with it: set this where it is made";

	fix_sysctl_now(x, key, value);
	if (x->here && !x->outside)
		fix_persist_sysctl(x, key, value);
	else if (!step_has(x->steps, STEP_FOR_GOOD, gone))
		step_say(x->steps, STEP_FOR_GOOD, "%s", gone);
}

void fix_lower(struct fix *x, const char *key, int64_t value)
{
	const struct ct_sysctl *c = x->here ? find_sysctl(x->s, key) : NULL;

	if (!c || c->value > value)
		fix_sysctl(x, key, value);
}

static void now_global(struct fix *x, const char *key, int64_t value)
{
	static const char where[] =
		"only the initial namespace may write it: type it on the host itself";
	const struct ct_sysctl *c = find_sysctl(x->s, key);

	if (x->outside && !step_has(x->steps, STEP_NOW, where))
		fix_say(x, "%s", where);
	write_now(x, x->outside ? "nsenter -t 1 -n " : "", key, value, c ? c->value : UNKNOWN);
}

void fix_max_now(struct fix *x, int64_t max)
{
	now_global(x, "max", max);
}

void fix_max(struct fix *x, int64_t max)
{
	now_global(x, "max", max);
	fix_persist_sysctl(x, "max", max);
}

void fix_expect_max(struct fix *x, int64_t max)
{
	now_global(x, "expect_max", max);
	fix_persist_sysctl(x, "expect_max", max);
}

/* modprobe(8) puts all options lines together in the order of the files: the last counts. */
static void persist_hashsize(struct fix *x, int64_t buckets)
{
	const struct snapshot *s = x->s;
	char line[80];

	if (!strcmp(s->hashsize_in, "/proc/cmdline")) {
		step_say(x->steps, STEP_FOR_GOOD, "the boot loader passes nf_conntrack.hashsize=%"
			 PRId64 ": change it there to %" PRId64, s->hashsize_option, buckets);
		return;
	}
	if (s->owners & (1u << OWNER_NIXOS)) {
		nixos_line(x, "boot.extraModprobeConfig = \"options nf_conntrack hashsize=%" PRId64
			   "\";", buckets);
		return;
	}
	step_say(x->steps, STEP_FOR_GOOD, "buckets from the start; alone it would make the maximum "
		 "8 times that:");
	snprintf(line, sizeof(line), "options nf_conntrack hashsize=%" PRId64, buckets);
	own_file(x, "/etc/modprobe.d", "zz-conntriage.conf", line);
}

void fix_buckets(struct fix *x, int64_t buckets, int64_t max)
{
	now_global(x, "buckets", buckets);
	persist_hashsize(x, buckets);
	fix_persist_sysctl(x, "max", max);
}
