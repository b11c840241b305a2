/* SPDX-License-Identifier: GPL-2.0 */
/* What is going on, in one line of the terminal on standard error, while somebody waits. */
#ifndef CONNTRIAGE_LIB_PROGRESS_H
#define CONNTRIAGE_LIB_PROGRESS_H

/** progress_say() - what is going on now, in the place of what was said before */
void progress_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** progress_end() - it is over: the line is empty again */
void progress_end(void);

#endif
