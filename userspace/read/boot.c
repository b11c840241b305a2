// SPDX-License-Identifier: GPL-2.0
/*
 * What the boot files will set: sysctl.d(5), modules-load.d(5), modprobe.d(5).
 * These are written by people: a line that the boot would skip is skipped here.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/boot.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define CT_KEY		"net/netfilter/nf_conntrack_"
#define CT_MAX_ALIAS	"net/nf_conntrack_max"

struct boot_file {
	const char *dir;
	char *name;
};

struct boot_files {
	struct boot_file *file;
	size_t nr;
};

static int by_name_then_dir(const void *a, const void *b)
{
	const struct boot_file *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	/* dir points into an array in the order of precedence. */
	return order ? order : (x->dir > y->dir) - (x->dir < y->dir);
}

/*
 * All files of one kind, in the order in which they are applied: by name,
 * whatever the directory; of two with one name, that of the first directory.
 */
static void list_files(struct reader *r, const char (*dirs)[32], size_t nr_dirs,
		       struct boot_files *all)
{
	size_t i, j, nr, kept = 0;
	struct boot_file *file;
	char **names;

	*all = (struct boot_files) { NULL, 0 };
	for (i = 0; i < nr_dirs; i++) {
		if (reader_list(r, dirs[i], "", ".conf", READ_MAX_BOOT_FILES,
				&names, &nr))
			continue;
		for (j = 0; j < nr; j++) {
			file = grow(&all->file, &all->nr, sizeof(*file));
			*file = (struct boot_file) { dirs[i], names[j] };
		}
		free(names);
	}
	if (!all->nr)
		return;
	qsort(all->file, all->nr, sizeof(*file), by_name_then_dir);
	for (i = 0; i < all->nr; i++) {
		file = &all->file[i];
		if (kept && !strcmp(all->file[kept - 1].name, file->name))
			free(file->name);
		else
			all->file[kept++] = *file;
	}
	all->nr = kept;
}

static void free_files(struct boot_files *all)
{
	while (all->nr)
		free(all->file[--all->nr].name);
	free(all->file);
}

/* Call @read with the path of each. */
static void for_each_file(struct reader *r, const struct boot_files *all,
			  void (*read)(struct reader *r, const char *path,
				       void *data), void *data)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < all->nr; i++) {
		snprintf(path, sizeof(path), "%s/%s", all->file[i].dir,
			 all->file[i].name);
		read(r, path, data);
	}
}

/* Its text, or NULL: it is absent, switched off or damaged */
static char *slurp_boot(struct reader *r, const char *path)
{
	char link[16], *text;

	/* A link to /dev/null is how an admin switches a file off. */
	if (files_link(&r->files, path, link, sizeof(link)) &&
	    !strcmp(link, "/dev/null"))
		return NULL;
	reader_slurp(r, path, READ_MAX_BOOT_FILE, &text, NULL);
	return text;
}

/*
 * Dots and slashes change places, unless the first separator is a slash:
 * sysctl.d(5). A key that is too long for struct setting can't be one of
 * conntrack's.
 */
static bool set_key(struct setting *s, const char *key)
{
	const char *first = strpbrk(key, "./");
	char *c;

	if (strlen(key) >= sizeof(s->key))
		return false;
	memcpy(s->key, key, strlen(key) + 1);
	if (first && *first == '.')
		for (c = s->key; *c; c++)
			*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	return true;
}

int parse_settings(struct settings *all, const char *path, char *text)
{
	char *line, *key, *value;
	struct setting one;

	while ((line = text_line(&text))) {
		key = text_trim(line);
		if (!*key || *key == '#' || *key == ';')
			continue;
		memset(&one, 0, sizeof(one));
		value = strchr(key, '=');
		if (value)
			*value++ = '\0';
		if (*key == '-')
			key++;
		else if (!value)
			continue;
		if (!set_key(&one, text_trim(key)))
			continue;
		if (all->nr == READ_MAX_BOOT_KEYS)
			return -1;
		one.excluded = !value;
		one.number = value && text_signed(text_trim(value), &one.value);
		snprintf(one.file, sizeof(one.file), "/%s", path);
		*(struct setting *)grow(&all->item, &all->nr,
					sizeof(one)) = one;
	}
	return 0;
}

