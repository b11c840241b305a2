// SPDX-License-Identifier: GPL-2.0
/* The command of --on-incident, with bounds that are short. TAP 13. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch/hook.h"
#include "../selftests/lib/tap.h"

#define LONG	5000	/* ms that nothing here takes */

static const struct hook_limits limits = {
	.pause = 600, .most = 1000, .grace = 300, .output = 1000,
};

static char dir[] = "/tmp/conntriage-hook.XXXXXX";
static int output;	/* what was passed on: a file */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* As the loop does it: until nothing is left to do, or @most ms are over */
static void run_for(struct hook *h, int64_t most)
{
	int64_t end = now_ms() + most;

	do {
		struct pollfd p = { .fd = hook_fd(h), .events = POLLIN };

		hook_tend(h, now_ms());
		poll(&p, 1, 10);
	} while ((h->pid || h->waits) && now_ms() < end);
}

static void offer(struct hook *h, const char *event, const char *story)
{
	struct lines words = { 0 };

	lines_add(&words, "CONNTRIAGE_EVENT=%s", event);
	hook_offer(h, &words, story);
	lines_free(&words);
}

/* A file in the directory of the test, as one text */
static const char *content(const char *name)
{
	static char text[8192];
	char path[128];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static void is(const char *file, const char *text, const char *name)
{
	if (!tap_ok(!strcmp(content(file), text), name))
		printf("# \"%.200s\", not \"%.200s\"\n", content(file), text);
}

static void begin(struct hook *h, const char *command, const struct hook_limits *l)
{
	if (ftruncate(output, 0))
		exit(1);
	hook_begin(h, command, l, output);
}

static void gets_its_story(void)
{
	struct hook h;

	begin(&h, "cat >story; echo \"$CONNTRIAGE_EVENT $CONNTRIAGE_SKIPPED\" >env", &limits);
	offer(&h, "begun", "a story\nof two lines\n");
	run_for(&h, LONG);
	is("story", "a story\nof two lines\n", "the story is on its standard input");
	is("env", "begun 0\n", "and what happened in its environment");
	tap_ok(!h.pid && !h.waits && hook_when(&h) == INT64_MAX, "then nothing is left to do");
}

/* Values are data: no shell takes what is in them for words */
static void hostile(void)
{
	struct lines words = { 0 };
	struct hook h;

	begin(&h, "echo \"$CONNTRIAGE_WHO\" >env", &limits);
	lines_add(&words, "CONNTRIAGE_WHO=%s", "$(touch pwned); `touch pwned` '\"=");
	hook_offer(&h, &words, "$(touch pwned)");
	lines_free(&words);
	run_for(&h, LONG);
	is("env", "$(touch pwned); `touch pwned` '\"=\n", "a hostile name stays a name");
	tap_ok(access("pwned", F_OK) == -1, "and runs nothing");
}

static void one_at_a_time(void)
{
	struct hook_limits often = limits;
	int64_t first;
	struct hook h;

	often.pause = 50;
	unlink("env");
	begin(&h, "echo begins >>env; sleep 0.5; echo ends >>env", &often);
	offer(&h, "one", "");
	run_for(&h, 200);
	offer(&h, "two", "");
	run_for(&h, LONG);
	is("env", "begins\nends\nbegins\nends\n", "one at a time");

	begin(&h, "echo \"$CONNTRIAGE_EVENT $CONNTRIAGE_SKIPPED\" >>env", &limits);
	unlink("env");
	offer(&h, "one", "");
	run_for(&h, 100);
	offer(&h, "two", "");
	offer(&h, "three", "");
	offer(&h, "four", "");
	run_for(&h, 100);
	first = h.start;
	is("env", "one 0\n", "not as often as there are events");
	run_for(&h, LONG);
	is("env", "one 0\nfour 2\n", "the latest waits, and is told how many were passed over");
	tap_ok(h.start - first >= limits.pause, "no sooner than it may");
	offer(&h, "five", "");
	hook_end(&h);
	is("env", "one 0\nfour 2\n", "what waits at the end isn't begun");
}

static void said(const char *command, size_t bytes, size_t dropped, const char *name)
{
	struct stat st;
	struct hook h;

	begin(&h, command, &limits);
	offer(&h, "begun", "");
	run_for(&h, LONG);
	tap_ok(!h.pid && !fstat(output, &st) && (size_t)st.st_size == bytes &&
	       h.dropped == dropped, name);
}

/*
 * The process whose number a command has written down is there. Who has lost its parent
 * is reaped by somebody else, who takes his time.
 */
static bool lives(const char *file)
{
	char path[64], state = 'Z';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", atoi(content(file)));
	stat = fopen(path, "r");
	if (!stat)
		return false;
	if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(stat);
	return state != 'Z';
}

/* A machine that has much to do takes its time to begin it. */
static bool runs(struct hook *h, const char *file)
{
	int64_t end = now_ms() + limits.most / 2;

	unlink(file);
	while (!lives(file) && now_ms() < end)
		run_for(h, 20);
	return h->pid && lives(file);
}

static bool ends_soon(const char *file)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	int i;

	for (i = 0; i < 50 && lives(file); i++)
		nanosleep(&nap, NULL);
	return !lives(file);
}

