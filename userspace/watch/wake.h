/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ends a wait: the module says that an incident began or ended, or, where it
 * isn't there, a few seconds are over.
 */
#ifndef CONNTRIAGE_WATCH_WAKE_H
#define CONNTRIAGE_WATCH_WAKE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define WAKE_EVERY	5000	/* ms between looks without the module */
#define WAKE_AWAY	3000	/* ms for which the module can be unloaded */
#define WAKE_FDS	2

struct wake {
	const char *file;	/* of the module, that can be polled */
	const char *module;	/* its directory in /sys/module */
	int fd;			/* of it; -1: it isn't open */
	int notify;		/* inotify(7): who asks whether the module is in use, or -1 */
	bool due;		/* it is time to look */
	int64_t next;		/* ms of the monotonic clock, to open it; INT64_MAX: it is */
};

/**
 * wake_begin() - begin to wait; a look is due at once
 * @file: the module's file that is polled
 * @module: its directory in /sys/module
 *
 * An open file keeps the module from being unloaded, and nothing tells that somebody
 * wants to. But rmmod(8) looks first whether it is in use: that is seen, and the file
 * closed for a while. What comes meanwhile is found when it is opened again.
 */
void wake_begin(struct wake *w, const char *file, const char *module);

/** wake_fds() - what poll(2) waits for; @fd: WAKE_FDS of them */
void wake_fds(const struct wake *w, struct pollfd *fd);

/** wake_after() - go by what poll(2) said; w->due is set where it is time to look */
void wake_after(struct wake *w, const struct pollfd *fd, int64_t now);

void wake_end(struct wake *w);

#endif
