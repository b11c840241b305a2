// SPDX-License-Identifier: GPL-2.0
/* Where pictures come from; look/ keeps what is known of a host from one to the next. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/read.h"
#include "read/trees.h"
#include "top/feed.h"

#define LIST_PATH	"conntriage/ctnetlink"
#define CENSUS_PATH	"sys/kernel/debug/" CTRI_ABI_DIR "/" CTRI_FILE_CENSUS
/*
 * A capture's files must be of one moment (read/module.c: ten seconds), and minutes and
 * incidents are many rows.
 */
#define MINUTES_MS	8000
#define ONE_MOMENT_MS	10000
#define WHOLE_MS	10000	/* how old rules and names may be when they are looked at */
#define NAMES_MS	60000	/* between two looks for programs that have no name yet */

static double per(int64_t now, int64_t before, double seconds)
{
	if (now == UNKNOWN || before == UNKNOWN || now < before)
		return NAN;
	return (now - before) / seconds;
}

static struct pace *add_pace(struct feed *f, int64_t netns, int64_t id)
{
	struct pace *pace = grow(&f->pace, &f->nr_pace, sizeof(*pace));

	*pace = (struct pace) { netns, id, NAN, NAN, NAN, NAN };
	return pace;
}

/* Without the module the kernel's own counters, of the reader's own namespace */
static void measure_own(struct feed *f, const struct snapshot *now, double seconds)
{
	const struct ct_stat *is = &now->stat, *was = &f->look.s.stat;
	const struct netns_row *row = NULL;
	struct pace *pace;
	size_t i;

	for (i = 0; i < f->look.s.nr_netns; i++)
		if (f->look.s.netns[i].netns == now->own_netns)
			row = &f->look.s.netns[i];
	if (!row || seconds <= 0)
		return;
	pace = add_pace(f, row->netns, row->id);
	pace->refused = per(is->drop, was->drop, seconds);
	pace->evicted = per(is->early_drop, was->early_drop, seconds);
	pace->invalid = per(is->invalid, was->invalid, seconds);
}

/* What each namespace's counters did since the picture before */
static void measure_pace(struct feed *f, const struct snapshot *now, int64_t at)
{
	const struct snapshot *old = &f->look.s;
	double seconds = f->look.at == UNKNOWN ? 0 : (at - f->look.at) / 1000.0;
	size_t i, k = 0;

	free(f->pace);
	f->pace = NULL;
	f->nr_pace = 0;
	if (!now->mod.loaded)
		measure_own(f, now, seconds);
	for (i = 0; now->mod.loaded && i < now->nr_netns && seconds > 0; i++) {
		const struct netns_row *n = &now->netns[i], *b;
		struct pace *pace;
		size_t tries;

		/* They come in the same order, mostly. */
		for (tries = 0; tries < old->nr_netns; tries++, k++)
			if (old->netns[k % old->nr_netns].netns == n->netns &&
			    old->netns[k % old->nr_netns].id == n->id)
				break;
		if (tries == old->nr_netns)
			continue;
		b = &old->netns[k % old->nr_netns];
		pace = add_pace(f, n->netns, n->id);
		pace->inserts = per(n->inserts, b->inserts, seconds);
		pace->refused = per(n->refusals, b->refusals, seconds);
		pace->evicted = per(plus(n->evictions, n->gc_evictions),
				    plus(b->evictions, b->gc_evictions), seconds);
		pace->invalid = per(n->invalid, b->invalid, seconds);
	}
}

/* A captured tree that says when it was captured */
static bool is_dated(const struct snapshot *s)
{
	return s->captured.known && s->captured.date != UNKNOWN;
}

static void take(struct feed *f, struct snapshot *now, struct store *files, unsigned int parts,
		 int64_t at)
{
	measure_pace(f, now, at);
	if (!now->mod.loaded) {
		growth_note(&f->growth, now, at);
		growth_tell(&f->growth, now);
	}
	look_take(&f->look, now, parts, at);
	store_lay_over(&f->files, files);
}

/* Reads, records, and where @show takes it for the picture */
static int read_live(struct feed *f, unsigned int parts, bool show)
{
	struct fault fault = { .text = f->fault, .size = sizeof(f->fault) };
	struct store files = { NULL, 0 };
	struct snapshot now;
	int64_t at = look_now();
	int error;

	f->fault[0] = '\0';
	error = read_keeping(f->root, parts, &files, &now, f->fault, sizeof(f->fault));
	if (!f->live && is_dated(&now))
		at = 1000 * now.captured.date;
	if (error || !show)
		snapshot_free(&now);
	else
		take(f, &now, &files, parts, at);
	/* Without room for it there is no recording any more, but there are pictures. */
	if (!error && f->record &&
	    record_frame(f->record, f->record_name, &files, parts, at, &fault)) {
		fclose(f->record);
		f->record = NULL;
		error = -1;
	}
	store_free(&files);
	return error ? -1 : 1;
}

