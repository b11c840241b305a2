/* SPDX-License-Identifier: GPL-2.0 */
/* What the module would tell of a played situation, in the words of its ABI. */
#ifndef CONNTRIAGE_SITUATIONS_TOLD_H
#define CONNTRIAGE_SITUATIONS_TOLD_H

#include "tests/situations/members.h"
#include "tests/situations/sheet.h"

#define NETNS		4026531840ll	/* inode number of the initial namespace */
#define TOLD_FILES	9

struct told {
	const struct situation *s;
	const struct queue *q;
	const struct view *v;
	/* Of the worst minute, so many seconds ago, where that is over; else @v and 0 */
	const struct view *worst;
	int worst_ago;
	struct chance *c;
};

/** told_at() - when it was so many seconds ago, by CLOCK_BOOTTIME */
static inline int64_t told_at(const struct told *t, int64_t ago)
{
	int64_t at = t->s->host.uptime + SITUATION_BOOT - ago;

	return at < 0 ? 0 : at;
}

struct told_file {
	const char *name;	/* CTRI_FILE_* */
	void (*write)(const struct told *t, struct sheet *sheet);
};

/* told.c; all but "abi" */
extern const struct told_file told_files[TOLD_FILES];

/* told_counts.c */
void tell_status(const struct told *t, struct sheet *sheet);
void tell_netns(const struct told *t, struct sheet *sheet);
void tell_sources(const struct told *t, struct sheet *sheet);
void tell_classes(const struct told *t, struct sheet *sheet);

/* told_census.c */
void tell_census(const struct told *t, struct sheet *sheet);

/* told_records.c */
void tell_history(const struct told *t, struct sheet *sheet);
void tell_minutes(const struct told *t, struct sheet *sheet);
void tell_incidents(const struct told *t, struct sheet *sheet);
void tell_incident_top(const struct told *t, struct sheet *sheet);

/* told_names.c */

/** row_name() - what a row is called: an address, a service, a program */
char *row_name(char *text, const struct member_row *r);

#define ROW_NAME	(ADDRESS_TEXT + 16)

/** proto_name() - "tcp", "udp" or "icmp" */
const char *proto_name(int proto);

#endif
