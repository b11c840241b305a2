// SPDX-License-Identifier: GPL-2.0
/*
 * Files without names: which kind of text a path has, and what is done to that kind. The
 * kinds are few, because a capture is; what isn't in the table is taken for a file that
 * somebody wrote by hand, of which only lines that a diagnosis reads are kept.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/anonymous.h"
#include "read/anonymous_entries.h"
#include "read/anonymous_names.h"
#include "read/anonymous_words.h"

enum kind {
	KIND_PLAIN,		/* numbers, and names of software */
	KIND_ADDRESSES,		/* besides these */
	KIND_RULES,		/* besides these, comments */
	KIND_HEX,		/* if_inet6 */
	KIND_HOST,		/* the host's name and nothing else */
	KIND_META, KIND_CGROUP, KIND_CMDLINE,
	KIND_NAMES,		/* who was found */
	KIND_ENTRIES,		/* messages of ctnetlink */
	KIND_MODULES,		/* a name a line, and comments */
	KIND_SETTINGS,		/* written by hand */
};

/* By how a path begins; the first that fits */
static const struct {
	const char *path;
	enum kind kind;
} kinds[] = {
	{ "conntriage/meta", KIND_META },
	{ "conntriage/cgroup", KIND_CGROUP },
	{ "conntriage/nft-", KIND_RULES },
	{ "conntriage/iptables-save", KIND_RULES },
	{ "conntriage/names/", KIND_NAMES },
	{ "conntriage/tools", KIND_PLAIN },
	{ "conntriage/ethtool/", KIND_PLAIN },
	{ "conntriage/kernel-log", KIND_PLAIN },	/* in our words: no host's name is left */
	{ "conntriage/", KIND_ADDRESSES },
	{ "proc/sys/kernel/hostname", KIND_HOST },
	{ "proc/cmdline", KIND_CMDLINE },
	{ "proc/net/if_inet6", KIND_HEX },
	{ "proc/net/netlink", KIND_PLAIN },
	{ "proc/net/netfilter/", KIND_PLAIN },
	{ "proc/net/stat/", KIND_PLAIN },
	{ "proc/net/", KIND_ADDRESSES },
	{ "proc/", KIND_PLAIN },
	{ "sys/kernel/debug/conntriage/status", KIND_PLAIN },
	{ "sys/kernel/debug/conntriage/", KIND_ADDRESSES },
	{ "sys/", KIND_PLAIN },
	{ "lib/modules/", KIND_PLAIN },
	{ "etc/modules", KIND_MODULES },
	{ "usr/lib/modules-load.d/", KIND_MODULES },
	{ "usr/local/lib/modules-load.d/", KIND_MODULES },
	{ "lib/modules-load.d/", KIND_MODULES },
	{ "run/modules-load.d/", KIND_MODULES },
	{ "etc/tuned/active_profile", KIND_PLAIN },
	{ "run/systemd/container", KIND_PLAIN },
	{ "etc/os-release", KIND_PLAIN },
	{ "usr/lib/os-release", KIND_PLAIN },
	{ "usr/src/conntriage-", KIND_PLAIN },
	{ "var/lib/dkms/conntriage/", KIND_PLAIN },	/* of a log, the first line */
};

/* conntriage/ctnetlink/INODE/entries */
static bool has_messages(const char *path)
{
	static const char dir[] = "conntriage/ctnetlink/";
	const char *name = strrchr(path, '/');

	return !strncmp(path, dir, strlen(dir)) && name && !strcmp(name, "/entries");
}

static enum kind kind_of(const char *path)
{
	size_t i;

	if (has_messages(path))
		return KIND_ENTRIES;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(path, kinds[i].path, strlen(kinds[i].path)))
			return kinds[i].kind;
	return KIND_SETTINGS;
}

static bool has(const char *line, size_t len, const char *word)
{
	return memmem(line, len, word, strlen(word));
}

/* "[OPTIONS]" and the like, whose names are of the program, not of who wrote the file */
static void section(const char *line, size_t len, FILE *out)
{
	static const char *const names[] = { "[OPTIONS]", "[main]", "[sysctl]" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (len >= strlen(names[i]) && !strncasecmp(line, names[i], strlen(names[i]))) {
			fputs(names[i], out);
			return;
		}
	fputs("[other]", out);
}

/* A key of YAML without a value: what is indented below it may matter. */
static bool is_yaml_head(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i++)
		if (!isalpha((unsigned char)line[i]))
			return false;
	return len > 1 && line[len - 1] == ':';
}

