/* SPDX-License-Identifier: GPL-2.0 */
/* Settings of conntrack by their names without "nf_conntrack_". */
#ifndef CONNTRIAGE_JUDGE_SETTINGS_H
#define CONNTRIAGE_JUDGE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"

/* RFC 5382, REQ-5: an established connection keeps its entry for so long, s. */
#define RFC5382_IDLE	7440

/** setting_too_short() - it ends connections that are only quiet: nothing to keep */
bool setting_too_short(const struct ct_sysctl *c);

/** setting_default() - what the kernel makes it, or UNKNOWN; timeouts in s */
int64_t setting_default(const char *key);

/**
 * setting_now() - what a namespace has, where it is above 0
 *
 * Those of other namespaces can't be read from here: new ones have the default.
 */
int64_t setting_now(const struct tables *ts, const struct netns_table *n,
		    const char *key);

#endif
