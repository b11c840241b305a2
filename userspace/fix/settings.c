// SPDX-License-Identifier: GPL-2.0
/* Settings: now, and after every boot. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

#define PREFIX		"net.netfilter.nf_conntrack_"

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * sysctl.d is read in the order of the file names, and the last one wins; some
 * read /etc/sysctl.conf after all of them.
 */
static bool read_later(const char *path, const char *ours)
{
	return !strcmp(path, "/etc/sysctl.conf") ||
	       strcmp(file_name(path), ours) > 0;
}

static void persist_module(const struct fix *x)
{
	static const char load[] =
		"echo nf_conntrack > /etc/modules-load.d/nf_conntrack.conf";

	if (x->s->ct_at_boot || lines_has(x->persist, load))
		return;
	lines_add(x->persist,
		  "# without this the setting fails at boot: the key isn't there yet");
	/* systemd brings the directory, and a host may have no systemd. */
	lines_add(x->persist, "mkdir -p /etc/modules-load.d");
	lines_add(x->persist, "%s", load);
}

void fix_persist_sysctl(struct fix *x, const char *key, int64_t value)
{
	const struct ct_sysctl *c = find_sysctl(x->s, key);
	struct lines *l = x->persist;
	char ours[96], line[320];

	if ((value <= 0 && !strcmp(key, "max")) ||
	    (c && c->persisted == value && x->s->ct_at_boot))
		return;
	snprintf(ours, sizeof(ours), "90-nf_conntrack_%s.conf", key);
	if (c && c->persisted != UNKNOWN && c->persisted_in[0] == '/' &&
	    text_plain(c->persisted_in) && read_later(c->persisted_in, ours))
		snprintf(line, sizeof(line), "sed -i -E 's|^(-? *net[./](netfilter[./])?"
			 "nf_conntrack_%s *=).*|\\1 %" PRId64 "|' %s", key, value,
			 c->persisted_in);
	else
		snprintf(line, sizeof(line), "echo '" PREFIX "%s = %" PRId64
			 "' > /etc/sysctl.d/%s", key, value, ours);
	if (lines_has(l, line))
		return;
	if (!strncmp(line, "sed", 3))
		lines_add(l, "# %s sets %" PRId64 " and is read last: change it there",
			  c->persisted_in, c->persisted);
	lines_add(l, "%s", line);
	persist_module(x);
}

void fix_sysctl_now(struct fix *x, const char *key, int64_t value)
{
	const struct ct_sysctl *c = x->here ? find_sysctl(x->s, key) : NULL;

	if (c && c->value == value) {
		x->nr_set++;
		return;
	}
	fix_line(x, x->now, "sysctl -w " PREFIX "%s=%" PRId64, key, value);
}

void fix_sysctl(struct fix *x, const char *key, int64_t value)
{
	static const char gone[] =
		"# a namespace's settings go with it: set this where it is made";

	fix_sysctl_now(x, key, value);
	if (x->here && !x->outside)
		fix_persist_sysctl(x, key, value);
	else if (!lines_has(x->persist, gone))
		lines_add(x->persist, "%s", gone);
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
		"# only the initial namespace may write it: type it on the host itself";

	if (x->outside && !lines_has(x->now, where))
		lines_add(x->now, "%s", where);
	lines_add(x->now, "%ssysctl -w " PREFIX "%s=%" PRId64,
		  x->outside ? "nsenter -t 1 -n " : "", key, value);
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

static void persist_hashsize(struct fix *x, int64_t buckets)
{
	const struct snapshot *s = x->s;
	struct lines *l = x->persist;

	lines_add(l, "# buckets from the start; alone it would make the maximum 8 times "
		  "that");
	if (s->hashsize_option == UNKNOWN || s->hashsize_in[0] != '/' ||
	    !text_plain(s->hashsize_in)) {
		/* kmod brings it; nothing else that is typed here needs kmod. */
		lines_add(l, "mkdir -p /etc/modprobe.d");
		lines_add(l, "echo 'options nf_conntrack hashsize=%" PRId64
			  "' > /etc/modprobe.d/nf_conntrack.conf", buckets);
	} else if (!strcmp(s->hashsize_in, "/proc/cmdline")) {
		lines_add(l, "# the boot loader passes nf_conntrack.hashsize=%" PRId64
			  ": change it there to %" PRId64, s->hashsize_option, buckets);
	} else {
		lines_add(l, "sed -i -E 's|(nf.conntrack.*hashsize=)[0-9]+|\\1%" PRId64
			  "|' %s", buckets, s->hashsize_in);
	}
}

void fix_buckets(struct fix *x, int64_t buckets, int64_t max)
{
	now_global(x, "buckets", buckets);
	persist_hashsize(x, buckets);
	fix_persist_sysctl(x, "max", max);
}
