// SPDX-License-Identifier: GPL-2.0
/* sysctl.d, modules-load.d and modprobe.d: what the boot will make of them. */
#include <string.h>

#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define OWN "etc/sysctl.d/50-local.conf"

const struct ct_sysctl *sysctl_of(const struct snapshot *s, const char *name)
{
	static const struct ct_sysctl none = { .value = UNKNOWN };
	const struct ct_sysctl *row = find_sysctl(s, name);

	return row ? row : &none;
}

bool persists(const struct snapshot *s, const char *name, int64_t value,
	      const char *file)
{
	const struct ct_sysctl *row = sysctl_of(s, name);

	return row->persisted == value && !strcmp(row->persisted_in, file);
}

static bool masked(const struct snapshot *s)
{
	return persists(s, "max", UNKNOWN, "") &&
	       persists(s, "acct", UNKNOWN, "");
}

static bool linked_conf(const struct snapshot *s)
{
	return persists(s, "tcp_timeout_established", 3600,
			"/etc/sysctl.conf") &&
	       !*sysctl_of(s, "tcp_timeout_established")->ignored_in;
}

static bool sysctl_conf_read(const struct snapshot *s)
{
	return persists(s, "tcp_timeout_established", 3600, "/etc/sysctl.conf");
}

static bool alias_wins(const struct snapshot *s)
{
	return persists(s, "max", 7, "/etc/sysctl.d/70-alias.conf");
}

static bool key_wins(const struct snapshot *s)
{
	return persists(s, "max", 262144, "/etc/sysctl.d/50-local.conf");
}

static bool excluded(const struct snapshot *s)
{
	return persists(s, "udp_timeout_stream", UNKNOWN, "");
}

static bool odd_lines(const struct snapshot *s)
{
	return persists(s, "max", 9, "/etc/sysctl.d/50-local.conf") &&
	       persists(s, "acct", UNKNOWN, "");
}

static bool clean_name(const struct snapshot *s)
{
	return persists(s, "max", 5, "/etc/sysctl.d/99-??2J.conf");
}

static bool at_boot(const struct snapshot *s)
{
	return s->ct_at_boot;
}

static bool not_at_boot(const struct snapshot *s)
{
	return s->ct_loaded && !s->ct_at_boot;
}

static bool hashsize_cmdline(const struct snapshot *s)
{
	return s->hashsize_option == 1024 &&
	       !strcmp(s->hashsize_in, "/proc/cmdline");
}

static bool no_hashsize(const struct snapshot *s)
{
	return s->hashsize_option == UNKNOWN && !*s->hashsize_in;
}

const struct test boot_files[] = {
	/* sysctl.d */
	{ "sysctl.d: masked by a link to /dev/null",
	  {{ OWN, LINK, NULL, "/dev/null", 0 }}, NULL, masked },
	{ "sysctl.d: a link to /dev/null is never followed",
	  {{ "dev/other", WRITE, NULL, "", 0 }, { "dev/null", FIFO, NULL, NULL, 0 },
	   { OWN, LINK, NULL, "/dev/null", 0 }}, NULL, masked },
	{ "sysctl.d: 99-sysctl.conf is /etc/sysctl.conf",
	  {{ "etc/sysctl.d/99-sysctl.conf", LINK, NULL, "../sysctl.conf", 0 }},
	  NULL, linked_conf },
	{ "sysctl.conf counts without systemd",
	  {{ "run/systemd", REMOVE, NULL, NULL, 0 }}, NULL, sysctl_conf_read },
	{ "sysctl.d: net.nf_conntrack_max is the same",
	  {{ "etc/sysctl.d/70-alias.conf", WRITE, NULL, "net.nf_conntrack_max=7\n", 0 }},
	  NULL, alias_wins },
	{ "sysctl.d: the later of two names for one key",
	  {{ "etc/sysctl.d/40-alias.conf", WRITE, NULL, "net.nf_conntrack_max=7\n", 0 }},
	  NULL, key_wins },
	{ "sysctl.d: excluded from a pattern",
	  {{ "etc/sysctl.d/90-x.conf", WRITE, NULL,
	     "-net.netfilter.nf_conntrack_udp_timeout_stream\n", 0 }},
	  NULL, excluded },
	{ "sysctl.d: no newline, blanks, nonsense",
	  {{ OWN, WRITE, NULL, "nonsense\n\n=\n=5\n-\n net.netfilter.nf_conntrack_acct = yes\n"
	     "net.netfilter.nf_conntrack_max\n"
	     "\t net/netfilter/nf_conntrack_max\t=  9\n"
	     "net.netfilter.nf_conntrack_max", 0 }}, NULL, odd_lines },
	{ "sysctl.d: file name with an escape sequence",
	  {{ "etc/sysctl.d/99-\033[2J.conf", WRITE, NULL,
	     "net.netfilter.nf_conntrack_max=5\n", 0 }}, NULL, clean_name },

	/* modules-load.d, modprobe.d */
	{ "conntrack not at boot",
	  {{ "etc/modules-load.d/conntrack.conf", WRITE, NULL,
	     "#nf_conntrack\n;nf_conntrack\nnf_conntrack_\n", 0 }}, NULL, not_at_boot },
	{ "conntrack at boot by /etc/modules",
	  {{ "etc/modules-load.d/conntrack.conf", REMOVE, NULL, NULL, 0 },
	   { "etc/modules", WRITE, NULL, "nf_conntrack", 0 }}, NULL, at_boot },
	{ "conntrack at boot by a module that needs it",
	  {{ "etc/modules-load.d/conntrack.conf", WRITE, NULL, "nft-ct\n", 0 }},
	  NULL, at_boot },
	{ "conntrack built in",
	  {{ "etc/modules-load.d/conntrack.conf", REMOVE, NULL, NULL, 0 },
	   { "proc/modules", WRITE, NULL, "conntriage 1 0 - Live 0x0\n", 0 },
	   { "lib/modules/6.1.0-56-amd64/modules.builtin", WRITE, NULL,
	     "kernel/net/netfilter/nf_conntrack.ko\n", 0 }}, NULL, at_boot },
	{ "hashsize on the kernel command line",
	  {{ "proc/cmdline", WRITE, NULL, "ro nf_conntrack.hashsize=1024\n", 0 }},
	  NULL, hashsize_cmdline },
	{ "hashsize commented out or not a number",
	  {{ "etc/modprobe.d/conntrack.conf", WRITE, NULL,
	     "#options nf_conntrack hashsize=1\noptions nf_conntrack hashsize=big\n"
	     "options\noptions \noptions nf_conntrack\noptions other hashsize=5\n", 0 }},
	  NULL, no_hashsize },
	{ NULL, { { NULL, KEEP, NULL, NULL, 0 } }, NULL, NULL }
};
