// SPDX-License-Identifier: GPL-2.0
/*
 * Which programs the module's rows mean: a cgroup's id is the inode number of its
 * directory, and the kernel finds the directory by it (kernfs_fh_to_dentry() in
 * fs/kernfs/mount.c), so that only cgroups are looked at that rows name. An inode
 * number means nothing elsewhere: a capture has what was found.
 */
#include <ctype.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define KEPT		"conntriage/cgroup"
#define HEX		"0123456789abcdef"
#define FILEID_KERNFS	0xfe	/* include/linux/exportfs.h */
#define SHORT_ID	12	/* of a container, as docker ps shows it */

/* The runtimes' names for a container's scope, and ours */
static const struct {
	const char *prefix, *word;
} runtimes[] = {
	{ "docker-", "docker container" }, { "libpod-", "podman container" },
	{ "cri-containerd-", "container" }, { "crio-", "container" },
};

/* 64 hexadecimal digits, and whatever ends the name */
static bool is_container_id(const char *name)
{
	return strspn(name, HEX) == 64 && (!name[64] || !strcmp(name + 64, ".scope"));
}

static bool has_end(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && !strcmp(name + len - tail, end);
}

/* "docker-4f2a....scope" or, below a directory docker, the id alone */
static bool name_container(const char *parent, const char *name, char *unit, size_t size)
{
	const char *word = "container", *id = name;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(runtimes); i++) {
		len = strlen(runtimes[i].prefix);
		if (!strncmp(name, runtimes[i].prefix, len)) {
			word = runtimes[i].word;
			id = name + len;
		}
	}
	if (!is_container_id(id))
		return false;
	if (!strcmp(parent, "docker"))
		word = "docker container";
	snprintf(unit, size, "%s %.*s", word, SHORT_ID, id);
	return true;
}

/* "session-3.scope" of "user-1000.slice" */
static bool name_session(const char *name, int64_t user, char *unit, size_t size)
{
	if (user == UNKNOWN || strncmp(name, "session-", 8) || !has_end(name, ".scope"))
		return false;
	snprintf(unit, size, "a session of user %lld", (long long)user);
	return true;
}

static void note_user(const char *name, int64_t *user)
{
	char digits[12];
	int64_t number;

	if (strncmp(name, "user-", 5) || !has_end(name, ".slice"))
		return;
	snprintf(digits, sizeof(digits), "%.*s", (int)strspn(name + 5, "0123456789"), name + 5);
	if (text_count(digits, &number))
		*user = number;
}

/*
 * The innermost directory that has a name of its own: a container, a session, a unit
 * of systemd; else the last one.
 */
void program_name(const char *path, char *unit, size_t size)
{
	char copy[256], parent[256] = "", *next = copy, *name;
	int64_t user = UNKNOWN;
	bool found = false;

	snprintf(unit, size, "%s", "no unit (the root cgroup)");
	snprintf(copy, sizeof(copy), "%s", path);
	while ((name = strsep(&next, "/"))) {
		if (!*name)
			continue;
		note_user(name, &user);
		if (name_container(parent, name, unit, size) ||
		    name_session(name, user, unit, size)) {
			found = true;
		} else if (has_end(name, ".service") || has_end(name, ".scope")) {
			if (user == UNKNOWN)
				snprintf(unit, size, "%s", name);
			else
				snprintf(unit, size, "%s of user %lld", name, (long long)user);
			found = true;
		} else if (!found) {
			snprintf(unit, size, "%s", name);
		}
		snprintf(parent, sizeof(parent), "%s", name);
	}
}

static int by_id(const void *left, const void *right)
{
	const struct program *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

/* As text_clean(), but with what passes text_plain() */
static void clean(char *to, size_t size, const char *from)
{
	char *c;

	text_clean(to, size, from);
	for (c = to; *c; c++)
		if (*c == '?')
			*c = '_';
}

/* The path of a cgroup below the mount, or false where it is gone. */
static bool find_cgroup(int mount, int64_t id, char *path, size_t size)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} h = { .room = { 0 } };
	char link[64], root[4096], whole[4096];
	uint64_t number = id;
	ssize_t len, cut;
	int fd;

	h.handle.handle_bytes = sizeof(number);
	h.handle.handle_type = FILEID_KERNFS;
	memcpy(h.handle.f_handle, &number, sizeof(number));
	fd = open_by_handle_at(mount, &h.handle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, whole, sizeof(whole) - 1);
	close(fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", mount);
	cut = readlink(link, root, sizeof(root) - 1);
	if (len < cut || cut <= 0 || memcmp(whole, root, cut))
		return false;
	whole[len] = '\0';
	return snprintf(path, size, "%s", whole[cut] ? whole + cut : "/") < (int)size;
}

/* The first process in it, and its name */
static void find_process(struct reader *r, const char *base, const char *cgroup,
			 struct program *p)
{
	char path[PATH_MAX + 64], *text, *next, *line;

