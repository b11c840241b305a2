// SPDX-License-Identifier: GPL-2.0
/*
 * Which programs the module's rows mean: a cgroup's id is the inode number of its
 * directory, and the kernel finds the directory by it (kernfs_fh_to_dentry() in
 * fs/kernfs/mount.c), so that only cgroups are looked at that rows name. An inode
 * number means nothing elsewhere: a capture has what was found.
 */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/quoted.h"
#include "lib/text.h"
#include "read/cgroups.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define KEPT		"conntriage/cgroup"
#define FILEID_KERNFS	0xfe	/* include/linux/exportfs.h */

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
	fputs("id path pid command container\n", lines);
	for (i = 0; i < s->nr_programs; i++) {
		const struct program *p = &s->program[i];

		fprintf(lines, "%lld %s ", (long long)p->id, p->path);
		if (p->pid == UNKNOWN)
			fputs("- - ", lines);
		else
			fprintf(lines, "%lld %s ", (long long)p->pid,
				*p->command ? p->command : "-");
		quoted_print(lines, p->container);
		fputc('\n', lines);
	}
	fclose(lines);
	files_keep(&r->files, KEPT, keep, len);
	free(keep);
}

static void read_cgroups(struct reader *r)
{
	static const char *const bases[] = { "sys/fs/cgroup", "sys/fs/cgroup/unified" };
	struct snapshot *s = r->s;
	struct cgroup_container in;
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
		if (cgroup_container(path, &in))
			memcpy(p->container, in.id, sizeof(in.id));
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
	/* Captures of older readers don't have it. */
	{ "container", FIELD_QUOTED, true, offsetof(struct program, container), CONTAINER_ID },
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
