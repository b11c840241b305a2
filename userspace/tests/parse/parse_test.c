// SPDX-License-Identifier: GPL-2.0
/*
 * Files in, snapshot or message out. Each case takes trees/full, changes one
 * file of it, reads it and looks at the message or at the snapshot. TAP 13.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/numbers.h"
#include "read/read.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"
#include "../selftests/lib/tap.h"

static char dir[48];		/* holds these two */
static char source_tree[64];	/* trees/full */
static char tree[64];		/* its copy, changed by a case */

static void die(const char *what)
{
	tap_bail(what);
	exit(1);
}

static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	struct stat st;
	char *text;

	if (!f || fstat(fileno(f), &st))
		die(path);
	text = malloc(st.st_size + 1);
	if (!text)
		die(path);
	*len = fread(text, 1, st.st_size, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static void spill(const char *path, const char *text, size_t len)
{
	FILE *f;

	unlink(path);
	f = fopen(path, "w");
	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		die(path);
}

static int copy_one(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	char to[1024], link[256];
	ssize_t len;
	size_t size;
	char *text;

	(void)st;
	(void)ftw;
	snprintf(to, sizeof(to), "%s%s", tree, path + strlen(source_tree));
	if (type == FTW_D)
		return mkdir(to, 0755);
	if (type == FTW_SL || type == FTW_SLN) {
		len = readlink(path, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		return symlink(link, to);
	}
	text = slurp(path, &size);
	spill(to, text, size);
	free(text);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_parents(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void replace(const char *path, const char *from, const char *to)
{
	size_t len;
	char *text = slurp(path, &len), *at = strstr(text, from), *joined;

	if (!at)
		die(from);
	if (asprintf(&joined, "%.*s%s%s", (int)(at - text), text, to,
		     at + strlen(from)) < 0)
		die("memory");
	spill(path, joined, strlen(joined));
	free(joined);
	free(text);
}

static void cut(const char *path, size_t bytes)
{
	size_t len;
	char *text = slurp(path, &len);

	if (bytes > len)
		die("cut");
	spill(path, text, len - bytes);
	free(text);
}

/* So much of one letter, as a line of its own behind what is there */
static void add_long(const char *path, char letter, size_t bytes)
{
	size_t len;
	char *text = slurp(path, &len);

	text = realloc(text, len + bytes + 1);
	memset(text + len, letter, bytes);
	text[len + bytes] = '\n';
	spill(path, text, len + bytes + 1);
	free(text);
}

static void repeat_last(const char *path, size_t times)
{
	size_t len, i;
	char *text = slurp(path, &len), *last;
	FILE *f = fopen(path, "a");

	text[len - 1] = '\0';
	last = strrchr(text, '\n');
	for (i = 0; i < times; i++)
		fprintf(f, "%s\n", last + 1);
	fclose(f);
	free(text);
}

static void make_many(const char *path, size_t number)
{
	char copy[1100];
	size_t i;

	for (i = 0; i < number; i++) {
		snprintf(copy, sizeof(copy), "%s-%zu.conf", path, i);
		spill(copy, "", 0);
	}
}

static void make_loops(const char *path, size_t number)
{
	char link[1100];
	size_t i;

	for (i = 0; i < number; i++) {
		snprintf(link, sizeof(link), "%s-%zu.conf", path, i);
		if (symlink(strrchr(link, '/') + 1, link))
			die(link);
	}
}

static void change(const struct change *c)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", tree, c->file);
	switch (c->how) {
	case KEEP:
		break;
	case WRITE:
		make_parents(path);
		spill(path, c->to, c->number ? c->number : strlen(c->to));
		break;
	case REPLACE:
		replace(path, c->from, c->to);
		break;
	case CUT:
		cut(path, c->number);
		break;
	case ADD_LONG:
		add_long(path, c->to ? *c->to : 'a', c->number);
		break;
	case REPEAT_LAST:
		repeat_last(path, c->number);
		break;
	case MANY:
		make_many(path, c->number);
		break;
	case LOOPS:
		make_loops(path, c->number);
		break;
	case REMOVE:
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
		break;
	case LINK:
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
		make_parents(path);
		if (symlink(c->to, path))
			die(path);
		break;
	case FIFO:
		unlink(path);
		if (mkfifo(path, 0644))
			die(path);
		break;
	case DIRECTORY:
		unlink(path);
		if (mkdir(path, 0755))
			die(path);
		break;
	case UNREADABLE:
		if (chmod(path, 0))
			die(path);
		break;
	case NO_ROOT:
		break;
	}
}

static bool wants_nobody(const struct test *t)
{
	size_t i;

	for (i = 0; i < CHANGES; i++)
		if (t->change[i].how == NO_ROOT ||
		    t->change[i].how == UNREADABLE)
			return true;
	return false;
}

/* The verdict on one case; a message where it isn't "ok" */
static bool judge(const struct test *t, char *why, size_t size)
{
	const char *fault;
	struct snapshot s;
	char message[512];
	bool good;
	int error;

	error = read_snapshot(tree, READ_ALL, &s, message, sizeof(message));
	fault = s.nr_dropped ? s.dropped[0].fault : "";
	if (t->message) {
		good = !error && strstr(fault, t->message) &&
		       !strncmp(fault, tree, strlen(tree)) &&
		       strstr(fault, "; ") && !strpbrk(fault, "\n\033") &&
		       (t->check ? t->check(&s) : s.nr_dropped == 1);
		snprintf(why, size, "expected \"%s\", got %d \"%s\", %zu dropped: \"%s\"",
			 t->message, error, message, s.nr_dropped, fault);
	} else {
		good = !error && !s.nr_dropped && t->check(&s);
		snprintf(why, size, "error %d \"%s\", dropped \"%s\", why_not \"%s\"", error,
			 message, fault, s.mod.why_not);
	}
	snapshot_free(&s);
	return good;
}

/* In a child where root's powers must be given up: these can't come back. */
static bool judge_as_nobody(const struct test *t, char *why, size_t size)
{
	int status;
	pid_t child;

	if (geteuid())
		return judge(t, why, size);
	fflush(stdout);
	child = fork();
	if (!child) {
		if (setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(2);
		if (!judge(t, why, size)) {
			printf("# %s\n", why);
			fflush(stdout);
			_exit(1);
		}
		_exit(0);
	}
	snprintf(why, size, "as nobody, see above");
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

static void run(const struct test *t)
{
	char why[2048];
	size_t i;
	bool good;

	nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (nftw(source_tree, copy_one, 16, FTW_PHYS))
		die("cannot copy trees/full");
	for (i = 0; i < CHANGES && t->change[i].file; i++)
		change(&t->change[i]);

	good = wants_nobody(t) ? judge_as_nobody(t, why, sizeof(why)) :
				 judge(t, why, sizeof(why));
	if (!tap_ok(good, t->name))
		printf("# %s\n", why);
}

/*
 * 160 trees of 50 files: in memory where that can be had. Some are read as
 * nobody, who must get into @dir.
 */
static void make_trees(void)
{
	char unpack[128];

	snprintf(dir, sizeof(dir), "%s/conntriage-parse-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(dir) || chmod(dir, 0755))
		die("cannot make a temporary directory");
	snprintf(source_tree, sizeof(source_tree), "%s/full", dir);
	snprintf(tree, sizeof(tree), "%s/case", dir);
	snprintf(unpack, sizeof(unpack),
		 "tests/tree unpack tests/parse/trees/full.tree %s",
		 source_tree);
	if (system(unpack)) {
		rmdir(dir);
		die("cannot unpack trees/full; run me in userspace/");
	}
}

int main(void)
{
	static const struct record_test *const records[] = {
		login_records, listing_records, rule_records, entry_records,
	};
	const struct record_test *record;
	const struct test *t;
	size_t i;

	umask(022);
	make_trees();

	tap_begin(0);
	for (t = bad_files; t->name; t++)
		run(t);
	for (t = dropped_files; t->name; t++)
		run(t);
	for (t = good_files; t->name; t++)
		run(t);
	for (t = boot_files; t->name; t++)
		run(t);
	for (t = rule_files; t->name; t++)
		run(t);
	for (t = program_files; t->name; t++)
		run(t);
	for (t = names_files; t->name; t++)
		run(t);
	for (t = guard_files; t->name; t++)
		run(t);
	for (t = placed_files; t->name; t++)
		run(t);
	for (t = tool_files; t->name; t++)
		run(t);
	for (t = owner_files; t->name; t++)
		run(t);
	for (t = proc_files; t->name; t++)
		run(t);
	for (t = state_files; t->name; t++)
		run(t);
	for (t = log_files; t->name; t++)
		run(t);
	for (i = 0; i < ARRAY_SIZE(records); i++)
		for (record = records[i]; record->name; record++)
			tap_ok(record->check(), record->name);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return tap_end(0);
}
