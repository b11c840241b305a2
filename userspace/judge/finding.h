/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What diagnose.c concludes and render/ shows, and the few helpers that every
 * cause_*.c writes its findings with.
 */
#ifndef CONNTRIAGE_JUDGE_FINDING_H
#define CONNTRIAGE_JUDGE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fix/steps.h"
#include "judge/effect.h"
#include "judge/fact.h"
#include "judge/party.h"
#include "lib/lines.h"

/* Also the exit status. A finding of SEV_OK is a note: worth saying, no alarm. */
enum severity { SEV_OK, SEV_WARNING, SEV_CRITICAL, SEV_UNKNOWN };

/* Its words: in JSON, and as monitoring plugins write them */
struct severity_words {
	const char *lower, *upper;
};

extern const struct severity_words severity_words[];

struct captured;

/* How sure a finding is, by what the data allow. */
enum certainty { SURE, LIKELY, POSSIBLE };

extern const char *const certainty_word[];

/*
 * What the fix will do, by the same arithmetic that chose it: how many entries
 * there will be in the namespace, by when, and what is refused then all the same.
 */
struct prediction {
	int64_t entries;	/* UNKNOWN: nothing is predicted */
	int64_t within;		/* s after the commands of "now" */
	double refused;		/* packets a second; NAN: some, and how many isn't known */
	/* Where it then goes on to another number, as what was deleted comes again */
	int64_t later_within;	/* s likewise; 0: it stays as it is at @within */
	int64_t later;		/* entries */
	bool settles;		/* at @later; false: it goes on from there */
	bool full_again;	/* more than the table holds is needed by then */
};

struct cause;

/*
 * Any part may be empty. Every line of @verify is a command that sh(1) runs by
 * itself, or a comment that starts with "#".
 */
struct finding {
	const struct cause *cause;
	enum severity severity;
	int64_t weight;		/* ranks findings of one severity, greater first */
	enum certainty certainty;
	bool pressed;		/* it says what fills a table, or filled it */
	int64_t netns;		/* of that, or UNKNOWN */
	struct fact sentence;	/* one, for a tired person */
	struct facts evidence;	/* what weighs most first; numbers with error and origin */
	struct facts against;	/* what speaks against it, and what would decide */
	struct parties culprit;	/* who causes it */
	struct parties victim;	/* who suffers */
	struct steps fix;	/* what is done about it */
	struct facts price;	/* what the fix costs or risks */
	struct effect effect;	/* what the steps for now do, while the tables are there */
	struct prediction prediction;
	struct lines verify;	/* what shows that it worked */
};

struct findings {
	struct finding *finding;	/* worst first */
	size_t nr;
	enum severity worst;
	size_t alarms;		/* that there were, also where @nr is less */
	struct fact clear;	/* where @worst is SEV_OK: the all-clear, one sentence */
	struct lines faults;	/* damaged files: "FILE:LINE: what is wrong; what to do" */
	const struct captured *captured;	/* of the snapshot; NULL: nothing is known of it */
};

/**
 * finding_add() - begin a finding
 * @cause: its weight ranks the finding, unless ->weight is set
 *
 * Return: the finding, good until the next finding_add() to the same list.
 */
struct finding *finding_add(struct findings *fs, const struct cause *cause,
			    enum severity severity);

/** finding_clear() - free what a finding holds; it is empty then */
void finding_clear(struct finding *f);

/** findings_free() - free a list and all that it holds; it is empty then */
void findings_free(struct findings *f);

#endif
