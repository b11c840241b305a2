// SPDX-License-Identifier: GPL-2.0
/* Run nft, and nothing else, with bounds on time and output. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/moment.h"
#include "lib/numbers.h"
#include "read/nft_run.h"

#define CHUNK		65536
#define REAP_NAP_MS	5

static void __attribute__((noreturn)) run_child(const char *path, bool json,
						int out)
{
	char *const argv[] = {
		(char *)"nft", (char *)(json ? "-j" : "-a"), (char *)"-t",
		(char *)"list", (char *)"ruleset", NULL
	};
	char *const env[] = { (char *)"LC_ALL=C", NULL };
	int null = open("/dev/null", O_RDWR);

	if (null >= 0 && dup2(null, 0) >= 0 && dup2(out, 1) >= 0 &&
	    dup2(null, 2) >= 0)
		execve(path, argv, env);
	_exit(127);
}

/* Read until the end, the limit or the deadline; 0 or an errno. */
static int collect(int fd, int64_t deadline, size_t limit, char **text,
		   size_t *len)
{
	size_t room = 0, used = 0;
	char *buf = NULL;
	int error = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - clock_ms(CLOCK_MONOTONIC);
		ssize_t got;

		if (room - used < CHUNK) {
			char *bigger = realloc(buf, 2 * room + CHUNK + 1);

			if (!bigger) {
				error = ENOMEM;
				break;
			}
			buf = bigger;
			room = 2 * room + CHUNK;
		}
		if (left <= 0 || poll(&p, 1, left) == 0) {
			error = ETIMEDOUT;
			break;
		}
		got = read(fd, buf + used, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || used + got > limit) {
			error = got < 0 ? errno : EFBIG;
			break;
		}
		if (!got)
			break;
		used += got;
	}
	if (error) {
		free(buf);
		return error;
	}
	buf[used] = '\0';
	*text = buf;
	*len = used;
	return 0;
}

/*
 * A child that has closed its output may still hang: no wait without end.
 * Return: its exit status, or an errno as a negative number.
 */
static int reap(pid_t child, int64_t deadline)
{
	const struct timespec nap = { .tv_nsec = REAP_NAP_MS * 1000000L };
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (clock_ms(CLOCK_MONOTONIC) >= deadline) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return -ETIMEDOUT;
		}
		nanosleep(&nap, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static const char *find_nft(void)
{
	static const char *const paths[] = {
		"/usr/sbin/nft", "/sbin/nft", "/usr/local/sbin/nft",
		"/usr/bin/nft",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++)
		if (!access(paths[i], X_OK))
			return paths[i];
	return NULL;
}

int nft_run(bool json, size_t limit, char **text, size_t *len, char *why_not,
	    size_t why_not_size)
{
	int64_t deadline = clock_ms(CLOCK_MONOTONIC) + NFT_TIMEOUT_MS;
	const char *path = find_nft();
	int fds[2], error, status;
	pid_t child;

	*text = NULL;
	if (!path) {
		snprintf(why_not, why_not_size, "nf_tables is loaded but nft isn't installed; "
			 "apt install nftables");
		return -1;
	}
	if (pipe2(fds, O_CLOEXEC)) {
		snprintf(why_not, why_not_size, "pipe: %s; close some files",
			 strerror(errno));
		return -1;
	}
	child = fork();
	if (!child)
		run_child(path, json, fds[1]);
	close(fds[1]);
	if (child < 0) {
		snprintf(why_not, why_not_size, "fork: %s; end some processes",
			 strerror(errno));
		close(fds[0]);
		return -1;
	}
	error = collect(fds[0], deadline, limit, text, len);
	close(fds[0]);
	if (error)
		kill(child, SIGKILL);
	status = reap(child, deadline);
	if (!error && !status)
		return 0;

	free(*text);
	*text = NULL;
	if (error == EFBIG)
		snprintf(why_not, why_not_size, "the ruleset is longer than %zu MiB; "
			 "look yourself: nft -t list ruleset",
			 limit >> 20);
	else if (error == ETIMEDOUT || status == -ETIMEDOUT)
		snprintf(why_not, why_not_size, "nft list ruleset took longer than %d s; "
			 "try it by hand", NFT_TIMEOUT_MS / 1000);
	else if (error || status < 0)
		snprintf(why_not, why_not_size, "nft list ruleset: %s; "
			 "try it by hand", strerror(error ? error : -status));
	else
		snprintf(why_not, why_not_size, "nft list ruleset fails with status %d; "
			 "try it by hand", status);
	return -1;
}
