/* SPDX-License-Identifier: GPL-2.0 */
/* From the words of a command line to a selection. */
#ifndef CONNTRIAGE_DELETE_OPTIONS_H
#define CONNTRIAGE_DELETE_OPTIONS_H

#include "delete/select.h"

/* What is left to do */
enum options_said { OPTIONS_WRONG = -1, OPTIONS_DELETE, OPTIONS_HELP, OPTIONS_VERSION };

extern const char options_usage[];

/**
 * options_parse() - read the command line; what is wrong is said on standard error
 * @s: what is to be deleted. At least one option has to narrow it: there is no way to
 *	ask for the whole table.
 */
enum options_said options_parse(int argc, char **argv, struct selection *s);

#endif
