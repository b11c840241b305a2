// SPDX-License-Identifier: GPL-2.0
/* What this host calls its network namespaces, and which addresses it has. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define NETNS_DIR	"run/netns"
#define ROUTES		"proc/net/fib_trie"
#define ADDRESSES6	"proc/net/if_inet6"

#define LEAF		"|-- "
#define LOCAL		"/32 host LOCAL"

int read_netns_names(struct reader *r)
{
	struct netns_name *row;
	char path[300], **names;
	size_t i, nr;
	int64_t inode;

	if (reader_list(r, NETNS_DIR, "", "", READ_MAX_NETNS, &names, &nr))
		return 0;
	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), NETNS_DIR "/%s", names[i]);
		if (strlen(names[i]) >= sizeof(row->name) ||
		    !text_plain(names[i]) || *names[i] == '-' ||
		    !files_netns(&r->files, path, &inode))
			continue;
		row = grow(&r->s->netns_name, &r->s->nr_netns_names,
			   sizeof(*row));
		row->netns = inode;
		memcpy(row->name, names[i], strlen(names[i]) + 1);
		snprintf(row->path, sizeof(row->path), "/" NETNS_DIR "/%s", row->name);
	}
	files_list_free(names, nr);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_local(struct snapshot *s, const char *address)
{
	char (*row)[sizeof(*s->local)];

	if (s->nr_local == READ_MAX_LOCAL)
		return;
	row = grow(&s->local, &s->nr_local, sizeof(*row));
	snprintf(*row, sizeof(*row), "%s", address);
}

/*
 * The tries of the routing tables: a leaf, and below it what it is. Tables
 * that share a trie show it twice.
 *
 *	"     |-- 192.0.2.1"
 *	"        /32 host LOCAL"
 */
void parse_fib_trie(struct snapshot *s, char *text)
{
	char address[INET_ADDRSTRLEN] = "", *line;
	size_t i, nr = 0;

	while ((line = text_line(&text))) {
		line = text_trim(line);
		if (!strncmp(line, LEAF, strlen(LEAF)))
			snprintf(address, sizeof(address), "%.15s",
				 line + strlen(LEAF));
		else if (!strcmp(line, LOCAL) && text_address(address, 4))
			add_local(s, address);
	}
	if (!s->nr_local)
		return;
	qsort(s->local, s->nr_local, sizeof(*s->local), by_text);
	for (i = 1; i < s->nr_local; i++)
		if (strcmp(s->local[i], s->local[nr]))
			memmove(s->local[++nr], s->local[i], sizeof(*s->local));
	s->nr_local = nr + 1;
}

/* "20010db8000100020000000000000001 02 40 00 80     eth0" */
void parse_if_inet6(struct snapshot *s, char *text)
{
	char address[INET6_ADDRSTRLEN], *line;
	struct in6_addr binary;
	size_t i;

	while ((line = text_line(&text))) {
		if (strspn(line, "0123456789abcdef") != 2 * sizeof(binary))
			continue;
		for (i = 0; i < sizeof(binary); i++)
			sscanf(line + 2 * i, "%2hhx", &binary.s6_addr[i]);
		if (inet_ntop(AF_INET6, &binary, address, sizeof(address)))
			add_local(s, address);
	}
}

/* A router's whole table may be long; the few lines that matter are kept. */
static int read_fib_trie(struct reader *r)
{
	char *text, *keep;
	size_t i, len;
	FILE *lines;
	int error;

	error = files_read_part(&r->files, ROUTES, READ_MAX_ROUTES, &text, NULL);
	if (error == -ENOENT || error == -ENOTDIR || error == -EACCES ||
	    error == -EPERM || error == -EFBIG)
		return 0;
	if (error)
		return fault_at(&r->fault, reader_name(r, ROUTES), 0, "%s",
				strerror(-error));
	parse_fib_trie(r->s, text);
	free(text);

	lines = open_memstream(&keep, &len);
	if (!lines)
		return fault_at(&r->fault, reader_name(r, ROUTES), 0, "%s",
				strerror(errno));
	for (i = 0; i < r->s->nr_local; i++)
		fprintf(lines, LEAF "%s\n" LOCAL "\n", r->s->local[i]);
	fclose(lines);
	files_keep(&r->files, ROUTES, keep, len);
	free(keep);
	return 0;
}

int read_local(struct reader *r)
{
	char *text;

	if (read_fib_trie(r))
		reader_drop(r, NULL);
	reader_slurp(r, ADDRESSES6, READ_MAX_KERNEL_FILE, &text, NULL);
	if (text)
		parse_if_inet6(r->s, text);
	free(text);
	return 0;
}
