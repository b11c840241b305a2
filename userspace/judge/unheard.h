/* SPDX-License-Identifier: GPL-2.0 */
/* Destinations that answer nobody: who asks there waits, and is no culprit. */
#ifndef CONNTRIAGE_JUDGE_UNHEARD_H
#define CONNTRIAGE_JUDGE_UNHEARD_H

#include <stdbool.h>

#include "judge/occupancy.h"
#include "judge/verdict.h"

/* The group of a kind that has most that is unanswered, and isn't explained; or NULL */
const struct group *unheard_most(const struct occupancy *o, enum group_kind kind);

/*
 * What goes there doesn't fit what was seen: its answers pass elsewhere. A SYN waits
 * for two minutes, its ACKs come at once.
 */
bool unheard_late(const struct group *to);

/*
 * Nobody gets an answer there, not now: what was established before it fell silent
 * keeps its entry.
 */
bool unheard_mute(const struct group *to);

/* A destination that answers nobody and has at least so much of it, or NULL */
const struct group *unheard_target(const struct occupancy *o, double least);

/**
 * unheard_few() - the few destinations and services that answer nobody and together
 * have most of something
 * @whole: of that
 * @p: takes them as members
 *
 * Return: false where there are no such few.
 */
bool unheard_few(const struct occupancy *o, double whole, struct part *p);

#endif
