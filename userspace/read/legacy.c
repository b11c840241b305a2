// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of iptables-legacy. Each that exists is listed below /proc/net,
 * but listing rules with iptables-legacy creates it too, so what counts is
 * whether it holds any: the kernel tells how many entries, once asked about a
 * table that is there. Asked about another it would load one, hence the list.
 */
#include <errno.h>
#include <netinet/in.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/columns.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/legacy_drops.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"

#define TABLES_PATH	"conntriage/legacy-tables"

struct legacy_line {
	int64_t family, rules;
	char table[XT_TABLE_MAXNAMELEN];
};

static const struct field legacy_fields[] = {
	{ "family", FIELD_COUNT, false, offsetof(struct legacy_line, family), 0 },
	{ "table", FIELD_WORD, false, offsetof(struct legacy_line, table),
	  XT_TABLE_MAXNAMELEN },
	{ "rules", FIELD_COUNT, false, offsetof(struct legacy_line, rules), 0 },
};

static int64_t count_rules(int family, const char *table)
{
	/* struct ip6t_getinfo has the same members. */
	struct ipt_getinfo info = { .size = 0 };
	socklen_t len = sizeof(info);
	int fd, error;

	if (strlen(table) >= sizeof(info.name))
		return UNKNOWN;
	memcpy(info.name, table, strlen(table) + 1);
	fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC,
		    IPPROTO_RAW);
	if (fd < 0)
		return UNKNOWN;
	if (family == 4)
		error = getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &len);
	else
		error = getsockopt(fd, IPPROTO_IPV6, IP6T_SO_GET_INFO, &info,
				   &len);
	close(fd);
	if (error)
		return UNKNOWN;
	/* Empty is: a policy for each hook, and one entry that marks the end. */
	return (int64_t)info.num_entries -
	       __builtin_popcount(info.valid_hooks) - 1;
}

static void add_table(struct reader *r, int64_t rules)
{
	if (rules)	/* UNKNOWN counts as some: the table was made for something */
		r->s->rules.iptables_legacy = true;
}

/* Names, one a line, and what the live kernel says of each */
static int read_names(struct reader *r, int family, const char *path,
		      bool counted, char **listing)
{
	char *text, *next, *name, *more;
	int64_t rules;
	int error;

	error = files_read(&r->files, path, READ_MAX_KERNEL_FILE, &text, NULL);
	if (error == -EACCES || error == -EPERM) {
		rules_not_known(&r->s->rules, "only root may read /proc/net/ip_tables_names; "
				"run conntriage as root");
		return 0;
	}
	if (error == -ENOENT || error == -ENOTDIR)
		return 0;	/* ip_tables isn't loaded */
	if (error)
		return fault_at(&r->fault, reader_name(r, path), 0,
				"%s", strerror(-error));
	next = text;
	while ((name = text_line(&next))) {
		if (counted || !*name || !text_plain(name))
			continue;
		rules = *r->s->root ? UNKNOWN : count_rules(family, name);
		add_table(r, rules);
		if (!*r->s->root && rules != UNKNOWN && rules > 0 && !strcmp(name, "raw"))
			legacy_drops_live(r, family);
		if (rules == UNKNOWN)
			error = asprintf(&more, "%s%d %s -\n", *listing, family,
					 name);
		else
			error = asprintf(&more, "%s%d %s %lld\n", *listing,
					 family, name, (long long)rules);
		if (error < 0)
			break;
		free(*listing);
		*listing = more;
	}
	free(text);
	return 0;
}

static int parse_legacy(struct reader *r, const char *file, char *text, size_t len)
{
	struct legacy_line line;
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, legacy_fields, 3,
			  READ_MAX_LEGACY_TABLES, &r->fault))
		return -1;
	while ((status = columns_row(&t, &line)) > 0)
		add_table(r, line.rules);
	return status;
}

int read_legacy(struct reader *r)
{
	const struct snapshot before = *r->s;
	bool counted = false;
	char *text, *listing;
	size_t len;
	int error;

	if (*r->s->root) {
		reader_slurp(r, TABLES_PATH, READ_MAX_BOOT_FILE, &text, &len);
		if (text && parse_legacy(r, reader_name(r, TABLES_PATH), text, len))
			reader_drop(r, &before);
		else
			counted = text;
		free(text);
		legacy_drops_captured(r);
	}
	listing = strdup("family table rules\n");
	if (!listing)
		return fault_at(&r->fault, "legacy tables", 0,
				"out of memory; free some");
	error = read_names(r, 4, "proc/net/ip_tables_names", counted, &listing);
	if (!error)
		error = read_names(r, 6, "proc/net/ip6_tables_names", counted,
				   &listing);
	if (!*r->s->root && !error)
		legacy_drops_keep(r);
	if (!*r->s->root && !error)
		files_keep(&r->files, TABLES_PATH, listing, strlen(listing));
	free(listing);
	return error;
}
