/* SPDX-License-Identifier: GPL-2.0 */
/* Events in the journal of systemd, with fields. */
#ifndef CONNTRIAGE_WATCH_JOURNAL_H
#define CONNTRIAGE_WATCH_JOURNAL_H

#include <stdbool.h>

#include "judge/finding.h"
#include "lib/lines.h"
#include "watch/events.h"

/* MESSAGE_ID of each kind: journalctl MESSAGE_ID=... finds them, in any version */
#define JOURNAL_BEGUN	"b40608e61de745d9aae71b7a2c08b5cd"
#define JOURNAL_ENDED	"d50ee4cbfc7f4a1aa370fd82163d1fbe"

/** journal_built() - whether this program was built with libsystemd */
bool journal_built(void);

/**
 * journal_send() - write an event; where that fails, it is said
 * @message: one line for people
 * @fields: NAME=VALUE
 */
void journal_send(enum event_kind kind, enum severity severity, const char *message,
		  const struct lines *fields);

#endif