static void hangs(const char *command, const char *name)
{
	int64_t began = now_ms();
	struct hook h;

	begin(&h, command, &limits);
	offer(&h, "begun", "");
	tap_ok(runs(&h, "pid"), "it runs");
	run_for(&h, LONG);
	tap_ok(!h.pid && ends_soon("pid") && now_ms() - began >= limits.most &&
	       now_ms() - began < limits.most + 2 * limits.grace + 1000, name);
}

static void many_stories(void)
{
	char *big = malloc(1 << 20);
	struct hook h;

	memset(big, 'x', (1 << 20) - 1);
	big[(1 << 20) - 1] = '\0';
	begin(&h, "sleep 0.1", &limits);
	offer(&h, "begun", big);
	run_for(&h, LONG);
	tap_ok(!h.pid, "one that doesn't read a long story");
	begin(&h, "exit 0", &limits);
	offer(&h, "begun", big);
	run_for(&h, LONG);
	tap_ok(!h.pid, "one that is over at once");
	begin(&h, "wc -c >story", &limits);
	offer(&h, "begun", big);
	run_for(&h, LONG);
	is("story", "1048575\n", "and one that reads all of it");
	free(big);
}

static void ended_with_us(void)
{
	struct hook_limits patient = limits;
	int64_t began = now_ms();
	struct hook h;

	patient.most = 20000;
	begin(&h, "sleep 30 & echo $! >pid; wait", &patient);
	offer(&h, "begun", "");
	tap_ok(runs(&h, "pid"), "while it runs");
	hook_end(&h);
	tap_ok(!h.pid && ends_soon("pid") && now_ms() - began < LONG, "the end takes it along");
	tap_ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "and leaves no child");
}

int main(void)
{
	char command[64];

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	output = open("output", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	tap_begin(0);
	gets_its_story();
	hostile();
	one_at_a_time();
	many_stories();
	said("echo here; echo there >&2", 11, 0, "what it says is passed on");
	said("head -c 5000 /dev/zero", 1000, 4000, "no more than it may say, and the rest is read");
	said("head -c 300000 /dev/zero; exit 7", 1000, 299000, "a status is no reason to wait");
	said("exec >&- 2>&-; sleep 0.2", 0, 0, "one that closes its output");
	hangs("echo $$ >pid; exec sleep 30", "one that hangs is ended");
	hangs("sleep 30 & echo $! >pid; wait", "with what it has begun");
	hangs("sh -c 'trap \"echo asked >told; exit\" TERM; sleep 30 & wait' & echo $! >pid; wait",
	      "which is asked first");
	is("told", "asked\n", "so that it can clean up");
	hangs("trap '' TERM; sleep 30 & echo $! >pid; sleep 30; sleep 30",
	      "even if that won't listen");
	hangs("sh -c 'trap \"\" TERM; sleep 30' >/dev/null 2>&1 & echo $! >pid; wait",
	      "or its shell has gone before");
	hangs("sleep 30 & echo $! >pid", "or stays behind with its output");
	ended_with_us();
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return tap_end(0) | !!system(command);
}
