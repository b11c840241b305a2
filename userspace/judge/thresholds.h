/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every number that separates "fine" from "not fine", with its reason. The
 * causes use TH(NAME); threshold_set() changes one.
 */
#ifndef CONNTRIAGE_JUDGE_THRESHOLDS_H
#define CONNTRIAGE_JUDGE_THRESHOLDS_H

#include <stdio.h>

/*	NAME, word for the command line, value, unit, reason */
#define THRESHOLDS(T)							\
	T(FULL, "full", 95, "% of the maximum",				\
	  "where the kernel's garbage collector begins to kill live entries "\
	  "after a refusal (gc_worker() in nf_conntrack_core.c)")	\
	T(TIGHT, "tight", 85, "% of the maximum",			\
	  "little room left for a burst")				\
	T(HARD, "hard", 70, "% of the maximum",				\
	  "a tight table below this in ASSURED entries is no alarm: the rest "\
	  "may be evicted")						\
	T(RECENT, "recent", 30, "s",					\
	  "what is this young happens now: two windows of the source table, "\
	  "and a margin")						\
	T(SPELL, "spell", 300, "s",					\
	  "packets lost this long ago are still worth a warning")	\
	T(FLOOD_RATE, "flood-rate", 20, "new connections/s",		\
	  "a slower source floods nobody")				\
	T(PART, "part", 20, "% of entries",				\
	  "the least that is worth a word, and a command")		\
	T(CONCENTRATED, "concentrated", 60, "% of such entries",	\
	  "a few that have so much more than all others together")	\
	T(SPOOF_NEW, "spoof-new", 30, "% of new connections",		\
	  "from addresses never seen before: real clients come back, made-up "\
	  "addresses don't")						\
	T(IDLE_USAGE, "idle-usage", 70, "% of the maximum",		\
	  "below it nobody misses the room that idle entries take")	\
	T(RAISED, "raised", 4, "times the kernel's default",		\
	  "a timeout that somebody raised, and not by a little: less is no "\
	  "matter while there is room")					\
	T(INVALID_RATE, "invalid-rate", 20, "INVALID packets/s",	\
	  "late RST and FIN of ordinary traffic stay below")		\
	T(INVALID_SHARE, "invalid-share", 25, "% of new connections",	\
	  "INVALID packets in relation to traffic")			\
	T(WINDOW_SHARE, "window-share", 25, "% of INVALID packets",	\
	  "out of window, or answers without a request: as if one direction "\
	  "took another way")						\
	T(MEMORY_SHARE, "memory-share", 50, "% of available memory",	\
	  "the most that a bigger table may take: the rest is for the host") \
	T(MEMORY_MAX, "memory-max", 50, "% of all memory",		\
	  "a maximum that the machine can't hold")			\
	T(CHAIN_MEAN, "chain-mean", 8, "slots a bucket",		\
	  "each packet walks such a chain; the kernel's default is 2")	\
	T(CHAIN_SKEW, "chain-skew", 12, "standard deviations",		\
	  "longest chain beyond what an even hash makes")		\
	T(CLASH_RATE, "clash-rate", 0.1, "lost insertions/s",		\
	  "fewer are not noticed by anybody")				\
	T(CLASH_SHARE, "clash-share", 0.1, "% of new connections",	\
	  "lost insertions in relation to traffic")			\
	T(UNTRACK_USAGE, "untrack-usage", 60, "% of the maximum",	\
	  "below it the table has room for them")			\
	T(UNLISTED_SHARE, "unlisted-share", 10, "% of entries",		\
	  "counted and in no list: more than packets on their way make")	\
	T(UNLISTED_LEAST, "unlisted-least", 500, "entries",		\
	  "as many may be on their way at any time")			\
	T(PORTS_SHARE, "ports-share", 95, "% of NAT's ports",		\
	  "taken for one destination: beyond it the search begins to fail")	\
	T(LOST_SHARE, "lost-share", 1, "% of events",			\
	  "that the module lost: more than that is said")

#define THRESHOLD_ENUM(name, word, value, unit, why) TH_##name,
enum threshold_id { THRESHOLDS(THRESHOLD_ENUM) NR_THRESHOLDS };
#undef THRESHOLD_ENUM

struct threshold {
	const char *word;
	double value;
	const char *unit;
	const char *why;
};

extern struct threshold threshold[NR_THRESHOLDS];

#define TH(name) (threshold[TH_##name].value)

/**
 * threshold_set() - change a threshold
 * @assignment: "WORD=NUMBER"
 *
 * Return: 0, or -1: no such word, or not a number of 0 or more.
 */
int threshold_set(const char *assignment);

/** threshold_list() - all of them with value, unit and reason */
void threshold_list(FILE *out);

#endif