/* What the boot makes of a key: the last line that names it, else a pattern. */
const struct setting *find_setting(const struct settings *all, const char *key)
{
	const struct setting *pattern = NULL;
	size_t i;

	for (i = all->nr; i-- > 0; ) {
		const struct setting *s = &all->item[i];

		if (!strcmp(s->key, key))
			return s->excluded ? NULL : s;
		if (!pattern && strpbrk(s->key, "*?[") &&
		    !fnmatch(s->key, key, FNM_PATHNAME))
			pattern = s;
	}
	return pattern && !pattern->excluded ? pattern : NULL;
}

static const struct setting *find_ct_setting(const struct settings *all,
					     const char *name)
{
	const struct setting *s, *alias;
	char key[128];

	snprintf(key, sizeof(key), CT_KEY "%s", name);
	s = find_setting(all, key);
	if (strcmp(name, "max"))
		return s;
	/* One value by two names: the later assignment wins. */
	alias = find_setting(all, CT_MAX_ALIAS);
	return !s || (alias && alias > s) ? alias : s;
}

static void add_settings(struct reader *r, const char *path, void *data)
{
	char *text = slurp_boot(r, path);
	struct settings *all = data;
	size_t before = all->nr;

	if (text && parse_settings(all, path, text)) {
		fault_at(&r->fault, reader_name(r, path), 0,
			 "more than %d settings with those of the files before it; "
			 "remove some", READ_MAX_BOOT_KEYS);
		reader_drop(r, NULL);
		all->nr = before;
	}
	free(text);
}

/*
 * systemd-sysctl reads /etc/sysctl.conf only as sysctl.d/99-sysctl.conf, a link
 * that some distributions ship; procps' sysctl --system reads it by itself.
 */
static bool sysctl_conf_is_read(struct reader *r, const struct boot_files *all)
{
	bool is_read = !files_exists(&r->files, "run/systemd/system");
	char path[PATH_MAX], *conf, *linked;
	size_t i;

	for (i = 0; i < all->nr; i++)
		if (!strcmp(all->file[i].name, "99-sysctl.conf"))
			break;
	if (i == all->nr)
		return is_read;
	reader_slurp(r, "etc/sysctl.conf", READ_MAX_BOOT_FILE, &conf, NULL);
	snprintf(path, sizeof(path), "%s/%s", all->file[i].dir,
		 all->file[i].name);
	reader_slurp(r, path, READ_MAX_BOOT_FILE, &linked, NULL);
	/* In a capture the link is a file with the same content. */
	if (conf && linked && !strcmp(conf, linked))
		is_read = true;
	free(conf);
	free(linked);
	return is_read;
}

static void read_sysctl_d(struct reader *r)
{
	static const char dirs[][32] = {
		"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d",
		"usr/lib/sysctl.d", "lib/sysctl.d",
	};
	struct settings all = { NULL, 0 }, ignored = { NULL, 0 };
	struct boot_files files;
	bool conf_is_read;
	size_t i;

	list_files(r, dirs, ARRAY_SIZE(dirs), &files);
	conf_is_read = sysctl_conf_is_read(r, &files);
	for_each_file(r, &files, add_settings, &all);
	add_settings(r, "etc/sysctl.conf", conf_is_read ? &all : &ignored);
	free_files(&files);

	for (i = 0; i < r->s->nr_sysctl; i++) {
		struct ct_sysctl *row = &r->s->sysctl[i];
		const struct setting *s = find_ct_setting(&all, row->name);

		if (s && s->number) {
			row->persisted = s->value;
			text_clean(row->persisted_in, sizeof(row->persisted_in),
				   s->file);
		}
		s = find_ct_setting(&ignored, row->name);
		if (s)
			text_clean(row->ignored_in, sizeof(row->ignored_in),
				   s->file);
	}
	free(all.item);
	free(ignored.item);
}

