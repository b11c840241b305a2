// SPDX-License-Identifier: GPL-2.0
/* conntriage - say why a conntrack table is full: options and dispatch. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/abi.h"
#include "finding.h"
#include "read.h"
#include "render.h"

static const char usage[] =
"Usage: conntriage [--root DIR] [COMMAND]\n"
"\n"
"Says why the connection tracking table is full or packets are dropped, who\n"
"causes it, who suffers, and which command fixes it. Changes nothing.\n"
"\n"
"Commands:\n"
"  diagnose       findings, worst first; the command if none is given\n"
"  sources        the heavy sources of each kind of event\n"
"  netns          network namespaces and their counters\n"
"  census         what the table holds; walks all of it\n"
"  history        the last ten minutes\n"
"  explain CAUSE  how a cause works; without CAUSE: all causes\n"
"  capture DIR    copy what a diagnosis reads, to diagnose it elsewhere\n"
"\n"
"Options:\n"
"  -r, --root DIR  read a captured tree instead of this host\n"
"  -h, --help      this text\n"
"  -V, --version   the version\n"
"\n"
"Exit status: 0 nothing to do, 1 warning, 2 critical, 3 unknown or an error.\n"
"See conntriage(8).\n";

static int run_diagnosis(const struct snapshot *s, FILE *out)
{
	struct findings f;
	int status;

	diagnose(s, &f);
	status = render_text(s, &f, out) ? SEV_UNKNOWN : (int)f.worst;
	findings_free(&f);
	return status;
}

static int run_table(const char *root, const char *command, FILE *out)
{
	static const struct {
		const char *name;
		unsigned int parts;
		int (*render)(const struct snapshot *s, FILE *out);
	} tables[] = {
		{ "sources", 0, render_sources },
		{ "netns", 0, render_netns },
		{ "census", READ_CENSUS, render_census },
		{ "history", 0, render_history },
		{ "diagnose", READ_ALL, NULL },
	};
	struct snapshot s;
	char message[512];
	int status;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i].name, command))
			break;
	if (i == sizeof(tables) / sizeof(tables[0])) {
		warnx("%s: no such command; see conntriage --help", command);
		return SEV_UNKNOWN;
	}
	if (read_snapshot(root, tables[i].parts, &s, message,
			  sizeof(message))) {
		warnx("%s", message);
		status = SEV_UNKNOWN;
	} else if (tables[i].render) {
		status = tables[i].render(&s, out) ? SEV_UNKNOWN : SEV_OK;
	} else {
		status = run_diagnosis(&s, out);
	}
	snapshot_free(&s);
	return status;
}

static int run_capture(const char *root, const char *dir)
{
	char message[512];

	if (capture(root, dir, message, sizeof(message))) {
		warnx("%s", message);
		return SEV_UNKNOWN;
	}
	return SEV_OK;
}

static int run_explain(const char *cause, FILE *out)
{
	if (!explain(cause, out))
		return SEV_OK;
	warnx("%s: no such cause; conntriage explain lists them",
	      cause ? cause : "explain");
	return SEV_UNKNOWN;
}

/* How many words may follow a command */
static int check_words(const char *command, int words)
{
	if (!strcmp(command, "capture")) {
		if (words == 1)
			return 0;
		warnx("capture takes one directory; see conntriage --help");
		return -1;
	}
	if (words > (!strcmp(command, "explain") ? 1 : 0)) {
		warnx("%s: too many words; see conntriage --help", command);
		return -1;
	}
	return 0;
}

/* Output that didn't get out must not look like a diagnosis. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	warnx("standard output: %s; check where it leads", strerror(errno));
	return SEV_UNKNOWN;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	const char *root = "", *command = "diagnose", *word;
	int c;

	while ((c = getopt_long(argc, argv, "r:hV", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			if (!*optarg) {
				warnx("--root: empty; name a directory that "
				      "conntriage capture made");
				return SEV_UNKNOWN;
			}
			root = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return finish(SEV_OK);
		case 'V':
			puts("conntriage " CTRI_VERSION);
			return finish(SEV_OK);
		default:
			return SEV_UNKNOWN;
		}
	}
	if (optind < argc)
		command = argv[optind++];
	if (check_words(command, argc - optind))
		return SEV_UNKNOWN;
	word = argv[optind];

	if (!strcmp(command, "capture"))
		return finish(run_capture(root, word));
	if (!strcmp(command, "explain"))
		return finish(run_explain(word, stdout));
	return finish(run_table(root, command, stdout));
}
