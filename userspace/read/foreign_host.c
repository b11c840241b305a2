// SPDX-License-Identifier: GPL-2.0
/* A host's files, out of what others have kept of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entries/listing.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/foreign_host.h"
#include "read/outputs.h"
#include "read/rules_text.h"
#include "read/store.h"

#define HOPS		8	/* of links to each other */
#define HOSTNAME	"proc/sys/kernel/hostname"
#define NO_RULES	"the archive has no packet filter rules that can be read here"

/* In conntriage/meta, as struct captured has it */
static const char *const sources[] = {
	[FOREIGN_SOS] = "sos_report", [FOREIGN_NODE] = "must-gather",
	[FOREIGN_OPENWRT] = "OpenWrt_backup", [FOREIGN_OUTPUTS] = "collection",
};

struct host {
	const struct store *from;
	enum foreign_kind kind;
	const char *base;
	size_t base_len;
	const char *second;	/* listing of entries, which isn't read */
	char self[64];		/* "proc/PID/net/", where /proc/self led when it was copied */
	struct store *to;
};

static const char *below(const struct host *h, const struct stored *item)
{
	return strncmp(item->path, h->base, h->base_len) ? NULL : item->path + h->base_len;
}

/* @target of a link at @path, as a path of the same root; false: it leads out of it */
static bool resolve(char *to, size_t size, const char *path, const char *target)
{
	const char *slash = strrchr(path, '/');
	size_t len = *target == '/' || !slash ? 0 : slash - path, part;

	if (len >= size)
		return false;
	memcpy(to, path, len);
	for (; *target; target += part) {
		target += strspn(target, "/");
		part = strcspn(target, "/");
		if (part == 2 && !strncmp(target, "..", 2)) {
			if (!len)
				return false;
			while (len && to[--len] != '/')
				;
			continue;
		}
		if (!part || (part == 1 && *target == '.'))
			continue;
		if (len + part + 2 > size)
			return false;
		if (len)
			to[len++] = '/';
		memcpy(to + len, target, part);
		len += part;
	}
	to[len] = '\0';
	return len;
}

/* The file that a link leads to, in the end, or NULL */
static const struct stored *follow(const struct host *h, const struct stored *item)
{
	char path[512], whole[800];
	int hops;

	for (hops = 0; item && item->kind == STORED_LINK && hops < HOPS; hops++) {
		if (!below(h, item) ||
		    !resolve(path, sizeof(path), below(h, item), item->text))
			return NULL;
		snprintf(whole, sizeof(whole), "%s%s", h->base, path);
		item = store_find(h->from, whole);
	}
	return item && item->kind == STORED_FILE ? item : NULL;
}

/* sos follows /proc/net and /proc/self, and keeps what they led to: proc/PID/net. */
static void find_self(struct host *h)
{
	const struct stored *link;
	char path[300];

	snprintf(path, sizeof(path), "%sproc/self", h->base);
	link = store_find(h->from, path);
	if (link && link->kind == STORED_LINK && link->len < 20 &&
	    strspn(link->text, "0123456789") == link->len)
		snprintf(h->self, sizeof(h->self), "proc/%s/net/", link->text);
}

/* Files that the reader knows by their places */
static bool has_place(const char *path)
{
	static const char *const places[] = {
		"proc", "etc", "run", "sys", "usr", "lib", "var", "conntriage",
	};
	size_t i, len = strcspn(path, "/");

	for (i = 0; path[len] && i < ARRAY_SIZE(places); i++)
		if (strlen(places[i]) == len && !strncmp(path, places[i], len))
			return true;
	return false;
}

static void put_at(struct host *h, const char *path, const struct stored *item)
{
	char real[512];
	size_t len = strlen(h->self);

	if (len && !strncmp(path, h->self, len)) {
		snprintf(real, sizeof(real), "proc/net/%s", path + len);
		path = real;
	} else if (!strncmp(path, "proc/self/net/", strlen("proc/self/net/"))) {
		snprintf(real, sizeof(real), "proc/net/%s", path + strlen("proc/self/net/"));
		path = real;
	}
	put_new(h->to, path, item->text, item->len);
}

static void put_places(struct host *h)
{
	const struct stored *item, *file;
	const char *path;
	size_t i;

	for (i = 0; i < h->from->nr; i++) {
		item = &h->from->item[i];
		path = below(h, item);
		if (!path || !has_place(path))
			continue;
		file = follow(h, item);
		if (file)
			put_at(h, path, file);
		else if (item->kind == STORED_LINK)
			store_put(h->to, STORED_LINK, path, item->text, item->len);
	}
}

/* Commands that were run in a namespace tell of that. */
static bool is_of_namespace(const char *path)
{
	return strstr(path, "netns_exec") || strstr(path, "namespaces/");
}

static void put_outputs(struct host *h)
{
	const struct stored *item;
	const char *path;
	char *text;
	size_t i;

	for (i = 0; i < h->from->nr; i++) {
		item = &h->from->item[i];
		path = below(h, item);
		if (!path || item->kind != STORED_FILE || has_place(path) ||
		    is_of_namespace(path))
			continue;
		if (store_has(h->to, LISTING_PATH) && listing_is_one(item->text, item->len)) {
			h->second = item->path;
			continue;
		}
		text = strndup(item->text, item->len);
		if (!text)
			no_memory();
		output_put(h->to, path, text, strlen(text));
		free(text);
	}
}

