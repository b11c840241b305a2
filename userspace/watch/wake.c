// SPDX-License-Identifier: GPL-2.0
/* What ends a wait. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "lib/numbers.h"
#include "watch/wake.h"

/* To be woken by what comes later, the file has to be read from its beginning. */
static bool read_all(int fd)
{
	char buf[4096];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET))
		return false;
	do {
		got = read(fd, buf, sizeof(buf));
	} while (got > 0 || (got < 0 && errno == EINTR));
	return !got;
}

/* Who has no way of his own to be polled, as a module of before, can always be written to. */
static bool tells(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) >= 0 && !(p.revents & POLLOUT);
}

static void let_go(struct wake *w, int64_t next)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->next = next;
}

static void take(struct wake *w, int64_t now)
{
	/* In the order in which rmmod(8) opens them; gone with the module, they are anew */
	static const char *const files[] = { "initstate", "refcnt" };
	char path[128];
	size_t i;

	w->fd = open(w->file, O_RDONLY | O_CLOEXEC);
	if (w->fd < 0 || !tells(w->fd) || !read_all(w->fd)) {
		let_go(w, now + WAKE_EVERY);
		return;
	}
	w->next = INT64_MAX;
	for (i = 0; i < ARRAY_SIZE(files) && w->notify >= 0; i++) {
		snprintf(path, sizeof(path), "%s/%s", w->module, files[i]);
		inotify_add_watch(w->notify, path, IN_OPEN);
	}
}

void wake_begin(struct wake *w, const char *file, const char *module)
{
	*w = (struct wake) {
		.file = file, .module = module, .fd = -1, .due = true,
		.notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK),
	};
}

void wake_fds(const struct wake *w, struct pollfd *fd)
{
	/* Once a look is due, there is nothing more to say. */
	fd[0] = (struct pollfd) { .fd = w->due ? -1 : w->fd, .events = POLLPRI };
	fd[1] = (struct pollfd) { .fd = w->notify, .events = POLLIN };
}

static bool somebody_asks(int notify)
{
	char buf[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool any = false;

	while (read(notify, buf, sizeof(buf)) > 0)
		any = true;
	return any;
}

void wake_after(struct wake *w, const struct pollfd *fd, int64_t now)
{
	if (fd[1].revents && somebody_asks(w->notify) && w->fd >= 0) {
		let_go(w, now + WAKE_AWAY);
	} else if (fd[0].revents && w->fd >= 0) {
		w->due = true;
		if (!read_all(w->fd))
			let_go(w, now + WAKE_EVERY);
	}
	if (now >= w->next) {
		take(w, now);
		w->due = true;
	}
}

void wake_end(struct wake *w)
{
	let_go(w, INT64_MAX);
	if (w->notify >= 0)
		close(w->notify);
}
