/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cure, step by step: what fix/ makes and render/ prints. A step that changes
 * something can be taken twice and does the same once, and says what takes it back.
 */
#ifndef CONNTRIAGE_FIX_STEPS_H
#define CONNTRIAGE_FIX_STEPS_H

#include <stdbool.h>
#include <stddef.h>

enum step_kind {
	STEP_SAY,		/* words for a person */
	STEP_INSTEAD,		/* a command that may be typed in place of the one above */
	STEP_LOOK,		/* a command that changes nothing */
	STEP_RULES,		/* loads rules */
	STEP_SETTING,		/* writes a sysctl */
	STEP_DELETE,		/* deletes entries */
	STEP_MODULE,		/* loads a module of the kernel */
	STEP_FILE,		/* writes a file of our own that a boot reads */
};

enum step_when { STEP_NOW, STEP_FOR_GOOD, STEP_WHENS };

struct step {
	enum step_kind kind;
	enum step_when when;
	/*
	 * One command of sh(1), of several lines maybe; of STEP_SAY the words, without
	 * the "#" that they are printed with.
	 */
	char *text;
	char *undo;		/* a command, or NULL: nothing to take back, or no way */
	char *test;		/* what tells without a change whether it can be done, or NULL */
	unsigned int needs;	/* enum tool bits: programs that it runs */
};

struct steps {
	struct step *step;
	size_t nr;
};

/** step_add() - append a step without words; good until the next one is added */
struct step *step_add(struct steps *st, enum step_kind kind, enum step_when when);

/** step_say() - append words for a person: "is it up?" */
void step_say(struct steps *st, enum step_when when, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** step_look() - append a command that changes nothing */
void step_look(struct steps *st, enum step_when when, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** step_module() - append a command, for now, that loads a module */
void step_module(struct steps *st, const char *command);

/** step_has() - whether such a text stands there already */
bool step_has(const struct steps *st, enum step_when when, const char *text);

/** step_changes() - whether it changes something on the host */
bool step_changes(const struct step *s);

/** steps_has() - whether there is one at that time */
bool steps_has(const struct steps *st, enum step_when when);

/** steps_change() - whether one of those for now changes something */
bool steps_change(const struct steps *st);

/** steps_orphans() - take out words that announce ("...:") what doesn't follow */
void steps_orphans(struct steps *st);

/** steps_free() - free the steps; the list is empty then */
void steps_free(struct steps *st);

#endif
