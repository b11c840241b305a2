/* SPDX-License-Identifier: GPL-2.0 */
/* The rules and commands of a cure, one by one. */
#ifndef CONNTRIAGE_SITUATIONS_TYPED_H
#define CONNTRIAGE_SITUATIONS_TYPED_H

#include <stdbool.h>

#include "fix/steps.h"
#include "tests/situations/command.h"

/**
 * typed_each() - what a cure types, for now or for good, in its order
 * @see: is called with each rule or command, and @line, as it is read; true ends it
 *
 * Return: whether @see has ended it.
 */
bool typed_each(const struct steps *st, enum step_when when,
		bool (*see)(const struct command *c, const char *line, void *data), void *data);

#endif
