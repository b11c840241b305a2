/* SPDX-License-Identifier: GPL-2.0 */
/* Errors, in one line: the thing, the reason, what to do. */
#ifndef CONNTRIAGE_LIB_COMPLAIN_H
#define CONNTRIAGE_LIB_COMPLAIN_H

/**
 * complain() - say on standard error what went wrong
 *
 * And to whoever else listens, see complain_also().
 */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** complain_also() - have complaints told to @listener, too; NULL: to nobody else */
void complain_also(void (*listener)(const char *line));

#endif