	snprintf(path, sizeof(path), "%s%s/cgroup.procs", base, cgroup);
	if (files_read_part(&r->files, path, READ_MAX_PIDS, &text, NULL))
		return;
	next = text;
	line = text_line(&next);
	if (!line || !text_count(line, &p->pid))
		p->pid = UNKNOWN;
	free(text);
	if (p->pid == UNKNOWN)
		return;
	snprintf(path, sizeof(path), "proc/%lld/comm", (long long)p->pid);
	if (files_read_part(&r->files, path, READ_MAX_COMMAND, &text, NULL))
		return;
	next = text;
	line = text_line(&next);
	if (line)
		clean(p->command, sizeof(p->command), line);
	free(text);
}

static void add_id(struct snapshot *s, const char *word)
{
	struct program *p;
	int64_t id;

	if (!text_count(word, &id) || s->nr_programs == READ_MAX_PROGRAMS)
		return;
	p = grow(&s->program, &s->nr_programs, sizeof(*p));
	p->id = id;
	p->pid = UNKNOWN;
}

/* The ids that rows name, each once, in order */
static void collect_ids(struct snapshot *s)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr_source; i++)
		if (s->source[i].class == SRC_PROGRAM)
			add_id(s, s->source[i].source);
	for (i = 0; i < s->nr_incident_tops; i++)
		if (s->incident_top[i].class == INC_PROGRAM)
			add_id(s, s->incident_top[i].source);
	if (!s->nr_programs)
		return;
	qsort(s->program, s->nr_programs, sizeof(*s->program), by_id);
	for (i = 1; i < s->nr_programs; i++)
		if (s->program[i].id != s->program[kept].id)
			s->program[++kept] = s->program[i];
	s->nr_programs = kept + 1;
}

/* Those that are gone have no path, and aren't kept. */
static void drop_unknown(struct snapshot *s)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr_programs; i++)
		if (*s->program[i].path)
			s->program[kept++] = s->program[i];
	s->nr_programs = kept;
}

static void keep_programs(struct reader *r)
{
	const struct snapshot *s = r->s;
	char *keep;
	size_t i, len;
	FILE *lines = open_memstream(&keep, &len);

	if (!lines)
		no_memory();
	fputs("id path pid command\n", lines);
	for (i = 0; i < s->nr_programs; i++) {
		const struct program *p = &s->program[i];

		fprintf(lines, "%lld %s ", (long long)p->id, p->path);
		if (p->pid == UNKNOWN)
			fputs("- -\n", lines);
		else
			fprintf(lines, "%lld %s\n", (long long)p->pid,
				*p->command ? p->command : "-");
	}
	fclose(lines);
	files_keep(&r->files, KEPT, keep, len);
	free(keep);
}

static void read_cgroups(struct reader *r)
{
	static const char *const bases[] = { "sys/fs/cgroup", "sys/fs/cgroup/unified" };
	struct snapshot *s = r->s;
	size_t i, base;
	int mount = -1;
	char path[PATH_MAX];

	collect_ids(s);
	if (!s->nr_programs)
		return;
	for (base = 0; base < ARRAY_SIZE(bases); base++) {
		if (files_mount(&r->files, bases[base], &mount) == CGROUP2_SUPER_MAGIC)
			break;
		if (mount >= 0)
			close(mount);
		mount = -1;
	}
	for (i = 0; i < s->nr_programs && mount >= 0; i++) {
		struct program *p = &s->program[i];

		if (!find_cgroup(mount, p->id, path, sizeof(path)))
			continue;
		clean(p->path, sizeof(p->path), path);
		program_name(p->path, p->unit, sizeof(p->unit));
		find_process(r, bases[base], path, p);
	}
	if (mount >= 0)
		close(mount);
	drop_unknown(s);
	keep_programs(r);
}

static const struct field program_fields[] = {
	{ "id", FIELD_COUNT, false, offsetof(struct program, id), 0 },
	{ "path", FIELD_WORD, false, offsetof(struct program, path),
	  sizeof(((struct program *)0)->path) },
	{ "pid", FIELD_COUNT, false, offsetof(struct program, pid), 0 },
	{ "command", FIELD_WORD, false, offsetof(struct program, command),
	  sizeof(((struct program *)0)->command) },
};

int parse_programs(struct snapshot *s, const char *file, char *text, size_t len,
		   struct fault *fault)
{
	struct program row;
	struct columns t;
	int status;

	memset(&row, 0, sizeof(row));
	if (columns_begin(&t, file, text, len, program_fields, ARRAY_SIZE(program_fields),
			  READ_MAX_PROGRAMS, fault))
		return -1;
	while ((status = columns_row(&t, &row)) > 0) {
		program_name(row.path, row.unit, sizeof(row.unit));
		*(struct program *)grow(&s->program, &s->nr_programs, sizeof(row)) = row;
	}
	if (s->nr_programs)
		qsort(s->program, s->nr_programs, sizeof(*s->program), by_id);
	return status;
}

int read_programs(struct reader *r)
{
	const struct snapshot before = *r->s;
	size_t len;
	char *text;

	if (!*r->s->root) {
		read_cgroups(r);
		return 0;
	}
	if (reader_slurp(r, KEPT, READ_MAX_MODULE_FILE, &text, &len) || !text)
		return 0;
	if (parse_programs(r->s, reader_name(r, KEPT), text, len, &r->fault))
		reader_drop(r, &before);
	free(text);
	return 0;
}