/* Lines that parts of read/ look for */
static bool matters(const char *line, size_t len)
{
	static const char *const begins[] = {
		"maxPerCore:", "min:", "tcpEstablishedTimeout:", "tcpCloseWaitTimeout:",
		"udpTimeout:", "udpStreamTimeout:", "enable:", "ENABLED=", "include",
	};
	size_t i;

	if (!len || *line == '#' || *line == ';')
		return false;
	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (len >= strlen(begins[i]) && !strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return has(line, len, "conntrack") || has(line, len, "conntriage") || is_yaml_head(line, len) ||
	       (has(line, len, "*") && has(line, len, "="));
}

/* What matters, with its indentation, as far as a comment behind it */
static void settings_line(const struct pseudonyms *p, const char *line, size_t len, FILE *out)
{
	size_t indent = strspn(line, " \t");
	const char *comment;

	if (indent > len)
		indent = len;
	line += indent;
	len -= indent;
	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	if (len && *line == '[') {
		section(line, len, out);
		return;
	}
	if (!matters(line, len))
		return;
	comment = memmem(line, len, " #", 2);
	if (comment)
		len = comment - line;
	fprintf(out, "%*s", (int)indent, "");
	anonymous_words(p, line, len, WORDS_ADDRESSES, out);
}

static void modules_line(const char *line, size_t len, FILE *out)
{
	const char *end = memchr(line, '#', len);

	fprintf(out, "%.*s", end ? (int)(end - line) : (int)len, line);
}

/* "hostname NAME", among what may stay */
static void meta_line(const char *line, size_t len, FILE *out)
{
	if (len > strlen("hostname ") && !strncmp(line, "hostname ", strlen("hostname ")) &&
	    line[strlen("hostname ")] != '-')
		fputs("hostname " PSEUDONYM_HOST, out);
	else
		fprintf(out, "%.*s", (int)len, line);
}

static void hex_line(const struct pseudonyms *p, const char *line, size_t len, FILE *out)
{
	char digits[33];

	if (len >= 32) {
		snprintf(digits, sizeof(digits), "%.32s", line);
		pseudonym_if_inet6(p, digits);
		fputs(digits, out);
		line += 32;
		len -= 32;
	}
	fprintf(out, "%.*s", (int)len, line);
}

/* Words of the boot that a diagnosis knows; the others may name disks and servers. */
static void cmdline(const char *line, size_t len, FILE *out)
{
	static const char *const known[] = { "debugfs", "nf_conntrack.", "module_blacklist=" };
	const char *end = line + len, *word = line, *before = "";
	size_t i, size;

	for (; word < end; word += size + 1) {
		size = strcspn(word, " \n");
		for (i = 0; i < ARRAY_SIZE(known); i++)
			if (!strncmp(word, known[i], strlen(known[i]))) {
				fprintf(out, "%s%.*s", before, (int)size, word);
				before = " ";
			}
	}
}

static void one_line(const struct pseudonyms *p, enum kind kind, const char *line, size_t len,
		     FILE *out)
{
	switch (kind) {
	case KIND_META:
		meta_line(line, len, out);
		break;
	case KIND_HOST:
		fputs(len ? PSEUDONYM_HOST : "", out);
		break;
	case KIND_HEX:
		hex_line(p, line, len, out);
		break;
	case KIND_CMDLINE:
		cmdline(line, len, out);
		break;
	case KIND_MODULES:
		modules_line(line, len, out);
		break;
	case KIND_SETTINGS:
		settings_line(p, line, len, out);
		break;
	case KIND_CGROUP:
		anonymous_words(p, line, len, WORDS_CGROUPS, out);
		break;
	case KIND_RULES:
		anonymous_words(p, line, len, WORDS_ADDRESSES | WORDS_COMMENTS, out);
		break;
	case KIND_ADDRESSES:
	case KIND_ENTRIES:
	case KIND_NAMES:
	case KIND_PLAIN:
		anonymous_words(p, line, len, WORDS_ADDRESSES, out);
		break;
	}
}

char *anonymous_text(const struct pseudonyms *p, const char *path, const char *text, size_t len,
		     size_t *size)
{
	const char *line = text, *end = text + len, *next;
	enum kind kind = kind_of(path);
	char *all;
	FILE *out = open_memstream(&all, size);

	if (!out)
		no_memory();
	if (kind == KIND_PLAIN)
		fwrite(text, 1, len, out);
	else if (kind == KIND_NAMES)
		anonymous_names(p, text, len, out);
	else if (kind == KIND_ENTRIES)
		anonymous_entries(p, text, len, out);
	else
		for (; line < end; line = next + 1) {
			next = memchr(line, '\n', end - line);
			if (!next) {
				one_line(p, kind, line, end - line, out);
				break;
			}
			one_line(p, kind, line, next - line, out);
			fputc('\n', out);
		}
	if (fclose(out))
		no_memory();
	return all;
}

/* A directory whose entries are names, and what these are called instead */
static const struct {
	const char *path, *kind;
} named[] = {
	{ "run/netns/", "netns" },
	{ "etc/pve/nodes/", "host" },
};

void anonymous_path(const struct pseudonyms *p, const char *path, char *out, size_t size)
{
	char name[64], *words;
	size_t i, head, len;
	FILE *text;

	for (i = 0; i < ARRAY_SIZE(named); i++) {
		head = strlen(named[i].path);
		if (strncmp(path, named[i].path, head))
			continue;
		len = strcspn(path + head, "/");
		if (!strcmp(named[i].kind, "host"))	/* no other host's is read */
			snprintf(name, sizeof(name), PSEUDONYM_HOST);
		else
			pseudonym_name(p, named[i].kind, path + head, len, name, sizeof(name));
		snprintf(out, size, "%s%s%s", named[i].path, name, path + head + len);
		return;
	}
	/* A release may look like an address. */
	if (!strncmp(path, "lib/", 4) || !strncmp(path, "proc/", 5)) {
		snprintf(out, size, "%s", path);
		return;
	}
	text = open_memstream(&words, &len);
	if (!text)
		no_memory();
	anonymous_words(p, path, strlen(path), WORDS_ADDRESSES | WORDS_HEX, text);
	if (fclose(text))
		no_memory();
	snprintf(out, size, "%s", words);
	free(words);
}
