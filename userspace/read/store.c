// SPDX-License-Identifier: GPL-2.0
/* Files in memory, by their paths. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "read/store.h"

bool store_path_ok(const char *path)
{
	const char *c;

	for (c = path; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	for (c = path; ; c++) {
		size_t len = strcspn(c, "/");

		if (!len || (len <= 2 && !strncmp(c, "..", len)))
			return false;
		c += len;
		if (!*c)
			return true;
	}
}

/* The first whose path isn't less than @path */
static size_t place_of(const struct store *st, const char *path)
{
	size_t low = 0, high = st->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(st->item[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct store *st, size_t i, const char *path)
{
	return i < st->nr && !strcmp(st->item[i].path, path);
}

static char *copy_text(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		no_memory();
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static void item_free(struct stored *item)
{
	free(item->path);
	free(item->text);
}

void store_put(struct store *st, enum stored_kind kind, const char *path,
	       const char *text, size_t len)
{
	size_t i = place_of(st, path);
	struct stored item;

	if (!store_path_ok(path))
		return;
	if (is_at(st, i, path)) {
		if (kind != STORED_FILE)
			return;
		free(st->item[i].text);
		st->item[i].kind = kind;
		st->item[i].text = copy_text(text, len);
		st->item[i].len = len;
		return;
	}
	item = (struct stored) { copy_text(path, strlen(path)), kind, copy_text(text, len), len };
	grow(&st->item, &st->nr, sizeof(item));
	memmove(&st->item[i + 1], &st->item[i], (st->nr - 1 - i) * sizeof(item));
	st->item[i] = item;
}

const struct stored *store_find(const struct store *st, const char *path)
{
	size_t i = place_of(st, path);

	return is_at(st, i, path) ? &st->item[i] : NULL;
}

/* "etc.d" sorts before "etc/x", so what lies in "etc" is looked for as "etc/". */
bool store_has_below(const struct store *st, const char *path)
{
	size_t len = strlen(path), i;
	char *dir = copy_text(path, len + 1);
	bool has;

	dir[len] = '/';
	i = place_of(st, dir);
	has = i < st->nr && !strncmp(st->item[i].path, dir, len + 1);
	free(dir);
	return has;
}

bool store_has(const struct store *st, const char *path)
{
	return store_find(st, path) || store_has_below(st, path);
}

void store_remove(struct store *st, const char *path)
{
	size_t i = place_of(st, path);

	if (!is_at(st, i, path))
		return;
	item_free(&st->item[i]);
	st->nr--;
	memmove(&st->item[i], &st->item[i + 1], (st->nr - i) * sizeof(*st->item));
}

void store_remove_below(struct store *st, const char *dir)
{
	size_t len = strlen(dir), i, left = 0;

	for (i = 0; i < st->nr; i++) {
		struct stored *item = &st->item[i];

		if (!strncmp(item->path, dir, len) && item->path[len] == '/')
			item_free(item);
		else
			st->item[left++] = *item;
	}
	st->nr = left;
}

void store_lay_over(struct store *st, const struct store *from)
{
	size_t i;

	for (i = 0; i < from->nr; i++)
		store_put(st, from->item[i].kind, from->item[i].path, from->item[i].text,
			  from->item[i].len);
}

int store_read(const struct store *st, const char *path, size_t limit, char **text,
	       size_t *len)
{
	const struct stored *item = store_find(st, path);

	*text = NULL;
	if (!item || item->kind == STORED_LINK)
		return store_has_below(st, path) ? -ENOTSUP : -ENOENT;
	if (item->kind == STORED_DIR)
		return -ENOTSUP;
	if (item->len > limit)
		return -EFBIG;
	*text = copy_text(item->text, item->len);
	if (len)
		*len = item->len;
	return 0;
}

bool store_link(const struct store *st, const char *path, char *target, size_t size)
{
	const struct stored *item = store_find(st, path);
	size_t len;

	if (!item || item->kind != STORED_LINK)
		return false;
	len = item->len < size ? item->len : size - 1;
	memcpy(target, item->text, len);
	target[len] = '\0';
	return len > 0;
}

int store_list(const struct store *st, const char *dir,
	       bool (*wanted)(const char *name, const char *prefix, const char *suffix),
	       const char *prefix, const char *suffix, size_t max, char ***names, size_t *nr)
{
	size_t i, len = strlen(dir), before = 0;
	const char *last = "";

	for (i = 0; i < st->nr; i++) {
		const char *path = st->item[i].path, *rest = path + len + 1;
		size_t own;
		char *name;

		if (strncmp(path, dir, len) || path[len] != '/')
			continue;
		own = strcspn(rest, "/");
		/* All that lies in one directory stands together. */
		if (own == before && !strncmp(rest, last, own))
			continue;
		last = rest;
		before = own;
		name = copy_text(rest, own);
		if (!wanted(name, prefix, suffix) || *nr == max) {
			free(name);
			if (*nr == max)
				return -E2BIG;
			continue;
		}
		*(char **)grow(names, nr, sizeof(name)) = name;
	}
	return 0;
}

void store_free(struct store *st)
{
	size_t i;

	for (i = 0; i < st->nr; i++)
		item_free(&st->item[i]);
	free(st->item);
	*st = (struct store) { NULL, 0 };
}
