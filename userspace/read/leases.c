// SPDX-License-Identifier: GPL-2.0
/*
 * What clients of a DHCP server on this host call themselves: dnsmasq, OpenWrt's
 * odhcpd, Kea, ISC dhcpd, libvirt. Their lists are read, none of them is asked.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/nft_json.h"

#define FOREVER		INT64_MAX

static bool is_mac(const char *word)
{
	return strlen(word) == 17 && strspn(word, "0123456789abcdefABCDEF:") == 17;
}

/*
 * Lists are logs, or are written anew: what comes later counts. One that is over at
 * @end, or has no name, takes an earlier one away.
 */
static void add_lease(struct names *n, const char *address, const char *mac, const char *name,
		      int64_t end)
{
	struct named *named = named_find(n, address);
	struct snapshot *s = n->r->s;
	struct lease *row;
	size_t i;

	if (!named)
		return;
	if (!named->lease) {
		row = grow(&s->lease, &s->nr_leases, sizeof(*row));
		named->lease = s->nr_leases;
		snprintf(row->address, sizeof(row->address), "%s", address);
	}
	row = &s->lease[named->lease - 1];
	row->mac[0] = row->name[0] = '\0';
	if (end <= n->now)
		return;
	text_printable(row->name, sizeof(row->name), name);
	/* "printer.lan.", as Kea writes it */
	if (*row->name && row->name[strlen(row->name) - 1] == '.')
		row->name[strlen(row->name) - 1] = '\0';
	if (!is_mac(mac))
		return;
	for (i = 0; mac[i]; i++)
		row->mac[i] = tolower((unsigned char)mac[i]);
	row->mac[i] = '\0';
}

/*
 * lease_update_file() of dnsmasq: end, MAC, address, name, client. Behind "duid ..."
 * those of IPv6, with a number instead of the MAC.
 *
 *	"1753876800 aa:bb:cc:dd:ee:ff 192.168.1.23 laptop-anna 01:aa:bb:cc:dd:ee:ff"
 */
void parse_dnsmasq(struct names *n, char *text)
{
	char *line, *word[4];
	int64_t end;
	size_t i;

	while ((line = text_line(&text))) {
		for (i = 0; i < 4; i++)
			word[i] = strsep(&line, " ");
		if (!word[3] || !text_count(word[0], &end))
			continue;
		add_lease(n, word[2], word[1], strcmp(word[3], "*") ? word[3] : "",
			  end ? end : FOREVER);
	}
}

/* "aabbccddeeff" of odhcpd with colons; "" for all else */
static void add_colons(char *mac, size_t size, const char *digits)
{
	size_t i;

	mac[0] = '\0';
	for (i = 0; i < 6 && strlen(digits) == 12; i++)
		snprintf(mac + 3 * i, size - 3 * i, "%.2s%s", digits + 2 * i, i < 5 ? ":" : "");
}

/*
 * Rows of odhcpd are comments of a hosts file: interface, MAC or DUID, "ipv4" or a
 * number, name, end, number, bits, addresses.
 *
 *	"# br-lan aabbccddeeff ipv4 laptop-anna 1753876800 2f 32 192.168.1.23/32"
 */
void parse_odhcpd(struct names *n, char *text)
{
	char *line, *word[8], *address, mac[18];
	int64_t end;
	size_t i;

	while ((line = text_line(&text))) {
		for (i = 0; i < ARRAY_SIZE(word); i++)
			word[i] = strsep(&line, " ");
		if (!word[7] || strcmp(word[0], "#") || !text_signed(word[5], &end))
			continue;
		add_colons(mac, sizeof(mac), strcmp(word[3], "ipv4") ? "" : word[2]);
		while ((address = strsep(&line, " "))) {
			address[strcspn(address, "/")] = '\0';
			add_lease(n, address, mac, strcmp(word[4], "-") ? word[4] : "",
				  end < 0 ? FOREVER : end);
		}
	}
}

