/* SPDX-License-Identifier: GPL-2.0 */
/* Where pictures come from: this host second by second, a captured tree, a recording. */
#ifndef CONNTRIAGE_TOP_FEED_H
#define CONNTRIAGE_TOP_FEED_H

#include <stdbool.h>
#include <stdio.h>

#include "look/look.h"
#include "read/store.h"
#include "top/growth.h"
#include "top/record.h"
#include "top/scene.h"

#define FAULT_SIZE	512

struct feed {
	const char *root;		/* "": this host */
	bool live;
	bool resolve;
	bool replaying, ended;		/* a recording; and all of it was shown */
	struct replay replay;
	FILE *record;			/* or NULL */
	const char *record_name;
	struct look look;
	struct store files;		/* that its snapshot was read from */
	struct growth growth;		/* where the module doesn't record it */
	struct pace *pace;
	size_t nr_pace;
	char fault[FAULT_SIZE];		/* of the last call that returned -1 */
};

/** feed_begin() - the first picture: 0, or -1 with @f->fault filled */
int feed_begin(struct feed *f, const char *root, const char *replay, const char *record,
	       bool resolve);

/**
 * feed_next() - the next picture
 *
 * Return: 1; 0 where there is none (a tree, or a recording's end); -1 with @f->fault
 * filled, and the picture as it was.
 */
int feed_next(struct feed *f);

/** feed_whole() - of a live host, all but the census; where that is older than some seconds */
int feed_whole(struct feed *f);

/** feed_census() - of a live host, with a walk of the whole table */
int feed_census(struct feed *f);

/** feed_pass() - read for the recording alone; the picture stays */
int feed_pass(struct feed *f);

/** feed_save() - write what the picture was drawn of as a captured tree */
int feed_save(struct feed *f, const char *dir);

/** feed_show() - set up the scene that the picture is of; mode and message stay */
void feed_show(const struct feed *f, struct scene *sc);

void feed_end(struct feed *f);

#endif