/* "Sun Nov 29 17:00:47 UTC 2026": of other time zones' names nobody knows the offset. */
static bool find_date(const struct host *h, char *date, size_t size)
{
	const struct stored *item = store_find(h->to, DATE_PATH);
	struct tm tm = { .tm_year = 0 };
	const char *text;

	if (!item)
		return false;
	text = item->text + strspn(item->text, " \t\r\n");
	if (!strstr(text, " UTC") && !strstr(text, " GMT"))
		return false;
	if (!strptime(text, "%a %b %d %H:%M:%S %Z %Y", &tm) &&
	    !strptime(text, "%a %d %b %Y %I:%M:%S %p %Z", &tm))
		return false;
	return strftime(date, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* "	option hostname 'OpenWrt'" */
static bool openwrt_name(const struct host *h, char *name, size_t size)
{
	const struct stored *item = store_find(h->to, "etc/config/system");
	const char *word = item ? strstr(item->text, "option hostname") : NULL;
	size_t len;

	if (!word)
		return false;
	word += strlen("option hostname");
	word += strspn(word, " \t'\"");
	len = strcspn(word, " \t'\"\r\n");
	if (!len || len >= size)
		return false;
	memcpy(name, word, len);
	name[len] = '\0';
	return true;
}

/* ".../nodes/worker-1" */
static bool node_name(const char *path, char *name, size_t size)
{
	const char *at = strstr(path, "nodes/");
	size_t len;

	if (!at || (at != path && at[-1] != '/'))
		return false;
	at += strlen("nodes/");
	len = strcspn(at, "/");
	if (!len || len >= size)
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	return true;
}

static void find_name(const struct host *h, const char *root, char *name, size_t size)
{
	static const char *const files[] = { HOSTNAME, "etc/hostname" };
	const struct stored *item;
	size_t i;

	if (node_name(h->base, name, size) || node_name(root, name, size))
		return;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		item = store_find(h->to, files[i]);
		if (item && item->kind == STORED_FILE && item->len && item->len < size) {
			snprintf(name, size, "%s", item->text);
			name[strcspn(name, " \t\r\n")] = '\0';
			if (*name)
				return;
		}
	}
	if (!openwrt_name(h, name, size))
		name[0] = '\0';
}

static void put_meta(const struct host *h, const char *root)
{
	char name[72] = "", date[32], text[256];
	int len;

	find_name(h, root, name, sizeof(name));
	if (!find_date(h, date, sizeof(date)))
		snprintf(date, sizeof(date), "-");
	len = snprintf(text, sizeof(text), "name value\nsource %s\ndate %s\nhostname %s\n",
		       sources[h->kind], date, *name && text_plain(name) ? name : "-");
	store_put(h->to, STORED_FILE, "conntriage/meta", text, len);
}

/* As JSON, or why there are none */
static void put_rules(const struct host *h)
{
	const struct stored *nft = store_find(h->to, NFT_TEXT_PATH);
	const struct stored *iptables = store_find(h->to, IPTABLES_PATH);
	char *json;

	if (store_has(h->to, NFT_JSON_PATH))
		return;
	if (!nft && !iptables) {
		store_put(h->to, STORED_FILE, "conntriage/nft-ruleset.error", NO_RULES,
			  strlen(NO_RULES));
		return;
	}
	json = rules_as_json(nft ? nft->text : NULL, iptables ? iptables->text : NULL);
	store_put(h->to, STORED_FILE, NFT_JSON_PATH, json, strlen(json));
	free(json);
}

/* Any folder has some text that a command may have printed. */
static bool tells_of_conntrack(const struct store *to)
{
	static const char *const signs[] = {
		LISTING_PATH, LOG_PATH, "proc/net/nf_conntrack", "proc/net/stat/nf_conntrack",
		"proc/sys/net/netfilter",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (store_has(to, signs[i]))
			return true;
	return false;
}

static void put_capture(const struct host *h)
{
	const struct stored *item;
	size_t i;

	for (i = 0; i < h->from->nr; i++) {
		item = &h->from->item[i];
		if (below(h, item) && *below(h, item))
			store_put(h->to, item->kind, below(h, item), item->text, item->len);
	}
}

const char *foreign_host(const struct store *from, enum foreign_kind kind, const char *base,
			 const char *root, struct store *to)
{
	struct host h = { .from = from, .kind = kind, .base = base, .to = to };

	h.base_len = strlen(base);
	if (kind == FOREIGN_CAPTURE) {
		put_capture(&h);
		return NULL;
	}
	find_self(&h);
	put_places(&h);
	put_outputs(&h);
	if (kind == FOREIGN_OUTPUTS && !tells_of_conntrack(to)) {
		store_free(to);
		return NULL;
	}
	if (!to->nr)
		return NULL;
	if (kind == FOREIGN_OUTPUTS && node_name(root, (char[72]){ "" }, 72))
		h.kind = FOREIGN_NODE;
	put_meta(&h, root);
	put_rules(&h);
	store_remove(to, DATE_PATH);
	return h.second;
}
