// SPDX-License-Identifier: GPL-2.0
/* Which command has printed a text: by its first lines, whatever the file is called. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "entries/listing.h"
#include "lib/numbers.h"
#include "read/found.h"
#include "read/outputs.h"
#include "read/store.h"

/* The first bytes of a text, as lines */
struct head {
	const char *path;	/* of its file */
	char text[FOUND_HEAD + 1];
	size_t len;
};

/* The line that begins there, without what is before its first word */
static const char *line_at(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : NULL;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Whether one of the first lines begins so; @max of them are looked at */
static bool has_line(const struct head *h, const char *with, int max)
{
	const char *line = h->text;

	for (; line && max; line = next_line(line), max--)
		if (begins(line_at(line), with))
			return true;
	return false;
}

/* What the file itself is called */
static bool is_called(const struct head *h, const char *word)
{
	const char *slash = strrchr(h->path, '/');

	return strcasestr(slash ? slash + 1 : h->path, word);
}

static bool is_listing(const struct head *h)
{
	return listing_is_one(h->text, h->len);
}

/* "cpu=0   found=0 invalid=12 ..." */
static bool is_stat(const struct head *h)
{
	const char *line = line_at(h->text);

	return begins(line, "cpu=") && strstr(line, "insert_failed=");
}

/* "entries  12" and so on, of all CPUs: conntrack-tools before 1.0 */
static bool is_old_stat(const struct head *h)
{
	return begins(line_at(h->text), "entries ") && has_line(h, "insert_failed ", 20);
}

/* /proc/net/stat/nf_conntrack: names of columns, the first of which stayed the same */
static bool is_stat_file(const struct head *h)
{
	return begins(h->text, "entries ") && strstr(h->text, " insert_failed ") &&
	       !has_line(h, "insert_failed ", 20);
}

static bool is_key_of(const char *key)
{
	static const char *const roots[] = {
		"net.", "kernel.", "vm.", "fs.", "abi.", "dev.", "debug.", "user.", "sunrpc.",
		"crypto.", "/proc/sys/",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roots); i++)
		if (begins(key, roots[i]))
			return true;
	return false;
}

/* "net.netfilter.nf_conntrack_max = 65536", or of grep: "/proc/sys/net/...:65536" */
static bool is_sysctls(const struct head *h)
{
	const char *line = h->text;
	int all = 0, keys = 0;

	if (is_called(h, ".conf"))
		return false;
	for (; line && *line && all < 40; line = next_line(line), all++)
		keys += is_key_of(line_at(line)) && line[strcspn(line, "=:\n")] != '\n';
	return keys && keys >= all / 2;
}

/* A number alone is how many entries there are, where its file says so. */
static bool is_count(const struct head *h)
{
	const char *line = line_at(h->text);
	size_t digits = strspn(line, "0123456789");

	return digits && !*line_at(line + digits) && is_called(h, "conntrack") &&
	       (is_called(h, "count") || is_called(h, "-C"));
}

static bool is_modules(const struct head *h)
{
	return begins(h->text, "Module ") && strstr(h->text, "Used by");
}

static bool is_meminfo(const struct head *h)
{
	return begins(h->text, "MemTotal:") && has_line(h, "MemFree:", 3);
}

static bool is_slabinfo(const struct head *h)
{
	return begins(h->text, "slabinfo - version:");
}

static bool is_uname(const struct head *h)
{
	const char *line = line_at(h->text), *next = next_line(line);

	return begins(line, "Linux ") && line[6] != 'v' && (!next || !*line_at(next));
}

static bool is_hostname(const struct head *h)
{
	const char *line = line_at(h->text);
	size_t len = strcspn(line, " \t\r\n");

	return is_called(h, "hostname") && !is_called(h, "hostnamectl") && len && len < 72 &&
	       !*line_at(line + len);
}

static bool is_hostnamectl(const struct head *h)
{
	return has_line(h, "Static hostname:", 3);
}

/* " 17:00:47 up  3:58,  0 user,  load average: ...", or /proc/uptime */
static bool is_uptime(const struct head *h)
{
	return (strstr(h->text, " up ") && strstr(h->text, "load average:") &&
		isdigit((unsigned char)*line_at(h->text))) ||
	       (is_called(h, "uptime") && strspn(h->text, "0123456789. \n") == h->len && h->len);
}

/* "Sun Nov 29 17:00:47 UTC 2026" */
static bool is_date(const struct head *h)
{
	const char *line = line_at(h->text);
	int colons = 0;
	size_t i;

	for (i = 0; line[i] && line[i] != '\n'; i++)
		colons += line[i] == ':';
	return is_called(h, "date") && i >= 20 && i < 48 && colons == 2 &&
	       isalpha((unsigned char)*line) && !*line_at(line + i);
}

