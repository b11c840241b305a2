// SPDX-License-Identifier: GPL-2.0
/*
 * The table by ctnetlink, where the module doesn't tell what it holds. It is listed twice,
 * some seconds apart: what is new by then has arrived meanwhile, and so sources have rates
 * without anybody who counts packets. With all namespaces, each is entered for a moment,
 * and the reader goes back to its own.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/moment.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"
#include "lib/progress.h"
#include "lib/words.h"
#include "read/dump.h"
#include "read/dump_again.h"
#include "read/dump_table.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/namespaces.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"

#define OWN		"/proc/thread-self/ns/net"
#define MAX_FILE	"/proc/sys/net/netfilter/nf_conntrack_max"
#define ALL_MS		30000	/* for each list: namespaces that aren't reached by then aren't listed */

static struct dump_request asked;

void read_dump_by(const struct dump_request *ask)
{
	asked = *ask;
}

struct dump_tables {
	struct reader *r;
	struct dump_table *table;
	size_t nr;
	int own;		/* file of the reader's own namespace */
	int error;		/* the first, -errno */
	int64_t end;		/* ms of CLOCK_MONOTONIC: no other namespace is begun with */
};

/* The initial namespace alone may write it: nf_conntrack_standalone_init_sysctl() */
static bool in_init_netns(void)
{
	struct stat st;

	return !stat(MAX_FILE, &st) && st.st_mode & 0222;
}

static bool is_here(int64_t netns)
{
	struct stat st;

	return !stat(OWN, &st) && (int64_t)st.st_ino == netns;
}

static void leave(struct dump_tables *all, int64_t netns)
{
	/* All that is read from here on would be another namespace's. */
	if (netns != all->r->s->own_netns && setns(all->own, CLONE_NEWNET))
		err(EXIT_UNKNOWN, "can't go back to the own network namespace; try again");
}

/* By its file, which may be another namespace's by now: those of processes are found by pid */
static bool enter(struct dump_tables *all, int64_t netns)
{
	const struct snapshot *s = all->r->s;
	size_t i;

	if (netns == s->own_netns)
		return true;
	if (all->own < 0)
		return false;
	for (i = 0; i < s->nr_netns_names; i++) {
		if (s->netns_name[i].netns != netns ||
		    !files_enter_netns(&all->r->files, s->netns_name[i].path + 1))
			continue;
		if (is_here(netns))
			return true;
		leave(all, netns);
	}
	return false;
}

static bool late(const struct dump_tables *all)
{
	return clock_ms(CLOCK_MONOTONIC) > all->end;
}

/*
 * In each namespace that is still looked at; one that is gone, refuses, or would come too
 * late is dropped. The reader's own is the first.
 */
static void each(struct dump_tables *all, int (*step)(struct dump_table *t, const char *name),
		 const char *name)
{
	size_t i;

	for (i = 0; i < all->nr; i++) {
		struct dump_table *t = &all->table[i];
		int64_t netns = t->keep.is.netns;
		int error = -ESTALE;

		if (!t->looks)
			continue;
		if (i && late(all)) {
			all->r->s->dump.unreached++;
			dump_drop(t);
			continue;
		}
		if (enter(all, netns)) {
			error = step(t, name);
			leave(all, netns);
		}
		if (!error)
			continue;
		all->error = all->error ?: error;
		dump_drop(t);
	}
}

static int step_moment(struct dump_table *t, const char *name)
{
	(void)name;
	return dump_moment(t);
}

/* Until the second list: a look at the counters each second */
static void wait_between(struct dump_tables *all)
{
	const struct timespec second = { .tv_sec = 1 };
	int64_t left;

	for (left = asked.seconds; left > 0; left--) {
		if (all->r->files.stop && *all->r->files.stop)
			return;
		progress_say("conntriage: a second list in %s tells who opens connections",
			     duration(left));
		nanosleep(&second, NULL);
		if (left > 1)
			each(all, step_moment, "");
	}
	progress_end();
}

/* Those that hold nothing aren't looked at twice; the reader's own always is. */
static void begin_one(struct dump_tables *all, int64_t netns)
{
	struct dump_table *t = grow(&all->table, &all->nr, sizeof(*t));
	bool own = netns == all->r->s->own_netns;
	int error;

	t->r = all->r;
	t->keep.is.netns = netns;
	if (!enter(all, netns)) {
		all->nr--;
		return;
	}
	t->keep.is.init = in_init_netns();
	error = dump_begin(t, asked.full);
	leave(all, netns);
	if (!error && (own || known(t->begin.count) > 0))
		return;
	if (own)
		all->error = error;
	dump_drop(t);
	all->nr--;
}

static void begin_all(struct dump_tables *all)
{
	const struct snapshot *s = all->r->s;
	size_t i;

	begin_one(all, s->own_netns);
	for (i = 0; asked.all_netns && i < s->nr_netns && !all->error; i++) {
		if (s->netns[i].netns == s->own_netns)
			continue;
		if (late(all)) {
			all->r->s->dump.unreached = s->nr_netns - i;
			break;
		}
		begin_one(all, s->netns[i].netns);
	}
}

