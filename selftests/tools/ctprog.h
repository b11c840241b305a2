/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs of the selftests have in common. */
#ifndef CTPROG_H
#define CTPROG_H

#include <signal.h>
#include <stdint.h>

/* SIGINT or SIGTERM came, after stop_on_signals() */
extern volatile sig_atomic_t stop;

void stop_on_signals(void);

/* The program's name and the message to stderr; exits with 2 */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/* Seconds; CLOCK_MONOTONIC */
double now(void);

/* The number that option @name, with its dashes, has in @text; or dies */
uint64_t number(const char *name, const char *text, uint64_t min, uint64_t max);

#endif
