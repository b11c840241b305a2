// SPDX-License-Identifier: GPL-2.0
/* The command that is run for an event. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/complain.h"
#include "lib/memory.h"
#include "lib/moment.h"
#include "watch/hook.h"

#define NAP	20	/* ms between two looks whether it has ended, at the very end */

const struct hook_limits hook_usual = {
	.pause = 60000, .most = 60000, .grace = 5000, .output = 64 << 10,
};

void hook_begin(struct hook *h, const char *command, const struct hook_limits *limits, int to)
{
	*h = (struct hook) { .command = command, .limits = *limits, .to = to, .out = -1 };
}

static void forget(struct hook *h)
{
	lines_free(&h->words);
	free(h->story);
	h->story = NULL;
	h->waits = false;
}

void hook_offer(struct hook *h, const struct lines *words, const char *story)
{
	size_t i;

	h->skipped = h->waits ? h->skipped + 1 : 0;
	forget(h);
	for (i = 0; i < words->nr; i++)
		lines_add(&h->words, "%s", words->line[i]);
	h->story = strdup(story);
	if (!h->story)
		no_memory();
	h->waits = true;
}

/*
 * A file, not a pipe: it can be read at any speed, or not at all, and nobody waits for
 * that. Return: the descriptor, or -1.
 */
static int story_file(const char *story)
{
	size_t len = strlen(story), done = 0;
	int fd = memfd_create("conntriage-story", MFD_CLOEXEC);
	ssize_t got = 0;

	for (; fd >= 0 && done < len && got >= 0; done += got)
		got = write(fd, story + done, len - done);
	if (fd >= 0 && (got < 0 || lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void __attribute__((noreturn)) run_child(const struct hook *h, int story, int out)
{
	sigset_t none;
	size_t i;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);	/* alone of those that were ignored */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(story, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0)
		_exit(126);
	for (i = 0; i < h->words.nr; i++)
		putenv(h->words.line[i]);
	execl("/bin/sh", "sh", "-c", h->command, NULL);
	dprintf(STDERR_FILENO, "/bin/sh: %s\n", strerror(errno));
	_exit(127);
}

static void start(struct hook *h, int64_t now)
{
	int story = story_file(h->story), out[2] = { -1, -1 };
	pid_t pid = -1;

	lines_add(&h->words, "CONNTRIAGE_SKIPPED=%" PRId64, h->skipped);
	if (story >= 0 && !pipe2(out, O_CLOEXEC | O_NONBLOCK))
		pid = fork();
	if (!pid) {
		fcntl(out[1], F_SETFL, 0);	/* it may wait for us */
		run_child(h, story, out[1]);
	}
	if (pid < 0)
		complain("--on-incident: can't run it: %s; this event is passed over",
			 strerror(errno));
	else
		setpgid(pid, pid);	/* whichever is first */
	if (story >= 0)
		close(story);
	if (out[1] >= 0)
		close(out[1]);
	if (pid < 0 && out[0] >= 0)
		close(out[0]);
	forget(h);
	h->began = true;
	h->start = now;
	h->pid = pid < 0 ? 0 : pid;
	h->out = pid < 0 ? -1 : out[0];
	h->said = 0;
	h->dropped = 0;
	h->signal = 0;
	h->deadline = now + h->limits.most;
}

static void pass_on(struct hook *h, const char *text, size_t len)
{
	size_t room = h->limits.output - h->said;
	ssize_t got;

	if (len > room) {
		h->dropped += len - room;
		len = room;
	}
	h->said += len;
	for (; len; text += got, len -= got) {
		got = write(h->to, text, len);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got <= 0)
			return;
	}
}

/* What there is now, and no more than that at once: others have to be heard, too */
static void listen_to(struct hook *h)
{
	char buf[4096];
	ssize_t got = -1;
	int i;

	for (i = 0; i < 64 && h->out >= 0; i++) {
		got = read(h->out, buf, sizeof(buf));
		if (got <= 0)
			break;
		pass_on(h, buf, got);
	}
	if (!got || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		close(h->out);
		h->out = -1;
	}
}

/* Its shell has ended. It isn't reaped yet: nobody else can have its number then. */
static bool shell_ended(const struct hook *h)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, h->pid, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid;
}

static void over(struct hook *h)
{
	int status = 0;

	if (h->out >= 0)
		close(h->out);
	h->out = -1;
	if (h->signal)	/* what has outlived its shell */
		kill(-h->pid, SIGKILL);
	waitpid(h->pid, &status, 0);
	h->pid = 0;
	if (h->dropped)
		complain("--on-incident: %zu bytes of its output were dropped, as it may have "
			 "%zu; have it write to a file", h->dropped, h->limits.output);
	if (!h->signal && WIFEXITED(status) && WEXITSTATUS(status))
		complain("--on-incident: status %d of: %s; see above", WEXITSTATUS(status),
			 h->command);
	else if (!h->signal && WIFSIGNALED(status))
		complain("--on-incident: ended by signal %d: %s; see above", WTERMSIG(status),
			 h->command);
}

/* All that it has begun and that hasn't made a group of its own */
static void send_signal(struct hook *h, int number, int64_t now)
{
	kill(-h->pid, number);
	h->signal = number;
	h->deadline = now + h->limits.grace;
}

void hook_tend(struct hook *h, int64_t now)
{
	if (h->pid) {
		listen_to(h);
		if (shell_ended(h) && (h->out < 0 || h->signal == SIGKILL)) {
			over(h);
		} else if (now >= h->deadline && !h->signal) {
			complain("--on-incident: not over after %" PRId64 " s, and killed: %s; "
				 "have it do less", h->limits.most / 1000, h->command);
			send_signal(h, SIGTERM, now);
		} else if (now >= h->deadline) {
			send_signal(h, SIGKILL, now);
		}
	}
	if (!h->pid && h->waits && (!h->began || now >= h->start + h->limits.pause))
		start(h, now);
}

int hook_fd(const struct hook *h)
{
	return h->pid ? h->out : -1;
}

int64_t hook_when(const struct hook *h)
{
	if (h->pid)
		return h->deadline;
	if (h->waits)
		return h->began ? h->start + h->limits.pause : 0;
	return INT64_MAX;
}

void hook_end(struct hook *h)
{
	const struct timespec nap = { .tv_nsec = NAP * 1000000L };

	forget(h);
	if (h->pid && !h->signal)
		send_signal(h, SIGTERM, clock_ms(CLOCK_MONOTONIC));
	while (h->pid) {
		hook_tend(h, clock_ms(CLOCK_MONOTONIC));
		if (h->pid)
			nanosleep(&nap, NULL);
	}
}
