/* SPDX-License-Identifier: GPL-2.0 */
/* What fix.c and fix_rules.c share. */
#ifndef CONNTRIAGE_FIX_PRIVATE_H
#define CONNTRIAGE_FIX_PRIVATE_H

#include <stdarg.h>

#include "fix/fix.h"
#include "judge/tables.h"
#include "lib/lines.h"

void fix_vline(const struct fix *x, struct lines *l, const char *fmt, va_list ap);
bool fix_outside(const struct tables *ts);
void fix_persist_sysctl(struct fix *x, const char *key, int64_t value);

#endif
