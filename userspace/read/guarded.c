// SPDX-License-Identifier: GPL-2.0
/*
 * Whom no advice may cut off: next hops of the routes, resolvers, and the peer of
 * the session. A capture keeps the addresses alone: a router's routes are long, and
 * resolv.conf tells more than that.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/guarded.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/route_words.h"
#include "snapshot.h"

#define GUARDED_PATH	"conntriage/guarded"
#define ROUTE_GATEWAY	0x2	/* RTF_GATEWAY of the kernel's uapi/linux/route.h */

static const char *const guard_word[GUARD_REASONS] = {
	[GUARD_GATEWAY] = "gateway",
	[GUARD_RESOLVER] = "resolver",
	[GUARD_SESSION] = "session",
};

struct guarded_line {
	char why[16], address[64];
};

static const struct field guarded_fields[] = {
	{ "why", FIELD_WORD, false, offsetof(struct guarded_line, why), 16 },
	{ "address", FIELD_WORD, false, offsetof(struct guarded_line, address), 64 },
};

void guard_address(struct snapshot *s, enum guard_reason why, const char *address)
{
	struct guarded_address *g;
	size_t i;

	if (!text_address(address, 0) || strchr(address, '/') || !strcmp(address, "0.0.0.0") ||
	    !strcmp(address, "::") || s->nr_guarded == READ_MAX_GUARDED)
		return;
	for (i = 0; i < s->nr_guarded; i++)
		if (!strcmp(s->guarded[i].address, address))
			return;
	g = grow(&s->guarded, &s->nr_guarded, sizeof(*g));
	snprintf(g->address, sizeof(g->address), "%s", address);
	g->why = why;
}

/* "eth0  00000000  010200C0  0003  ..."; the number is explained in read/route_words.h */
void parse_route(struct snapshot *s, char *text)
{
	bool little = routes_little(text, *s->root);
	char address[INET_ADDRSTRLEN], *line;
	unsigned int hop, flags;
	struct in_addr binary;

	while ((line = text_line(&text))) {
		if (sscanf(line, "%*s %*8x %8x %4x", &hop, &flags) != 2 ||
		    !(flags & ROUTE_GATEWAY))
			continue;
		binary.s_addr = route_word(hop, little);
		if (inet_ntop(AF_INET, &binary, address, sizeof(address)))
			guard_address(s, GUARD_GATEWAY, address);
	}
}

/* rt6_native seq of net/ipv6/route.c: destination, source, next hop, ..., flags */
void parse_ipv6_route(struct snapshot *s, char *text)
{
	char address[INET6_ADDRSTRLEN], hop[33], *line;
	struct in6_addr binary;
	unsigned int flags;
	size_t i;

	while ((line = text_line(&text))) {
		if (sscanf(line, "%*32s %*2x %*32s %*2x %32[0-9a-f] %*8x %*8x %*8x %8x", hop,
			   &flags) != 2 || strlen(hop) != 32 || !(flags & ROUTE_GATEWAY))
			continue;
		for (i = 0; i < sizeof(binary); i++)
			sscanf(hop + 2 * i, "%2hhx", &binary.s6_addr[i]);
		if (inet_ntop(AF_INET6, &binary, address, sizeof(address)))
			guard_address(s, GUARD_GATEWAY, address);
	}
}

/* resolv.conf(5); "nameserver fe80::1%eth0" has a scope */
void parse_resolv_conf(struct snapshot *s, char *text)
{
	char address[64], *line;

	while ((line = text_line(&text)))
		if (sscanf(line, " nameserver %63[0-9a-fA-F.:]", address) == 1)
			guard_address(s, GUARD_RESOLVER, address);
}

static int read_part(struct reader *r, const char *path, size_t limit,
		     void (*parse)(struct snapshot *s, char *text))
{
	char *text;
	int error = files_read_part(&r->files, path, limit, &text, NULL);

	switch (error) {
	case 0:
		parse(r->s, text);
		free(text);
		return 0;
	case -ENOENT:
	case -ENOTDIR:
	case -EACCES:
	case -EPERM:
	case -EFBIG:
	case -ENOTSUP:
		return 0;
	default:
		return fault_at(&r->fault, reader_name(r, path), 0, "%s", strerror(-error));
	}
}

static int parse_guarded(struct reader *r, const char *file, char *text, size_t len)
{
	struct guarded_line line;
	struct columns t;
	size_t i;
	int status;

	if (columns_begin(&t, file, text, len, guarded_fields, ARRAY_SIZE(guarded_fields),
			  READ_MAX_GUARDED, &r->fault))
		return -1;
	while ((status = columns_row(&t, &line)) > 0)
		for (i = 0; i < GUARD_REASONS; i++)
			if (!strcmp(line.why, guard_word[i]))
				guard_address(r->s, i, line.address);
	return status;
}

static void keep(struct reader *r)
{
	char *text;
	FILE *lines;
	size_t i, len;

	lines = open_memstream(&text, &len);
	if (!lines)
		no_memory();
	fprintf(lines, "why address\n");
	for (i = 0; i < r->s->nr_guarded; i++)
		fprintf(lines, "%s %s\n", guard_word[r->s->guarded[i].why],
			r->s->guarded[i].address);
	fclose(lines);
	files_keep(&r->files, GUARDED_PATH, text, len);
	free(text);
}

/* What comes first is kept where there are too many: a router may have many next hops. */
int read_guarded(struct reader *r)
{
	static const struct {
		const char *path;
		size_t limit;
		void (*parse)(struct snapshot *s, char *text);
	} parts[] = {
		{ "etc/resolv.conf", READ_MAX_BOOT_FILE, parse_resolv_conf },
		/* whom systemd-resolved asks, where resolv.conf names itself */
		{ "run/systemd/resolve/resolv.conf", READ_MAX_BOOT_FILE, parse_resolv_conf },
		{ "proc/net/route", READ_MAX_ROUTES, parse_route },
		{ "proc/net/ipv6_route", READ_MAX_ROUTES, parse_ipv6_route },
	};
	const struct snapshot before = *r->s;
	char *text;
	size_t i, len;

	if (*r->s->root) {
		reader_slurp(r, GUARDED_PATH, READ_MAX_BOOT_FILE, &text, &len);
		if (text) {
			if (parse_guarded(r, reader_name(r, GUARDED_PATH), text, len))
				reader_drop(r, &before);
			free(text);
			return 0;
		}
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (read_part(r, parts[i].path, parts[i].limit, parts[i].parse))
			reader_drop(r, NULL);
	keep(r);
	return 0;
}