static int read_replay(struct feed *f)
{
	struct fault fault = { .text = f->fault, .size = sizeof(f->fault) };
	struct store files = { NULL, 0 };
	struct snapshot now;
	unsigned int parts;
	int64_t at;
	int status;

	f->fault[0] = '\0';
	status = replay_next(&f->replay, &files, &parts, &at, &fault);
	f->ended = status <= 0;
	if (status > 0 && read_from(&files, f->replay.name, parts, &now, f->fault,
				    sizeof(f->fault))) {
		snapshot_free(&now);
		status = -1;
	}
	if (status > 0)
		take(f, &now, &files, parts, at);
	store_free(&files);
	return status;
}

static bool is_directory(const char *name)
{
	struct stat st;

	return !stat(name, &st) && S_ISDIR(st.st_mode);
}

static int open_replay(struct feed *f, const char *name)
{
	struct fault fault = { .text = f->fault, .size = sizeof(f->fault) };
	FILE *in = fopen(name, "re");

	if (!in)
		return fault_at(&fault, name, 0, "%s; name a file that conntriage top --record "
				"made, or a captured tree", strerror(errno));
	f->replaying = true;
	if (replay_begin(&f->replay, in, name, &fault))
		return -1;
	return read_replay(f) > 0 ? 0 : -1;
}

int feed_begin(struct feed *f, const char *root, const char *replay, const char *record,
	       bool resolve)
{
	struct fault fault = { .text = f->fault, .size = sizeof(f->fault) };
	unsigned int parts = READ_RULES | (resolve ? READ_RESOLVE : 0);

	*f = (struct feed) { .root = root, .resolve = resolve };
	look_begin(&f->look, 1000 * (int64_t)TH(RECENT));
	if (replay && !is_directory(replay) && !archive_is_one(replay))
		return open_replay(f, replay);
	if (replay)
		f->root = replay;
	f->live = !*f->root;
	read_dump_by(&(struct dump_request) { .again = true });
	if (record) {
		f->record = record_open(record, &fault);
		f->record_name = record;
		if (!f->record)
			return -1;
	}
	return read_live(f, parts | (f->live ? 0 : READ_CENSUS), true) > 0 ? 0 : -1;
}

/* Programs came that nobody has asked the name of. */
static bool names_missing(const struct feed *f)
{
	size_t i;

	for (i = 0; i < f->look.s.nr_source; i++)
		if (f->look.s.source[i].class == SRC_PROGRAM &&
		    !find_program(&f->look.s, f->look.s.source[i].source))
			return true;
	return false;
}

static int read_whole(struct feed *f)
{
	return read_live(f, READ_RULES | (f->resolve ? READ_RESOLVE : 0), true);
}

static unsigned int parts_now(const struct feed *f)
{
	return READ_FAST | (look_now() - f->look.minutes_at >= MINUTES_MS ? READ_MINUTES : 0);
}

int feed_next(struct feed *f)
{
	if (f->replaying)
		return f->ended ? 0 : read_replay(f);
	if (!f->live)
		return 0;
	if (look_now() - f->look.whole_at >= NAMES_MS && names_missing(f))
		return read_whole(f);
	return read_live(f, parts_now(f), true);
}

int feed_pass(struct feed *f)
{
	return f->live && f->record ? read_live(f, parts_now(f), false) : 0;
}

int feed_whole(struct feed *f)
{
	return f->live && look_now() - f->look.whole_at >= WHOLE_MS ? read_whole(f) : 0;
}

int feed_census(struct feed *f)
{
	return f->live ? read_live(f, READ_FAST | READ_MINUTES | READ_CENSUS, true) : 0;
}

int feed_save(struct feed *f, const char *dir)
{
	/* One of another moment would make the whole tree doubtful. */
	if (f->look.census_at == UNKNOWN || f->look.at - f->look.census_at > ONE_MOMENT_MS) {
		store_remove(&f->files, CENSUS_PATH);
		store_remove_below(&f->files, LIST_PATH);
	}
	return capture_store(&f->files, dir, f->fault, sizeof(f->fault));
}

void feed_show(const struct feed *f, struct scene *sc)
{
	sc->s = &f->look.s;
	sc->findings = &f->look.findings;
	sc->pace = f->pace;
	sc->nr_pace = f->nr_pace;
	sc->at = f->live || f->replaying || is_dated(&f->look.s) ? f->look.at / 1000 : UNKNOWN;
	sc->census_age = f->look.census_at == UNKNOWN ? UNKNOWN :
			 (f->look.at - f->look.census_at) / 1000;
}

void feed_end(struct feed *f)
{
	if (f->replay.in)
		fclose(f->replay.in);
	if (f->record)
		fclose(f->record);
	store_free(&f->files);
	look_end(&f->look);
	free(f->pace);
}
