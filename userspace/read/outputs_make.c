// SPDX-License-Identifier: GPL-2.0
/* From what a command has printed to the file that it has read. */
#include <arpa/inet.h>
#include <ctype.h>
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/outputs.h"
#include "read/store.h"

void put_new(struct store *to, const char *path, const char *text, size_t len)
{
	if (!store_has(to, path))
		store_put(to, STORED_FILE, path, text, len);
}

static void put_lines(struct store *to, const char *path, const struct lines *l)
{
	size_t len = 0, size = 1, i;
	char *text;

	for (i = 0; i < l->nr; i++)
		size += strlen(l->line[i]) + 1;
	text = malloc(size);
	if (!text)
		no_memory();
	for (i = 0; i < l->nr; i++)
		len += sprintf(text + len, "%s\n", l->line[i]);
	if (l->nr)
		put_new(to, path, text, len);
	free(text);
}

/* "net.netfilter.nf_conntrack_max" as a path; false: it is none that the reader asks for */
static bool sysctl_path(char *path, size_t size, const char *key)
{
	char *c;

	if (!strncmp(key, "/proc/sys/", strlen("/proc/sys/")))
		key += strlen("/proc/sys/");
	if (snprintf(path, size, "proc/sys/%s", key) >= (int)size)
		return false;
	for (c = path + strlen("proc/sys/"); *c; c++)
		if (*c == '.')
			*c = '/';
	return !strncmp(path, "proc/sys/net/netfilter/nf_conntrack_", 36) ||
	       !strcmp(path, "proc/sys/kernel/osrelease") ||
	       !strcmp(path, "proc/sys/kernel/hostname");
}

void make_sysctls(struct store *to, char *text, size_t len)
{
	char path[160], *line, *value;

	(void)len;
	while ((line = text_line(&text))) {
		line = text_trim(line);
		value = line + strcspn(line, "=:");
		if (!*value)
			continue;
		*value++ = '\0';
		value = text_trim(value);
		if (*value && sysctl_path(path, sizeof(path), text_trim(line)))
			put_new(to, path, value, strlen(value));
	}
}

/* The kernel's columns, by conntrack's names for them */
static const struct {
	const char *name, *column;
} counters[] = {
	{ "found", "found" }, { "invalid", "invalid" }, { "insert", "insert" },
	{ "insert_failed", "insert_failed" }, { "drop", "drop" },
	{ "early_drop", "early_drop" }, { "error", "icmp_error" },
	{ "icmp_error", "icmp_error" }, { "search_restart", "search_restart" },
	{ "clash_resolve", "clashres" }, { "chaintoolong", "chainlength" },
	{ "expect_new", "expect_new" }, { "expect_create", "expect_create" },
	{ "expect_delete", "expect_delete" },
};

struct counted {
	int64_t sum[ARRAY_SIZE(counters)];
	bool known[ARRAY_SIZE(counters)];
};

static void count_one(struct counted *c, const char *name, const char *number)
{
	int64_t value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (strcmp(name, counters[i].name) || !text_count(number, &value))
			continue;
		c->sum[i] = plus(c->sum[i], value);
		c->known[i] = true;
	}
}

/* All CPUs in one row, in the kernel's own hexadecimal */
static void put_counted(struct store *to, const struct counted *c)
{
	char names[512] = "", row[512] = "";
	size_t i, n = 0, r = 0;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (!c->known[i])
			continue;
		n += snprintf(names + n, sizeof(names) - n, "%s%s", n ? " " : "",
			      counters[i].column);
		r += snprintf(row + r, sizeof(row) - r, "%s%08" PRIx64, r ? " " : "",
			      (uint64_t)c->sum[i]);
	}
	n += snprintf(names + n, sizeof(names) - n, "\n%s\n", row);
	if (r)
		put_new(to, "proc/net/stat/nf_conntrack", names, n);
}

void make_stat(struct store *to, char *text, size_t len)
{
	struct counted c = { 0 };
	char *line, *word, *value;

	(void)len;
	while ((line = text_line(&text))) {
		line = text_trim(line);
		/* A row that was cut off would lack a CPU's last counters. */
		if (strncmp(line, "cpu=", 4) || (!text && !strstr(line, "search_restart=")))
			continue;
		while ((word = strsep(&line, " \t"))) {
			value = strchr(word, '=');
			if (!value)
				continue;
			*value++ = '\0';
			count_one(&c, word, value);
		}
	}
	put_counted(to, &c);
}

void make_old_stat(struct store *to, char *text, size_t len)
{
	struct counted c = { 0 };
	char *line, *name;

	(void)len;
	while ((line = text_line(&text))) {
		line = text_trim(line);
		name = strsep(&line, " \t");
		if (line)
			count_one(&c, name, text_trim(line));
	}
	put_counted(to, &c);
}

void make_count(struct store *to, char *text, size_t len)
{
	(void)len;
	text += strspn(text, " \t\r\n");
	text[strspn(text, "0123456789")] = '\0';
	put_new(to, "proc/sys/net/netfilter/nf_conntrack_count", text, strlen(text));
}