static bool is_nft_text(const struct head *h)
{
	const char *line = line_at(h->text);
	char family[16], name[64], brace[2];

	while (line && (*line == '#' || begins(line, "add table ")))
		line = next_line(line);
	line = line ? line_at(line) : "";
	return sscanf(line, "table %15s %63s %1[{]", family, name, brace) == 3;
}

static bool is_nft_json(const struct head *h)
{
	const char *line = line_at(h->text);

	return *line == '{' && begins(line_at(line + 1), "\"nftables\"");
}

static bool is_iptables(const struct head *h)
{
	return has_line(h, "# Generated by iptables", 3) ||
	       has_line(h, "# Generated by ip6tables", 3) || has_line(h, "*filter", 1) ||
	       has_line(h, "*nat", 1) || has_line(h, "*mangle", 1) || has_line(h, "*raw", 1);
}

/* "[    0.000000]", or "[Sun Nov 29 17:00:47 2026]" of dmesg -T */
static bool is_stamp(const char *line)
{
	size_t digits = *line == '[' ? strspn(line + 1, " 0123456789.") : 0;
	const char *end = *line == '[' ? strpbrk(line, "]\n") : NULL;

	if (!end || *end != ']')
		return false;
	if (digits && line + 1 + digits == end && memchr(line, '.', digits))
		return true;
	return end - line == 25 && line[14] == ':' && line[17] == ':' && isdigit((unsigned char)end[-1]);
}

static bool is_log(const struct head *h)
{
	const char *line = h->text;
	int all = 0, stamped = 0;
	size_t level;

	for (; line && *line && all < 10; line = next_line(line), all++) {
		/* "<6>[ 12.3]", of dmesg -r */
		level = *line == '<' ? strspn(line + 1, "0123456789") : 0;
		if (level && line[level + 1] == '>')
			line += level + 2;
		stamped += is_stamp(line);
	}
	return stamped && stamped >= all / 2;
}

/* "2: eth0: <BROADCAST...>" and below it "inet 192.0.2.1/24", or one line each (-o) */
static bool is_addresses(const struct head *h)
{
	const char *line = h->text;
	int i;

	if (!strstr(line, "inet "))
		return false;
	for (i = 0; line && i < 3; line = next_line(line), i++)
		if (isdigit((unsigned char)*line_at(line)) && strstr(line, ": "))
			return true;
	return false;
}

static bool is_routes(const struct head *h)
{
	return has_line(h, "default via ", 40);
}

static const struct output {
	bool (*is)(const struct head *h);
	const char *path;	/* where it goes as it is */
	void (*make)(struct store *to, char *text, size_t len);
	bool is_long;
} outputs[] = {
	{ is_listing, LISTING_PATH, NULL, true },
	{ is_log, LOG_PATH, NULL, true },
	{ is_stat, NULL, make_stat, false },
	{ is_old_stat, NULL, make_old_stat, false },
	{ is_stat_file, "proc/net/stat/nf_conntrack", NULL, false },
	{ is_sysctls, NULL, make_sysctls, false },
	{ is_count, NULL, make_count, false },
	{ is_modules, NULL, make_modules, false },
	{ is_meminfo, "proc/meminfo", NULL, false },
	{ is_slabinfo, "proc/slabinfo", NULL, false },
	{ is_uname, NULL, make_uname, false },
	{ is_hostname, NULL, make_hostname, false },
	{ is_hostnamectl, NULL, make_hostnamectl, false },
	{ is_uptime, NULL, make_uptime, false },
	{ is_date, DATE_PATH, NULL, false },
	{ is_nft_json, NFT_JSON_PATH, NULL, false },
	{ is_nft_text, NFT_TEXT_PATH, NULL, false },
	{ is_iptables, NULL, make_iptables, false },
	{ is_addresses, NULL, make_addresses, false },
	{ is_routes, NULL, make_routes, false },
};

static const struct output *find_output(const char *path, const char *text, size_t len)
{
	struct head h = { .path = path };
	size_t i;

	h.len = len < FOUND_HEAD ? len : FOUND_HEAD;
	memcpy(h.text, text, h.len);
	/* Nothing that any command prints as text */
	if (memchr(h.text, '\0', h.len))
		return NULL;
	h.text[h.len] = '\0';
	for (i = 0; i < ARRAY_SIZE(outputs); i++)
		if (outputs[i].is(&h))
			return &outputs[i];
	return NULL;
}

bool output_is_known(const char *path, const char *head, size_t len)
{
	return find_output(path, head, len);
}

bool output_is_long(const char *head, size_t len)
{
	const struct output *o = find_output("", head, len);

	return o && o->is_long;
}

bool output_put(struct store *to, const char *path, char *text, size_t len)
{
	const struct output *o = find_output(path, text, len);

	if (!o)
		return false;
	if (o->make)
		o->make(to, text, len);
	else
		put_new(to, o->path, text, len);
	return true;
}
