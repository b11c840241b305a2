// SPDX-License-Identifier: GPL-2.0
/*
 * ctcost - what calls of the kernel take: a file that is opened, read to its end and closed;
 * a module that is loaded and unloaded; a program. A line for each: its name, microseconds,
 * the least of -n times; how busy the machine was; bytes that were read. Microseconds are on
 * the clock; a program's are of processors, its children's included: what it waits for in a
 * guest is mostly the guest's file system.
 *
 * An emulated guest's clock runs on while its machine does something else. So between the
 * calls a fixed piece of work is done: how much longer that took on average than at best is
 * how busy the machine was. With counted instructions it is 1.00.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ctprog.h"

#define PIECES	25		/* of work, before each call */
#define LOOPS	20000		/* of a piece: 0.1 ms where an instruction is one nanosecond */

/* What is timed by itself of one turn: loading and unloading are two */
struct call {
	const char *name;
	long (*make)(char **arg);
	double (*us)(void);
	double least;
	long bytes;
};

static double least_piece = 1e18, sum_pieces, nr_pieces;

static void usage(void)
{
	fputs("usage: ctcost [-n TIMES] read FILE...\n"
	      "       ctcost [-n TIMES] load FILE MODULE [PARAM=VALUE...]   and unloaded\n"
	      "       ctcost [-n TIMES] run COMMAND [ARG...]\n", stderr);
	exit(2);
}

static double us(void)
{
	return now() * 1e6;
}

/* Of processors, by children that have ended */
static double us_children(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 +
	       r.ru_utime.tv_usec + r.ru_stime.tv_usec;
}

static void work(void)
{
	int i, j;

	for (i = 0; i < PIECES; i++) {
		volatile unsigned int x = 1;
		double began = us();

		for (j = 0; j < LOOPS; j++)
			x = x * 1664525 + 1013904223;
		began = us() - began;
		sum_pieces += began;
		if (began < least_piece)
			least_piece = began;
	}
	nr_pieces += PIECES;
}

static long read_file(char **arg)
{
	static char buf[65536];
	long sum = 0;
	ssize_t got;
	int fd = open(*arg, O_RDONLY);

	if (fd < 0)
		die("%s: %s", *arg, strerror(errno));
	while ((got = read(fd, buf, sizeof(buf))) > 0)
		sum += got;
	if (got < 0)
		die("%s: read: %s", *arg, strerror(errno));
	close(fd);
	return sum;
}

static long load(char **arg)
{
	char words[4096] = "";
	char **param = arg + 2;
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", arg[0], strerror(errno));
	for (; *param; param++) {
		if (strlen(words) + strlen(*param) + 2 > sizeof(words))
			die("too many parameters");
		strcat(strcat(words, *param), " ");
	}
	if (syscall(SYS_finit_module, fd, words, 0))
		die("%s: does not load: %s; see the kernel's log", arg[0], strerror(errno));
	close(fd);
	return 0;
}

static long unload(char **arg)
{
	if (syscall(SYS_delete_module, arg[1], O_NONBLOCK))
		die("%s: does not unload: %s", arg[1], strerror(errno));
	return 0;
}

/* What it prints goes nowhere */
static long run(char **arg)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execvp(arg[0], arg);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("wait: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 125)
		die("%s: did not run", arg[0]);
	return 0;
}

/* Calls take turns */
static void measure(struct call *call, int calls, int times, char **arg)
{
	double began;
	int i, c;

	for (i = 0; i < times; i++) {
		for (c = 0; c < calls; c++) {
			work();
			began = call[c].us();
			call[c].bytes = call[c].make(arg);
			began = call[c].us() - began;
			if (!i || began < call[c].least)
				call[c].least = began;
		}
	}
	for (c = 0; c < calls; c++)
		printf("%s %.0f %.2f %ld\n", call[c].name, call[c].least,
		       sum_pieces / nr_pieces / least_piece, call[c].bytes);
}

int main(int argc, char **argv)
{
	static struct call cycle[] = { { .name = "load", .make = load, .us = us },
				       { .name = "unload", .make = unload, .us = us } };
	static struct call once = { .us = us };
	int opt, times = 1, i;

	while ((opt = getopt(argc, argv, "+n:")) != -1) {
		if (opt != 'n')
			usage();
		times = number("-n", optarg, 1, 1000);
	}
	argv += optind;
	argc -= optind;
	if (argc < 2)
		usage();
	if (!strcmp(argv[0], "load") && argc > 2) {
		measure(cycle, 2, times, argv + 1);
	} else if (!strcmp(argv[0], "run")) {
		once.name = "run";
		once.make = run;
		once.us = us_children;
		measure(&once, 1, times, argv + 1);
	} else if (!strcmp(argv[0], "read")) {
		for (i = 1; i < argc; i++) {
			char *base = strrchr(argv[i], '/');

			once.name = base ? base + 1 : argv[i];
			once.make = read_file;
			measure(&once, 1, times, argv + i);
		}
	} else {
		usage();
	}
	return 0;
}