static void not_listed(struct dump *d, int error)
{
	switch (error) {
	case -EPERM:
	case -EACCES:
		snprintf(d->why_not, sizeof(d->why_not), "the table can't be listed without "
			 "CAP_NET_ADMIN; run conntriage as root");
		break;
	case -EPROTONOSUPPORT:
	case -EINVAL:
	case -EOPNOTSUPP:
		snprintf(d->why_not, sizeof(d->why_not), "the table can't be listed: this kernel "
			 "has no ctnetlink; try: modprobe nf_conntrack_netlink");
		break;
	default:
		snprintf(d->why_not, sizeof(d->why_not), "the table couldn't be listed by "
			 "ctnetlink: %s; try again", strerror(-error));
	}
}

/* Numbers that /proc doesn't tell everywhere */
static void take_counters(struct snapshot *s, const struct dump_table *own)
{
	if (s->count == UNKNOWN)
		s->count = own->begin.count;
	if (s->max == UNKNOWN)
		s->max = own->keep.is.max;
	if (s->stat.drop == UNKNOWN)
		s->stat = own->begin.stat;
}

static bool has_ctnetlink(struct reader *r)
{
	return reader_has_module(r, "nf_conntrack_netlink") ||
	       files_is_there(&r->files, "sys/module/nf_conntrack_netlink");
}

/* What nobody listed isn't known to track at all. */
static void forget_unlisted(struct snapshot *s)
{
	size_t i, left = 0;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].conntrack != UNKNOWN)
			s->netns[left++] = s->netns[i];
	s->nr_netns = left;
}

/* The namespace's rows at once: what a list is counted in is held for one at a time. */
static int step_last(struct dump_table *t, const char *name)
{
	int error = dump_last(t, name);

	if (error)
		return error;
	if (asked.again && t->keep.is.netns == t->r->s->own_netns)
		dump_remember(t);
	dump_end(t);
	t->r->s->origin = ORIGIN_CTNETLINK;
	return 0;
}

static void set_end(struct dump_tables *all)
{
	all->end = clock_ms(CLOCK_MONOTONIC) + ALL_MS;
}

static void dump_live(struct reader *r)
{
	struct dump_tables all = { .r = r, .own = open(OWN, O_RDONLY | O_CLOEXEC) };
	bool before = has_ctnetlink(r);
	size_t i;

	set_end(&all);
	begin_all(&all);
	if (all.nr)
		take_counters(r->s, &all.table[0]);
	if (asked.again && all.nr)
		dump_again(&all.table[0]);
	if (!all.error && asked.seconds) {
		each(&all, dump_first, "1 of 2");
		set_end(&all);
		wait_between(&all);
	}
	r->s->dump.loaded = !before && has_ctnetlink(r);
	for (i = 0; i < all.nr; i++)
		all.table[i].keep.loaded = r->s->dump.loaded;
	set_end(&all);
	each(&all, step_last, asked.seconds ? "2 of 2" : "1 of 1");
	if (r->s->origin != ORIGIN_NONE)
		all.error = 0;
	else if (!all.error)
		all.error = -ESTALE;
	if (all.error)
		not_listed(&r->s->dump, all.error);
	dump_keep_failure(r, all.error);
	free(all.table);
	if (all.own >= 0)
		close(all.own);
}

/* Who has asked for a census gets it, and whoever asks for counts where there are none. */
static bool is_wanted(const struct reader *r)
{
	const struct snapshot *s = r->s;

	return r->parts & (READ_CENSUS | READ_DUMP) &&
	       (!s->mod.loaded || (s->mod.partial && !s->nr_census));
}

static bool is_live(const struct reader *r)
{
	return !*r->s->root && !r->files.from;
}

int read_dump_netns(struct reader *r)
{
	struct snapshot *s = r->s;
	size_t i;

	if (!is_wanted(r) || !is_live(r) || !asked.all_netns || s->mod.loaded)
		return 0;
	namespaces_read(r);
	for (i = 0; i < s->nr_netns_names && s->nr_netns < READ_MAX_NETNS; i++)
		netns_row_of(s, s->netns_name[i].netns);
	for (i = 0; i < r->nr_processes && s->nr_netns < READ_MAX_NETNS; i++)
		if (!i || r->process[i].netns != r->process[i - 1].netns)
			netns_row_of(s, r->process[i].netns);
	return 0;
}

int read_dump(struct reader *r)
{
	struct snapshot *s = r->s;

	if (s->nr_census)
		s->origin = ORIGIN_MODULE;
	if (!is_wanted(r))
		return 0;
	/* Asked about a table that isn't there, the kernel would make one. */
	if (!is_live(r))
		dump_replay(r);
	else if (s->ct_loaded)
		dump_live(r);
	forget_unlisted(s);
	return 0;
}
