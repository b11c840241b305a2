// SPDX-License-Identifier: GPL-2.0
/*
 * Who holds entries that no listing shows: packets that wait in an nfqueue, and
 * destroy events that wait for their reader (docs/conntrack.md, "The count").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define QUEUES		"proc/net/netfilter/nfnetlink_queue"
#define SOCKETS		"proc/net/netlink"
#define NETFILTER	12	/* NETLINK_NETFILTER */
#define DESTROY		4	/* bit of NFNLGRP_CONNTRACK_DESTROY */

/*
 * seq_show() in nfnetlink_queue.c: number, port, packets that wait, copy mode and
 * range, dropped as the queue or the socket was full, and two more.
 *
 *	"    0   3451  1024 2 65531     0    12   481220  1"
 */
void parse_queues(struct snapshot *s, char *text)
{
	struct packet_queue row;
	int64_t number[7];
	char *line, *word;
	size_t i;

	while ((line = text_line(&text)) && s->nr_queues < READ_MAX_QUEUES) {
		for (i = 0; i < ARRAY_SIZE(number); i++) {
			line += strspn(line, " ");
			word = strsep(&line, " ");
			if (!text_count(word, &number[i]) || !line)
				break;
		}
		if (i < ARRAY_SIZE(number))
			continue;
		row = (struct packet_queue) {
			.number = number[0], .port = number[1], .waiting = number[2],
			.dropped = plus(number[5], number[6]),
		};
		*(struct packet_queue *)grow(&s->queue, &s->nr_queues, sizeof(row)) = row;
	}
}

struct socket_row {
	int64_t protocol, port, groups, unread, lost;
};

/* netlink_seq_show() in af_netlink.c */
static const struct field socket_fields[] = {
	{ "Eth", FIELD_COUNT, false, offsetof(struct socket_row, protocol), 0 },
	{ "Pid", FIELD_COUNT, false, offsetof(struct socket_row, port), 0 },
	{ "Groups", FIELD_HEX, false, offsetof(struct socket_row, groups), 0 },
	{ "Rmem", FIELD_COUNT, false, offsetof(struct socket_row, unread), 0 },
	{ "Drops", FIELD_COUNT, false, offsetof(struct socket_row, lost), 0 },
};

int parse_sockets(struct snapshot *s, const char *file, char *text, size_t len,
		  struct fault *fault)
{
	struct event_listener *listener;
	struct socket_row row;
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, socket_fields, ARRAY_SIZE(socket_fields),
			  READ_MAX_SOCKETS, fault))
		return -1;
	while ((status = columns_row(&t, &row)) > 0) {
		if (row.protocol != NETFILTER || !(row.groups & DESTROY) ||
		    s->nr_listeners == READ_MAX_LISTENERS)
			continue;
		listener = grow(&s->listener, &s->nr_listeners, sizeof(*listener));
		listener->port = row.port;
		listener->unread = row.unread;
		listener->lost = row.lost;
	}
	return status;
}

/*
 * The name of the process that has a netlink port's number: a program's first socket
 * of a kind gets its pid for a port (netlink_autobind()).
 */
static void name_process(struct reader *r, int64_t port, char *name, size_t size)
{
	char path[64];

	if (port <= 0 || port > INT32_MAX)
		return;
	snprintf(path, sizeof(path), "proc/%lld/comm", (long long)port);
	reader_word(r, path, name, size);
}

/* A copy has the sockets that matter: of the others there may be thousands. */
static void keep_sockets(struct reader *r)
{
	const struct snapshot *s = r->s;
	char *keep;
	size_t i, len;
	FILE *lines = open_memstream(&keep, &len);

	if (!lines)
		no_memory();
	fputs("sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n", lines);
	for (i = 0; i < s->nr_listeners; i++)
		fprintf(lines, "0 %d %lld %08x %lld 0 0 2 %lld 0\n", NETFILTER,
			(long long)s->listener[i].port, DESTROY,
			(long long)s->listener[i].unread, (long long)s->listener[i].lost);
	fclose(lines);
	files_keep(&r->files, SOCKETS, keep, len);
	free(keep);
}

static void read_sockets(struct reader *r)
{
	const struct snapshot before = *r->s;
	size_t len;
	char *text;

	if (files_read_part(&r->files, SOCKETS, READ_MAX_KERNEL_FILE, &text, &len))
		return;
	if (parse_sockets(r->s, reader_name(r, SOCKETS), text, len, &r->fault))
		reader_drop(r, &before);
	else
		keep_sockets(r);
	free(text);
}

int read_queues(struct reader *r)
{
	struct snapshot *s = r->s;
	char *text;
	size_t i;

	reader_slurp(r, QUEUES, READ_MAX_KERNEL_FILE, &text, NULL);
	if (text)
		parse_queues(s, text);
	free(text);
	read_sockets(r);
	for (i = 0; i < s->nr_queues; i++)
		name_process(r, s->queue[i].port, s->queue[i].command,
			     sizeof(s->queue->command));
	for (i = 0; i < s->nr_listeners; i++)
		name_process(r, s->listener[i].port, s->listener[i].command,
			     sizeof(s->listener->command));
	return 0;
}