/* "nf_nat  57344  2 nft_chain_nat,xt_nat" to what /proc/modules has for it */
void make_modules(struct store *to, char *text, size_t len)
{
	struct lines l = { NULL, 0 };
	char name[64], size[24], refs[24], by[3000], *line;

	(void)len;
	while ((line = text_line(&text))) {
		by[0] = '\0';
		if (sscanf(line, "%63s %23s %23s %2999s", name, size, refs, by) < 3 ||
		    !isdigit((unsigned char)*size))
			continue;
		lines_add(&l, "%s %s %s %s%s Live 0x0000000000000000", name, size, refs,
			  *by ? by : "-", *by ? "," : "");
	}
	put_lines(to, "proc/modules", &l);
	lines_free(&l);
}

void make_uname(struct store *to, char *text, size_t len)
{
	char host[72], release[128];

	(void)len;
	if (sscanf(text, " Linux %71s %127s", host, release) != 2)
		return;
	put_new(to, "proc/sys/kernel/hostname", host, strlen(host));
	put_new(to, "proc/sys/kernel/osrelease", release, strlen(release));
}

void make_hostname(struct store *to, char *text, size_t len)
{
	(void)len;
	text += strspn(text, " \t\r\n");
	text[strcspn(text, " \t\r\n")] = '\0';
	put_new(to, "proc/sys/kernel/hostname", text, strlen(text));
}

void make_hostnamectl(struct store *to, char *text, size_t len)
{
	char *name = strstr(text, "Static hostname:");

	make_hostname(to, name + strlen("Static hostname:"), len);
}

/* "3:58," "12 days, 3:04," "1 day, 5 min,", or seconds */
static int64_t uptime_seconds(const char *text)
{
	const char *up = strstr(text, " up ");
	int64_t days = 0;
	int hours = 0, minutes = 0, n = 0;

	if (!up)
		return isdigit((unsigned char)*text) ? strtoll(text, NULL, 10) : UNKNOWN;
	up += strlen(" up ");
	if (sscanf(up, "%5" SCNd64 " day%*[s, ]%n", &days, &n) == 1 && n)
		up += n;
	else
		days = 0;
	if (sscanf(up, "%2d:%2d", &hours, &minutes) != 2) {
		hours = 0;
		if (sscanf(up, "%2d min", &minutes) != 1)
			minutes = 0;
	}
	return 86400 * days + 3600 * hours + 60 * minutes;
}

void make_uptime(struct store *to, char *text, size_t len)
{
	int64_t seconds = uptime_seconds(text);
	char made[48];

	(void)len;
	if (seconds == UNKNOWN || seconds < 0)
		return;
	snprintf(made, sizeof(made), "%" PRId64 ".00 0.00\n", seconds);
	put_new(to, "proc/uptime", made, strlen(made));
}

static void add_address(struct lines *four, struct lines *six, char *word)
{
	uint8_t b[16];
	char *c;

	/* a prefix's length, or a peer's address */
	word[strcspn(word, "/")] = '\0';
	if (inet_pton(AF_INET, word, b) == 1) {
		lines_add(four, "           |-- %s", word);
		lines_add(four, "              /32 host LOCAL");
	} else if (inet_pton(AF_INET6, word, b) == 1) {
		char hex[33];
		int i;

		for (i = 0, c = hex; i < 16; i++)
			c += sprintf(c, "%02x", b[i]);
		lines_add(six, "%s 01 80 00 80 if", hex);
	}
}

/* "inet 192.0.2.1/24 ...", at whatever place of a line: /proc/net/fib_trie, if_inet6 */
void make_addresses(struct store *to, char *text, size_t len)
{
	struct lines four = { NULL, 0 }, six = { NULL, 0 };
	char *line, *word;

	(void)len;
	lines_add(&four, "Local:");
	while ((line = text_line(&text))) {
		while ((word = strsep(&line, " \t")))
			if (!strcmp(word, "inet") || !strcmp(word, "inet6"))
				break;
		if (line)
			add_address(&four, &six, strsep(&line, " \t"));
	}
	put_lines(to, "proc/net/fib_trie", &four);
	put_lines(to, "proc/net/if_inet6", &six);
	lines_free(&four);
	lines_free(&six);
}

/*
 * "default via 192.0.2.254 dev eth0": /proc/net/route, of gateways alone, as
 * routes_little() takes it for a captured one
 */
void make_routes(struct store *to, char *text, size_t len)
{
	struct lines l = { NULL, 0 };
	char gateway[64], *line, *via;
	struct in_addr a;

	(void)len;
	lines_add(&l, "Iface\tDestination\tGateway \tFlags");
	while ((line = text_line(&text))) {
		via = strstr(line, " via ");
		if (via && sscanf(via, " via %63s", gateway) == 1 &&
		    inet_pton(AF_INET, gateway, &a) == 1)
			lines_add(&l, "if\t00000000\t%08X\t0003", le32toh(a.s_addr));
	}
	put_lines(to, "proc/net/route", &l);
	lines_free(&l);
}

/* Those of IPv4 and IPv6 may be two files. */
void make_iptables(struct store *to, char *text, size_t len)
{
	const struct stored *before = store_find(to, IPTABLES_PATH);
	char *both;

	if (!before) {
		store_put(to, STORED_FILE, IPTABLES_PATH, text, len);
		return;
	}
	if (asprintf(&both, "%s\n%s", before->text, text) < 0)
		no_memory();
	store_put(to, STORED_FILE, IPTABLES_PATH, both, strlen(both));
	free(both);
}
