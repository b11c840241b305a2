// SPDX-License-Identifier: GPL-2.0
/*
 * What ends a wait, by a file of the kernel's that is polled as the module's is: a mount
 * is news there. TAP 13.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "watch/wake.h"
#include "../selftests/lib/tap.h"

#define POLLED	"/proc/self/mounts"

static char dir[] = "/tmp/conntriage-wake.XXXXXX";

/* One turn of the loop at that moment; whether a look is due */
static bool turn(struct wake *w, int64_t now)
{
	struct pollfd fd[WAKE_FDS];
	bool due;

	wake_fds(w, fd);
	poll(fd, WAKE_FDS, 0);
	wake_after(w, fd, now);
	due = w->due;
	w->due = false;
	return due;
}

static void by_time(const char *file, const char *name)
{
	struct wake w;

	wake_begin(&w, file, dir);
	tap_ok(w.due, name);
	tap_ok(turn(&w, 1000) && w.fd < 0 && !turn(&w, 1000 + WAKE_EVERY - 1) &&
	       turn(&w, 1000 + WAKE_EVERY) && !turn(&w, 1001 + WAKE_EVERY), "then by time");
	wake_end(&w);
}

static void somebody_asks(const char *name)
{
	close(open(name, O_RDONLY));
}

static void by_file(void)
{
	struct wake w;

	wake_begin(&w, POLLED, dir);
	tap_ok(turn(&w, 1000) && w.fd >= 0 && w.next == INT64_MAX,
	       "a file that tells is waited for, and no time");
	tap_ok(!turn(&w, 1000000), "however long that takes");
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		printf("ok %d news # SKIP no mount namespace of its own; run it as root\n", ++tap_run);
	} else {
		wake_end(&w);
		wake_begin(&w, POLLED, dir);
		turn(&w, 1000);
		tap_ok(!mount("none", dir, "tmpfs", 0, NULL) && turn(&w, 1001) && !turn(&w, 1002),
		       "news are told once");
		umount(dir);
		turn(&w, 1003);
	}
	somebody_asks("initstate");
	tap_ok(!turn(&w, 2000) && w.fd < 0, "who asks whether the module is in use finds it free");
	somebody_asks("refcnt");
	tap_ok(!turn(&w, 2000 + WAKE_AWAY - 1) && w.fd < 0, "for a while");
	tap_ok(turn(&w, 2000 + WAKE_AWAY) && w.fd >= 0, "then it is looked at, and waited for again");
	wake_end(&w);
}

int main(void)
{
	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	close(open("initstate", O_CREAT | O_CLOEXEC, 0600));
	close(open("refcnt", O_CREAT | O_CLOEXEC, 0600));
	tap_begin(0);
	by_time("/nonexistent", "without the module: a look at once");
	by_time("/etc/passwd", "a file that can't tell: a look at once");
	by_file();
	unlink("initstate");
	unlink("refcnt");
	rmdir(dir);
	return tap_end(0);
}
