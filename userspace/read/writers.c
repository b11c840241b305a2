// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that set conntrack's settings when they start, after the boot files:
 * Proxmox' firewall, tuned, ufw, scripts of NetworkManager. kube-proxy is in a file
 * of its own. A line that such a program would skip is skipped here.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/boot.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/writers.h"
#include "snapshot.h"

#define PREFIX		"nf_conntrack_"
#define PVE_CLUSTER	"etc/pve/firewall/cluster.fw"
#define PVE_LEAST	262144	/* it never sets less */
#define PVE_STEP	8192	/* and rounds up to these */
#define DISPATCHER	"etc/NetworkManager/dispatcher.d"
#define TUNED_DEPTH	8	/* profiles that include each other */

/* A key with its value, of a line of a file */
static void add_pair(struct snapshot *s, enum writer_program program, const char *file,
		     int64_t line, char *key, char *value)
{
	struct written w = { .program = program, .line = line, .pid = UNKNOWN };

	key = text_trim(key);
	if (!written_key(key, w.sysctl, sizeof(w.sysctl)) ||
	    !text_signed(text_trim(value), &w.value) || !text_plain(key))
		return;
	snprintf(w.setting, sizeof(w.setting), "%s", key);
	text_clean(w.file, sizeof(w.file), file);
	written_add(s, &w);
}

/* Where a line is "[section]": moves @in. */
static bool is_section(const char *line, const char *section, bool *in)
{
	size_t len = strlen(section);

	if (*line != '[')
		return false;
	*in = !strncasecmp(line + 1, section, len) && line[len + 1] == ']';
	return true;
}

static void add_proxmox(struct snapshot *s, const char *file, int64_t line,
			const char *sysctl, int64_t value, bool by_default)
{
	struct written w = {
		.program = WRITER_PROXMOX, .value = value, .line = line, .pid = UNKNOWN,
		.by_default = by_default,
	};

	snprintf(w.sysctl, sizeof(w.sysctl), "%s", sysctl);
	snprintf(w.setting, sizeof(w.setting), PREFIX "%s", sysctl);
	text_clean(w.file, sizeof(w.file), file);
	written_add(s, &w);
}

/*
 * update_nf_conntrack_max() in PVE::Firewall: the maximum is 262,144 unless the
 * node's file has more, rounded up to a multiple of 8,192, and is set again whenever
 * it differs.
 */
void parse_proxmox(struct snapshot *s, const char *file, char *text)
{
	char *line, *value, name[64];
	bool options = false;
	int64_t number, nr = 0;

	add_proxmox(s, file, UNKNOWN, "max", PVE_LEAST, true);
	while ((line = text_line(&text))) {
		nr++;
		line = text_trim(line);
		if (is_section(line, "OPTIONS", &options) || !options)
			continue;
		value = strchr(line, ':');
		if (!value)
			continue;
		*value++ = '\0';
		if (!written_key(text_trim(line), name, sizeof(name)) ||
		    !text_count(text_trim(value), &number))
			continue;
		if (!strcmp(name, "max")) {
			if (number <= PVE_LEAST || number > INT64_MAX - PVE_STEP)
				continue;
			number = (number + PVE_STEP - 1) / PVE_STEP * PVE_STEP;
		} else if (!strstr(name, "timeout")) {
			continue;	/* a switch of the firewall's own */
		}
		add_proxmox(s, file, nr, name, number, false);
	}
}

/* Whether its firewall is on for the whole cluster; by default it isn't. */
static bool proxmox_is_on(char *text)
{
	char *line, *value;
	bool options = false;

	while ((line = text_line(&text))) {
		line = text_trim(line);
		if (is_section(line, "OPTIONS", &options) || !options)
			continue;
		value = strchr(line, ':');
		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(text_trim(line), "enable"))
			return strcmp(text_trim(value), "0");
	}
	return false;
}