/* Whether a file of modules-load.d names a module that brings conntrack. */
static void loads_conntrack(struct reader *r, const char *path, void *data)
{
	char *text = slurp_boot(r, path), *next = text, *line;
	bool *loads = data;

	while ((line = text_line(&next))) {
		line = text_trim(line);
		line[strcspn(line, " \t#;")] = '\0';
		if (!*line)
			continue;
		if (!strcmp(line, "nf_conntrack") ||
		    !strcmp(line, "nf-conntrack") ||
		    !strcmp(line, "ip_conntrack") ||
		    module_needs(r, line, "nf_conntrack"))
			*loads = true;
	}
	free(text);
}

/* A module that was loaded has a state; code of the kernel itself has none. */
static bool is_builtin(struct reader *r)
{
	enum module_place place = module_place(r, "nf_conntrack");

	if (place != MODULE_UNKNOWN)
		return place == MODULE_BUILTIN;
	return files_exists(&r->files, "sys/module/nf_conntrack") &&
	       !files_exists(&r->files, "sys/module/nf_conntrack/initstate");
}

static void read_modules_load(struct reader *r)
{
	static const char dirs[][32] = {
		"etc/modules-load.d", "run/modules-load.d",
		"usr/local/lib/modules-load.d", "usr/lib/modules-load.d",
		"lib/modules-load.d",
	};
	struct boot_files files;
	bool loads = false;

	list_files(r, dirs, ARRAY_SIZE(dirs), &files);
	for_each_file(r, &files, loads_conntrack, &loads);
	free_files(&files);
	loads_conntrack(r, "etc/modules", &loads);
	r->s->ct_at_boot = loads || (r->s->ct_loaded && is_builtin(r));
}

/* The last hashsize= of a line that begins with "options nf_conntrack" */
static void parse_hashsize(struct snapshot *s, const char *path, char *line)
{
	char *word = strsep(&line, " \t");
	int64_t value;

	if (strcmp(word, "options"))
		return;
	line = line ? text_trim(line) : NULL;
	word = strsep(&line, " \t");
	if (!word || (strcmp(word, "nf_conntrack") &&
		      strcmp(word, "nf-conntrack")))
		return;
	while ((word = strsep(&line, " \t")))
		if (!strncmp(word, "hashsize=", 9) &&
		    text_count(word + 9, &value)) {
			s->hashsize_option = value;
			s->hashsize_in[0] = '/';
			text_clean(s->hashsize_in + 1,
				   sizeof(s->hashsize_in) - 1, path);
		}
}

void parse_modprobe(struct snapshot *s, const char *path, char *text)
{
	char *line, *fold;

	/* A backslash before the newline continues the line. */
	for (fold = text; (fold = strstr(fold, "\\\n")); )
		fold[0] = fold[1] = ' ';
	while ((line = text_line(&text)))
		parse_hashsize(s, path, text_trim(line));
}

static void read_modprobe_file(struct reader *r, const char *path, void *unused)
{
	char *text = slurp_boot(r, path);

	(void)unused;
	if (text)
		parse_modprobe(r->s, path, text);
	free(text);
}

static void read_modprobe_d(struct reader *r)
{
	static const char dirs[][32] = {
		"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
		"usr/lib/modprobe.d", "lib/modprobe.d",
	};
	struct boot_files files;
	char value[24];

	list_files(r, dirs, ARRAY_SIZE(dirs), &files);
	for_each_file(r, &files, read_modprobe_file, NULL);
	free_files(&files);

	if (reader_boot_option(r, "nf_conntrack.hashsize", value, sizeof(value)) &&
	    text_count(value, &r->s->hashsize_option))
		text_clean(r->s->hashsize_in, sizeof(r->s->hashsize_in),
			   "/proc/cmdline");
}

int read_boot(struct reader *r)
{
	read_sysctl_d(r);
	read_modules_load(r);
	read_modprobe_d(r);
	return 0;
}
