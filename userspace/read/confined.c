// SPDX-License-Identifier: GPL-2.0
/* What keeps a process, root's too, from the kernel's own files and modules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "read/confined.h"
#include "read/files.h"
#include "read/reader.h"

/* include/linux/proc_ns.h: those that the kernel boots with */
#define INIT_PID_NS	"pid:[4026531836]"
#define INIT_USER_NS	"user:[4026531837]"

/* Whether this process is in another namespace than @init; @unknown: none is named */
static bool has_left(struct reader *r, const char *path, const char *init, bool unknown)
{
	char ns[64];

	return files_link(&r->files, path, ns, sizeof(ns)) ? strcmp(ns, init) : unknown;
}

bool confined_userns(struct reader *r)
{
	return has_left(r, "proc/self/ns/user", INIT_USER_NS, false);
}

/*
 * Engines leave a file, and virtual machines that are made of a container's image
 * have it as well: namespaces tell these apart.
 */
void confined_container(struct reader *r, char *kind, size_t size)
{
	bool docker = files_exists(&r->files, ".dockerenv");
	bool podman = files_exists(&r->files, "run/.containerenv");
	bool inside = has_left(r, "proc/self/ns/pid", INIT_PID_NS, docker || podman);

	*kind = '\0';
	reader_word(r, "run/systemd/container", kind, size);
	if (!*kind && (inside || confined_userns(r)))
		snprintf(kind, size, "%s", docker ? "docker" : podman ? "podman" :
			 "namespaces of its own");
}

/* "none [integrity] confidentiality" */
void confined_lockdown(struct reader *r, char *level, size_t size)
{
	char *text, *line, *word;

	*level = '\0';
	if (reader_line(r, "sys/kernel/security/lockdown", &text, &line))
		return;
	word = line ? strchr(line, '[') : NULL;
	if (word) {
		word[strcspn(word, "]")] = '\0';
		text_clean(level, size, word + 1);
	}
	free(text);
}