static int read_proxmox(struct reader *r)
{
	char path[160], file[168], *text;
	bool on;

	if (reader_slurp(r, PVE_CLUSTER, READ_MAX_BOOT_FILE, &text, NULL))
		return -1;
	on = text && proxmox_is_on(text);
	free(text);
	if (!on || !*r->s->hostname || strchr(r->s->hostname, '/'))
		return 0;
	snprintf(path, sizeof(path), "etc/pve/nodes/%.*s/host.fw",
		 (int)strcspn(r->s->hostname, "."), r->s->hostname);
	if (reader_slurp(r, path, READ_MAX_BOOT_FILE, &text, NULL))
		return -1;
	snprintf(file, sizeof(file), "/%s", path);
	/* Without that file the defaults are set. */
	parse_proxmox(r->s, file, text);
	free(text);
	return 0;
}

/* tuned.conf, for what it includes alone where @s is NULL: [main] include=A,B and [sysctl] key=value */
void parse_tuned(struct snapshot *s, const char *file, char *text, char *includes,
		 size_t size)
{
	bool sysctls = false, head = false;
	char *line, *value;
	int64_t nr = 0;

	*includes = '\0';
	while ((line = text_line(&text))) {
		nr++;
		line = text_trim(line);
		if (*line == '[') {
			is_section(line, "sysctl", &sysctls);
			is_section(line, "main", &head);
			continue;
		}
		value = strchr(line, '=');
		if (!value || *line == '#' || *line == ';')
			continue;
		*value++ = '\0';
		if (sysctls && s)
			add_pair(s, WRITER_TUNED, file, nr, line, value);
		else if (head && !strcmp(text_trim(line), "include"))
			snprintf(includes, size, "%s", text_trim(value));
	}
}

static int read_profiles(struct reader *r, char *names, int depth);

/* What a profile includes comes before what it says itself. */
static int read_profile(struct reader *r, const char *name, int depth)
{
	static const char *const dirs[] = {
		"etc/tuned", "etc/tuned/profiles", "usr/lib/tuned", "usr/lib/tuned/profiles",
	};
	char path[160], file[168], includes[256], *text = NULL, *copy;
	size_t i;
	int error;

	if (!*name || strlen(name) > 64 || strchr(name, '/') || *name == '.' ||
	    !text_plain(name))
		return 0;
	for (i = 0; i < ARRAY_SIZE(dirs) && !text; i++) {
		snprintf(path, sizeof(path), "%s/%s/tuned.conf", dirs[i], name);
		if (reader_slurp(r, path, READ_MAX_BOOT_FILE, &text, NULL))
			return -1;
	}
	if (!text)
		return 0;
	snprintf(file, sizeof(file), "/%s", path);
	copy = strdup(text);
	if (!copy)
		no_memory();
	parse_tuned(NULL, file, copy, includes, sizeof(includes));
	free(copy);
	error = read_profiles(r, includes, depth + 1);
	if (!error)
		parse_tuned(r->s, file, text, includes, sizeof(includes));
	free(text);
	return error;
}

static int read_profiles(struct reader *r, char *names, int depth)
{
	char *name;

	if (depth == TUNED_DEPTH)
		return 0;
	while ((name = strsep(&names, ", \t")))
		if (read_profile(r, name, depth))
			return -1;
	return 0;
}

static int read_tuned(struct reader *r)
{
	char *text, *line;
	int error = 0;

	if (reader_line(r, "etc/tuned/active_profile", &text, &line))
		return -1;
	if (line)
		error = read_profiles(r, line, 0);
	free(text);
	return error;
}

/* As sysctl.conf, which ufw calls its IPT_SYSCTL */
void parse_ufw(struct snapshot *s, const char *file, char *text)
{
	char *line, *value;
	int64_t nr = 0;

	while ((line = text_line(&text))) {
		nr++;
		line = text_trim(line);
		value = strchr(line, '=');
		if (!value || *line == '#' || *line == ';')
			continue;
		*value++ = '\0';
		add_pair(s, WRITER_UFW, file, nr, line, value);
	}
}

