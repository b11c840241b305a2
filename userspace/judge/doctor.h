/* SPDX-License-Identifier: GPL-2.0 */
/* Whether conntriage itself is well here: what doctor prints, one check a line. */
#ifndef CONNTRIAGE_JUDGE_DOCTOR_H
#define CONNTRIAGE_JUDGE_DOCTOR_H

#include <stddef.h>

#include "health.h"
#include "lib/lines.h"
#include "snapshot.h"

enum check_state { CHECK_WELL, CHECK_UNWELL, CHECK_UNKNOWN };

struct check {
	const char *name;	/* one word */
	enum check_state state;
	char *text;		/* what is so, without a full stop */
	/* To be typed where it isn't well; what is for a person begins with "#". */
	struct lines commands;
};

/*
 * In the order in which their commands are typed: what a check needs stands above
 * it.
 */
struct checks {
	struct check *check;
	size_t nr;
};

/** judge_health() - decide what is well; free @c with checks_free() */
void judge_health(const struct snapshot *s, const struct health *h, struct checks *c);

/** checks_free() - free what judge_health() allocated */
void checks_free(struct checks *c);

/**
 * checks_status() - the exit status
 *
 * Return: SEV_OK; SEV_WARNING where there is something to do; SEV_UNKNOWN where there
 * isn't, and something isn't known.
 */
int checks_status(const struct checks *c);

/* What one file of the judgement adds to the list: checks.c */

/** check_add() - append a check; it is good until the next one is added */
struct check *check_add(struct checks *c, const char *name, enum check_state state,
			const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* doctor_build.c: in this order */
void check_headers(const struct health *h, struct checks *c);
void check_dkms(const struct health *h, struct checks *c);
void check_built(const struct health *h, struct checks *c);
void check_signed(const struct health *h, struct checks *c);
void check_kernels(const struct health *h, struct checks *c);

/* doctor_load.c */
void check_locked(const struct health *h, struct checks *c);
void check_loaded(const struct snapshot *s, const struct health *h, struct checks *c);
void check_boot(const struct health *h, struct checks *c);
void check_version(const struct health *h, struct checks *c);

#endif
