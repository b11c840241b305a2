// SPDX-License-Identifier: GPL-2.0
/* Events in the journal of systemd, where libsystemd is. */
#include "watch/journal.h"

#ifdef HAVE_LIBSYSTEMD
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "lib/complain.h"
#include "lib/memory.h"

bool journal_built(void)
{
	return true;
}

static int priority(enum event_kind kind, enum severity severity)
{
	if (kind == EVENT_ENDED)
		return LOG_NOTICE;
	return severity == SEV_CRITICAL ? LOG_CRIT : LOG_WARNING;
}

void journal_send(enum event_kind kind, enum severity severity, const char *message,
		  const struct lines *fields)
{
	struct lines all = { 0 };
	struct iovec *v;
	int error;
	size_t i;

	lines_add(&all, "MESSAGE=%s", message);
	lines_add(&all, "MESSAGE_ID=%s", kind == EVENT_BEGUN ? JOURNAL_BEGUN : JOURNAL_ENDED);
	lines_add(&all, "PRIORITY=%d", priority(kind, severity));
	for (i = 0; i < fields->nr; i++)
		lines_add(&all, "%s", fields->line[i]);
	v = calloc(all.nr, sizeof(*v));
	if (!v)
		no_memory();
	for (i = 0; i < all.nr; i++)
		v[i] = (struct iovec) { all.line[i], strlen(all.line[i]) };
	error = sd_journal_sendv(v, all.nr);
	if (error < 0)
		complain("--journal: %s; is systemd-journald up?", strerror(-error));
	free(v);
	lines_free(&all);
}
#else
bool journal_built(void)
{
	return false;
}

void journal_send(enum event_kind kind, enum severity severity, const char *message,
		  const struct lines *fields)
{
	(void)kind, (void)severity, (void)message, (void)fields;
}
#endif