/* Columns of Kea's CSV files, which its versions place as they like */
enum kea_column {
	KEA_ADDRESS, KEA_MAC, KEA_LIFE, KEA_END, KEA_NAME, KEA_STATE, KEA_COLUMNS
};

#define KEA_ROW		32	/* columns at most */

/* "&#x2c" is a comma: Kea escapes what would end a column. */
static void unescape(char *text)
{
	char *to = text;
	unsigned int byte;

	while (*text) {
		if (!strncmp(text, "&#x", 3) && sscanf(text + 3, "%2x", &byte) == 1 &&
		    isxdigit((unsigned char)text[4])) {
			*to++ = byte ? byte : '?';
			text += 5;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* A row as words; those that are missing are "" */
static void kea_row(char *line, char **word)
{
	static char none[1];
	size_t i;

	for (i = 0; i < KEA_ROW; i++) {
		word[i] = strsep(&line, ",");
		if (!word[i])
			word[i] = none;
	}
}

static bool kea_header(char *line, size_t *at)
{
	static const char *const names[KEA_COLUMNS] = {
		"address", "hwaddr", "valid_lifetime", "expire", "hostname", "state",
	};
	char *word[KEA_ROW];
	size_t i, column;

	kea_row(line, word);
	for (column = 0; column < KEA_COLUMNS; column++) {
		for (i = 0; i < KEA_ROW && strcmp(word[i], names[column]); i++)
			;
		if (i == KEA_ROW)
			return false;
		at[column] = i;
	}
	return true;
}

/*
 *	"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,...,hostname,state,..."
 *
 * A lifetime of 0 takes a row away. State 0 is lent; the others are declined, expired,
 * released, registered by the client itself.
 */
void parse_kea(struct names *n, char *text)
{
	size_t at[KEA_COLUMNS];
	char *line = text_line(&text), *word[KEA_ROW];
	int64_t end, life;

	if (!line || !kea_header(line, at))
		return;
	while ((line = text_line(&text))) {
		kea_row(line, word);
		if (!text_count(word[at[KEA_END]], &end) || !text_count(word[at[KEA_LIFE]], &life))
			continue;
		unescape(word[at[KEA_NAME]]);
		if (life == UINT32_MAX)
			end = FOREVER;
		if (!life || strcmp(word[at[KEA_STATE]], "0"))
			end = 0;
		add_lease(n, word[at[KEA_ADDRESS]], word[at[KEA_MAC]], word[at[KEA_NAME]], end);
	}
}

/* "4 2026/07/30 12:00:00;", "epoch 1785412800;", "never;": dhcpd.leases(5) */
static int64_t isc_time(const char *text)
{
	struct tm tm = { .tm_isdst = 0 };
	long long seconds;

	if (!strncmp(text, "never", 5))
		return FOREVER;
	if (sscanf(text, "epoch %18lld", &seconds) == 1)
		return seconds;
	if (sscanf(text, "%*1d %4d/%2d/%2d %2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

/*
 *	lease 192.168.1.23 {
 *	  ends 4 2026/07/30 12:00:00;
 *	  binding state active;
 *	  hardware ethernet aa:bb:cc:dd:ee:ff;
 *	  client-hostname "laptop-anna";
 *	}
 */
void parse_isc(struct names *n, char *text)
{
	char address[64] = "", mac[18] = "", name[64] = "", *line;
	bool active = false;
	int64_t end = 0;

	while ((line = text_line(&text))) {
		line = text_trim(line);
		if (sscanf(line, "lease %63s {", address) == 1) {
			mac[0] = name[0] = '\0';
			active = false;
			end = 0;
		} else if (!strncmp(line, "ends ", 5)) {
			end = isc_time(line + 5);
		} else if (!strncmp(line, "binding state ", 14)) {
			active = !strcmp(line + 14, "active;");
		} else if (!strcmp(line, "}") && *address) {
			add_lease(n, address, mac, name, active ? end : 0);
			address[0] = '\0';
		} else {
			sscanf(line, "hardware ethernet %17[0-9a-fA-F:]", mac);
			sscanf(line, "client-hostname \"%63[^\"]", name);
		}
	}
}

/* libvirt has dnsmasq tell it of its leases, and keeps them itself, as JSON. */
void parse_libvirt(struct names *n, char *text)
{
	struct json_object *list = json_tokener_parse(text), *row, *end;
	const char *address, *mac, *name;
	size_t i, nr = json_object_is_type(list, json_type_array) ?
		       json_object_array_length(list) : 0;

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(list, i);
		address = nft_string(row, "ip-address");
		mac = nft_string(row, "mac-address");
		name = nft_string(row, "hostname");
		end = nft_get(row, "expiry-time");
		if (address)
			add_lease(n, address, mac ? mac : "", name ? name : "",
				  json_object_get_int64(end));
	}
	json_object_put(list);
}

static void read_file(struct names *n, const char *path, void (*parse)(struct names *, char *))
{
	char *text;

	if (!files_read_part(&n->r->files, path, READ_MAX_LEASES, &text, NULL))
		parse(n, text);
	free(text);
}

/* All of a directory that begin and end so, the newest name last */
static void read_files(struct names *n, const char *dir, const char *prefix, const char *suffix,
		       void (*parse)(struct names *, char *))
{
	char path[512], **names;
	size_t i, nr;

	if (files_list(&n->r->files, dir, prefix, suffix, READ_MAX_LEASE_FILES, &names, &nr))
		return;
	for (i = 0; i < nr; i++)
		if (snprintf(path, sizeof(path), "%s/%s", dir, names[i]) < (int)sizeof(path))
			read_file(n, path, parse);
	files_list_free(names, nr);
}

/* Those that are over, or nameless */
static void drop_empty(struct snapshot *s)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr_leases; i++)
		if (*s->lease[i].name)
			s->lease[kept++] = s->lease[i];
	s->nr_leases = kept;
}

void read_leases(struct names *n)
{
	static const char *const dnsmasq[] = {
		"var/lib/misc", "var/lib/dnsmasq", "var/lib/NetworkManager",
	};
	size_t i;

	if (!n->nr_named)
		return;
	for (i = 0; i < ARRAY_SIZE(dnsmasq); i++)
		read_files(n, dnsmasq[i], "dnsmasq", ".leases", parse_dnsmasq);
	read_files(n, "var/lib/libvirt/dnsmasq", "", ".status", parse_libvirt);
	read_file(n, "var/lib/lxd/networks/lxdbr0/dnsmasq.leases", parse_dnsmasq);
	read_file(n, "var/lib/incus/networks/incusbr0/dnsmasq.leases", parse_dnsmasq);
	/* Elsewhere anybody may write to /tmp. */
	if (files_is_there(&n->r->files, "etc/openwrt_release")) {
		read_file(n, "tmp/dhcp.leases", parse_dnsmasq);
		read_file(n, "tmp/odhcpd.leases", parse_odhcpd);
		read_file(n, "tmp/hosts/odhcpd", parse_odhcpd);
	}
	/* While Kea tidies up, the older rows are in ".1" and ".2". */
	read_file(n, "var/lib/kea/kea-leases4.csv.2", parse_kea);
	read_file(n, "var/lib/kea/kea-leases4.csv.1", parse_kea);
	read_file(n, "var/lib/kea/kea-leases4.csv", parse_kea);
	read_file(n, "var/lib/kea/kea-leases6.csv.2", parse_kea);
	read_file(n, "var/lib/kea/kea-leases6.csv.1", parse_kea);
	read_file(n, "var/lib/kea/kea-leases6.csv", parse_kea);
	read_file(n, "var/lib/dhcp/dhcpd.leases", parse_isc);
	read_file(n, "var/lib/dhcpd/dhcpd.leases", parse_isc);
	drop_empty(n->r->s);
}
