// SPDX-License-Identifier: GPL-2.0
/*
 * What a capture has of read_who(): who was found, and nothing of the files that tell
 * it. These hold environments with passwords, and people whom no row names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/quoted.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/parts.h"

#define KEPT	"conntriage/names/"

#define COLUMN(row, member, type, size) { #member, type, false, offsetof(struct row, member), size }
#define NUMBER(row, member)	COLUMN(row, member, FIELD_COUNT, 0)
#define NAME(row, member)	COLUMN(row, member, FIELD_QUOTED, sizeof(((struct row *)0)->member))

static const char *const runtime_words[RUNTIMES] = {
	[RUNTIME_UNKNOWN] = "unknown", [RUNTIME_DOCKER] = "docker", [RUNTIME_PODMAN] = "podman",
	[RUNTIME_CONTAINERD] = "containerd", [RUNTIME_CRIO] = "cri-o", [RUNTIME_LXC] = "lxc",
	[RUNTIME_MACHINE] = "machine",
};

/* As struct container, with a word for the runtime */
struct container_line {
	char runtime_word[16];
	struct container c;
};

static const struct field container_fields[] = {
	{ "runtime", FIELD_WORD, false, offsetof(struct container_line, runtime_word), 16 },
#define IN_LINE(member, type, size) \
	{ #member, type, false, offsetof(struct container_line, c.member), size }
	IN_LINE(id, FIELD_QUOTED, CONTAINER_ID),
	IN_LINE(user, FIELD_COUNT, 0),
	IN_LINE(name, FIELD_QUOTED, sizeof(((struct container *)0)->name)),
	IN_LINE(image, FIELD_QUOTED, sizeof(((struct container *)0)->image)),
	IN_LINE(pod, FIELD_QUOTED, sizeof(((struct container *)0)->pod)),
	IN_LINE(pod_namespace, FIELD_QUOTED, sizeof(((struct container *)0)->pod_namespace)),
};

static const struct field tenant_fields[] = {
	NUMBER(tenant, netns), NUMBER(tenant, pid), NAME(tenant, command), NAME(tenant, unit),
	NAME(tenant, container), NUMBER(tenant, more),
};

static const struct field owned_fields[] = {
	NAME(owned_address, address), NUMBER(owned_address, netns), NUMBER(owned_address, outside),
};

static const struct field neighbour_fields[] = {
	NUMBER(neighbour, netns), NAME(neighbour, address), NAME(neighbour, interface),
	NAME(neighbour, mac),
};

static const struct field lease_fields[] = {
	NAME(lease, address), NAME(lease, mac), NAME(lease, name),
};

/* The tables but that of containers: rows are as in the snapshot. */
static const struct table {
	const char *name;
	const struct field *fields;
	size_t nr_fields, size, max_rows;
	size_t items, nr;		/* in struct snapshot */
} tables[] = {
#define TABLE(name, fields, items, nr, max) \
	{ name, fields, ARRAY_SIZE(fields), sizeof(*((struct snapshot *)0)->items), max, \
	  offsetof(struct snapshot, items), offsetof(struct snapshot, nr) }
	TABLE("tenants", tenant_fields, tenant, nr_tenants, READ_MAX_TENANTS),
	TABLE("owned", owned_fields, owned, nr_owned, READ_MAX_OWNED),
	TABLE("neighbours", neighbour_fields, neighbour, nr_neighbours, READ_MAX_NEIGHBOURS),
	TABLE("leases", lease_fields, lease, nr_leases, READ_MAX_NAMED),
};

static FILE *begin(char **text, size_t *len, const struct field *fields, size_t nr)
{
	FILE *lines = open_memstream(text, len);
	size_t i;

	if (!lines)
		no_memory();
	for (i = 0; i < nr; i++)
		fprintf(lines, "%s%c", fields[i].name, i + 1 < nr ? ' ' : '\n');
	return lines;
}

static void print_row(FILE *lines, const struct field *fields, size_t nr, const void *row)
{
	int64_t number;
	size_t i;

	for (i = 0; i < nr; i++) {
		const char *place = (const char *)row + fields[i].offset;

		if (fields[i].type == FIELD_COUNT) {
			memcpy(&number, place, sizeof(number));
			if (number == UNKNOWN)
				fputc('-', lines);
			else
				fprintf(lines, "%lld", (long long)number);
		} else {
			quoted_print(lines, place);
		}
		fputc(i + 1 < nr ? ' ' : '\n', lines);
	}
}

static void end(struct reader *r, const char *name, FILE *lines, char **text, size_t *len)
{
	char path[64];

	fclose(lines);
	snprintf(path, sizeof(path), KEPT "%s", name);
	files_keep(&r->files, path, *text, *len);
	free(*text);
}

static void keep_containers(struct reader *r)
{
	struct container_line line;
	FILE *lines;
	size_t i, len;
	char *text;

	lines = begin(&text, &len, container_fields, ARRAY_SIZE(container_fields));
	for (i = 0; i < r->s->nr_containers; i++) {
		line.c = r->s->container[i];
		snprintf(line.runtime_word, sizeof(line.runtime_word), "%s",
			 runtime_words[line.c.runtime]);
		print_row(lines, container_fields, ARRAY_SIZE(container_fields), &line);
	}
	end(r, "containers", lines, &text, &len);
}

void names_keep(struct reader *r)
{
	const struct snapshot *s = r->s;
	const struct table *t;
	const char *items;
	size_t nr, i, len;
	FILE *lines;
	char *text;

	if (!files_keeping(&r->files))
		return;
	keep_containers(r);
	for (t = tables; t < tables + ARRAY_SIZE(tables); t++) {
		memcpy(&items, (const char *)s + t->items, sizeof(items));
		memcpy(&nr, (const char *)s + t->nr, sizeof(nr));
		lines = begin(&text, &len, t->fields, t->nr_fields);
		for (i = 0; i < nr; i++)
			print_row(lines, t->fields, t->nr_fields, items + i * t->size);
		end(r, t->name, lines, &text, &len);
	}
}

static int parse_containers(struct snapshot *s, const char *file, char *text, size_t len,
			    struct fault *fault)
{
	struct container_line line;
	struct columns t;
	int status, word;

	memset(&line, 0, sizeof(line));
	if (columns_begin(&t, file, text, len, container_fields, ARRAY_SIZE(container_fields),
			  READ_MAX_CONTAINERS, fault))
		return -1;
	while ((status = columns_row(&t, &line)) > 0) {
		for (word = 0; word < RUNTIMES; word++)
			if (!strcmp(line.runtime_word, runtime_words[word]))
				break;
		/* A newer reader may know more of them. */
		line.c.runtime = word < RUNTIMES ? (enum runtime)word : RUNTIME_UNKNOWN;
		memcpy(grow(&s->container, &s->nr_containers, sizeof(line.c)), &line.c,
		       sizeof(line.c));
	}
	return status;
}

static int parse_rows(struct snapshot *s, const struct table *table, const char *file, char *text,
		      size_t len, struct fault *fault)
{
	char row[512] __attribute__((aligned(__alignof__(int64_t)))) = "";
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, table->fields, table->nr_fields, table->max_rows,
			  fault))
		return -1;
	while ((status = columns_row(&t, row)) > 0)
		memcpy(grow((char *)s + table->items, (size_t *)((char *)s + table->nr),
			    table->size), row, table->size);
	return status;
}

int parse_names(struct snapshot *s, const char *name, const char *file, char *text, size_t len,
		struct fault *fault)
{
	const struct table *t;

	for (t = tables; t < tables + ARRAY_SIZE(tables); t++)
		if (!strcmp(name, t->name))
			return parse_rows(s, t, file, text, len, fault);
	return parse_containers(s, file, text, len, fault);
}

static bool read_kept(struct reader *r, const char *name)
{
	const struct snapshot before = *r->s;
	char path[64], *text;
	size_t len;

	snprintf(path, sizeof(path), KEPT "%s", name);
	if (reader_slurp(r, path, READ_MAX_MODULE_FILE, &text, &len))
		return true;
	if (!text)
		return false;
	if (parse_names(r->s, name, reader_name(r, path), text, len, &r->fault))
		reader_drop(r, &before);
	free(text);
	return true;
}

bool names_kept(struct reader *r)
{
	bool found = read_kept(r, "containers");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		found = read_kept(r, tables[i].name) || found;
	return found;
}