int read_ufw_enabled(struct reader *r, bool *on)
{
	char *text, *next, *line;

	*on = false;
	if (reader_slurp(r, "etc/ufw/ufw.conf", READ_MAX_BOOT_FILE, &text, NULL))
		return -1;
	next = text;
	while ((line = text_line(&next)))
		if (!strcasecmp(text_trim(line), "ENABLED=yes"))
			*on = true;
	free(text);
	return 0;
}

static int read_ufw(struct reader *r)
{
	char *text;
	bool on;

	if (read_ufw_enabled(r, &on))
		return -1;
	if (!on)
		return 0;
	if (reader_slurp(r, "etc/ufw/sysctl.conf", READ_MAX_BOOT_FILE, &text, NULL))
		return -1;
	if (text)
		parse_ufw(r->s, "/etc/ufw/sysctl.conf", text);
	free(text);
	return 0;
}

/*
 * A line of a shell script:
 *
 *	sysctl -w net.netfilter.nf_conntrack_max=262144
 *	echo 262144 > /proc/sys/net/netfilter/nf_conntrack_max
 */
static void parse_command(struct snapshot *s, const char *file, int64_t nr, char *line)
{
	char *name = strstr(line, PREFIX), *value, *end;
	char number[24], key[96];
	size_t len;

	if (!name || *line == '#')
		return;
	len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (len >= sizeof(key))
		return;
	memcpy(key, name, len);
	key[len] = '\0';
	end = name + len + strspn(name + len, " \t\"'");
	if (*end == '=') {
		value = end + 1 + strspn(end + 1, " \t\"'");
	} else {
		*name = '\0';
		value = strstr(line, "echo ");
		if (!value || !strchr(value, '>'))
			return;
		value += strlen("echo ");
		value += strspn(value, " \t\"'");
	}
	snprintf(number, sizeof(number), "%.*s", (int)strspn(value, "0123456789"), value);
	add_pair(s, WRITER_DISPATCHER, file, nr, key, number);
}

void parse_dispatcher(struct snapshot *s, const char *file, char *text)
{
	int64_t nr = 0;
	char *line;

	while ((line = text_line(&text)))
		parse_command(s, file, ++nr, text_trim(line));
}

/*
 * A copy has the lines that matter, each at its place: such scripts may hold
 * passwords.
 */
static void keep_commands(struct reader *r, const char *path, char *text)
{
	char *line, *keep;
	size_t len;
	FILE *lines = open_memstream(&keep, &len);

	if (!lines)
		no_memory();
	while ((line = text_line(&text)))
		fprintf(lines, "%s\n", strstr(line, PREFIX) ? line : "");
	fclose(lines);
	files_keep(&r->files, path, keep, len);
	free(keep);
}

static int read_dispatcher(struct reader *r)
{
	char path[300], file[308], *text, *copy, **names;
	size_t i, nr;

	if (files_list(&r->files, DISPATCHER, "", "", READ_MAX_BOOT_FILES, &names, &nr))
		return 0;
	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), DISPATCHER "/%s", names[i]);
		/* Scripts only: whatever else lies there is passed by. */
		if (files_read_part(&r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
			continue;
		if (strstr(text, PREFIX)) {
			copy = strdup(text);
			if (!copy)
				no_memory();
			keep_commands(r, path, copy);
			free(copy);
			snprintf(file, sizeof(file), "/%s", path);
			parse_dispatcher(r->s, file, text);
		}
		free(text);
	}
	files_list_free(names, nr);
	return 0;
}

int read_writers(struct reader *r)
{
	static int (*const programs[])(struct reader *r) = {
		read_kube_proxy, read_proxmox, read_tuned, read_ufw, read_dispatcher,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(programs); i++)
		if (programs[i](r))
			reader_drop(r, NULL);
	return 0;
}
