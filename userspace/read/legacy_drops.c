// SPDX-License-Identifier: GPL-2.0
/*
 * The sources that rules of iptables-legacy drop before conntrack: "-s SOURCE -j DROP"
 * in PREROUTING of raw, without any other match. The kernel gives a table as one
 * block of memory (linux/netfilter_ipv4/ip_tables.h).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/legacy_drops.h"
#include "read/limits.h"
#include "read/placed.h"
#include "read/reader.h"
#include "snapshot.h"

#define DROPS_PATH	"conntriage/legacy-drops"
#define CHAIN		"raw PREROUTING"
#define OUR_CHAIN	"ct-pre-"	/* as fix/ calls those that PREROUTING jumps to */

struct drop_line {
	int64_t family, packets;
	char source[64];
};

static const struct field drop_fields[] = {
	{ "family", FIELD_COUNT, false, offsetof(struct drop_line, family), 0 },
	{ "source", FIELD_WORD, false, offsetof(struct drop_line, source), 64 },
	{ "packets", FIELD_COUNT, false, offsetof(struct drop_line, packets), 0 },
};

static void add_drop(struct snapshot *s, int family, const char *source, int64_t packets)
{
	char text[128];

	snprintf(text, sizeof(text), "-s %s%s -j DROP", source,
		 family == 6 ? " ! -p ipv6-icmp" : "");
	/* below 0: nft's rules have numbers of their own */
	placed_add(s, "", CHAIN, family, text, packets, -1 - (int64_t)s->nr_placed);
}

/* The bits of a mask, or -1 where it has holes */
static int mask_bits(const unsigned char *mask, size_t len)
{
	size_t bits = 0, i;

	while (bits < 8 * len && mask[bits / 8] & (0x80 >> bits % 8))
		bits++;
	for (i = bits; i < 8 * len; i++)
		if (mask[i / 8] & (0x80 >> i % 8))
			return -1;
	return bits;
}

static bool is_zero(const void *memory, size_t len)
{
	const unsigned char *byte = memory;

	while (len && !*byte) {
		byte++;
		len--;
	}
	return !len;
}

static bool is_drop(const void *entry, size_t target_offset, size_t next_offset)
{
	const struct xt_standard_target *t =
		(const void *)((const char *)entry + target_offset);

	return next_offset - target_offset >= sizeof(*t) && !*t->target.u.user.name &&
	       t->verdict == -NF_DROP - 1;
}

static void add_source(struct snapshot *s, int family, const void *address, const void *mask,
		       uint64_t packets)
{
	size_t len = family == 6 ? 16 : 4;
	char text[INET6_ADDRSTRLEN], source[64];
	int bits = mask_bits(mask, len);

	if (bits <= 0 || !inet_ntop(family == 6 ? AF_INET6 : AF_INET, address, text, sizeof(text)))
		return;
	if ((size_t)bits == 8 * len)
		snprintf(source, sizeof(source), "%s", text);
	else
		snprintf(source, sizeof(source), "%s/%d", text, bits);
	add_drop(s, family, source, packets > INT64_MAX ? INT64_MAX : (int64_t)packets);
}

/* @s: NULL: only how long it is */
static size_t one_rule4(struct snapshot *s, const void *memory, size_t left)
{
	const struct ipt_entry *e = memory;
	struct ipt_ip rest;

	if (left < sizeof(*e) || e->next_offset < sizeof(*e) || e->next_offset > left ||
	    e->target_offset < sizeof(*e) || e->target_offset > e->next_offset)
		return 0;
	rest = e->ip;
	memset(&rest.src, 0, sizeof(rest.src));
	memset(&rest.smsk, 0, sizeof(rest.smsk));
	if (s && is_zero(&rest, sizeof(rest)) && e->target_offset == sizeof(*e) &&
	    is_drop(e, e->target_offset, e->next_offset))
		add_source(s, 4, &e->ip.src, &e->ip.smsk, e->counters.pcnt);
	return e->next_offset;
}

/* All but ICMPv6, as fix/ has it */
static size_t one_rule6(struct snapshot *s, const void *memory, size_t left)
{
	const struct ip6t_entry *e = memory;
	struct ip6t_ip6 rest;
	bool echo;

	if (left < sizeof(*e) || e->next_offset < sizeof(*e) || e->next_offset > left ||
	    e->target_offset < sizeof(*e) || e->target_offset > e->next_offset)
		return 0;
	rest = e->ipv6;
	echo = rest.proto == IPPROTO_ICMPV6 && rest.invflags == IP6T_INV_PROTO;
	memset(&rest.src, 0, sizeof(rest.src));
	memset(&rest.smsk, 0, sizeof(rest.smsk));
	rest.proto = rest.flags = rest.invflags = 0;
	if (s && echo && is_zero(&rest, sizeof(rest)) && e->target_offset == sizeof(*e) &&
	    is_drop(e, e->target_offset, e->next_offset))
		add_source(s, 6, &e->ipv6.src, &e->ipv6.smsk, e->counters.pcnt);
	return e->next_offset;
}

/*
 * A chain of somebody's own begins with a target that is no target, but its name: set
 * @ours to that, or to "" where it isn't ours.
 */
static void begins_ours(const char *rules, size_t at, size_t size, int family,
			char (*ours)[XT_FUNCTION_MAXNAMELEN])
{
	size_t offset = family == 6 ? sizeof(struct ip6t_entry) : sizeof(struct ipt_entry);
	const struct xt_error_target *t = (const void *)(rules + at + offset);

	if (size - at < offset + sizeof(*t) || strcmp(t->target.u.user.name, "ERROR"))
		return;
	(*ours)[0] = '\0';
	if (!strncmp(t->errorname, OUR_CHAIN, strlen(OUR_CHAIN)))
		snprintf(*ours, sizeof(*ours), "%.*s", (int)sizeof(*ours) - 1, t->errorname);
}

/*
 * The rules of PREROUTING lie between its first and its policy, those of our chains
 * behind their names.
 */
static void walk(struct snapshot *s, int family, const char *rules, size_t size,
		 const unsigned int *hook, const unsigned int *policy)
{
	char ours[XT_FUNCTION_MAXNAMELEN] = "";
	size_t at = 0, step, nr;
	bool meant;

	while (at < size) {
		begins_ours(rules, at, size, family, &ours);
		nr = s->nr_placed;
		meant = *ours || (at >= hook[NF_INET_PRE_ROUTING] && at < policy[NF_INET_PRE_ROUTING]);
		step = family == 6 ? one_rule6(meant ? s : NULL, rules + at, size - at) :
		       one_rule4(meant ? s : NULL, rules + at, size - at);
		if (!step)
			return;
		if (s->nr_placed > nr && *ours && text_plain(ours))
			snprintf(s->placed[nr].table, sizeof(s->placed[nr].table), "%s", ours);
		at += step;
	}
}

/* struct ip6t_getinfo and ip6t_get_entries have the same members as those of IPv4. */
_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo) &&
	       offsetof(struct ipt_get_entries, entrytable) ==
	       offsetof(struct ip6t_get_entries, entrytable), "one layout for both");

void legacy_drops_live(struct reader *r, int family)
{
	int level = family == 6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct ipt_getinfo info = { .name = "raw" };
	struct ipt_get_entries *got = NULL;
	socklen_t len = sizeof(info);
	int fd = socket(family == 6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return;
	if (!getsockopt(fd, level, family == 6 ? IP6T_SO_GET_INFO : IPT_SO_GET_INFO, &info, &len) &&
	    info.size <= READ_MAX_RULESET)
		got = calloc(1, sizeof(*got) + info.size);
	if (got) {
		memcpy(got->name, info.name, sizeof(got->name));
		got->size = info.size;
		len = sizeof(*got) + info.size;
		/* where the table has grown since, the kernel says so, and that is all */
		if (!getsockopt(fd, level, family == 6 ? IP6T_SO_GET_ENTRIES : IPT_SO_GET_ENTRIES,
				got, &len))
			walk(r->s, family, (const char *)got->entrytable, info.size,
			     info.hook_entry, info.underflow);
	}
	free(got);
	close(fd);
}

/* Before nft's rules are read: all that there are yet are these. */
void legacy_drops_keep(struct reader *r)
{
	const struct snapshot *s = r->s;
	char *text, source[64];
	FILE *lines;
	size_t i, len;

	if (!s->nr_placed)
		return;
	lines = open_memstream(&text, &len);
	if (!lines)
		no_memory();
	fprintf(lines, "family source packets\n");
	for (i = 0; i < s->nr_placed; i++)
		if (sscanf(s->placed[i].text, "-s %63s", source) == 1)
			fprintf(lines, "%d %s %" PRId64 "\n", s->placed[i].family, source,
				s->placed[i].packets);
	fclose(lines);
	files_keep(&r->files, DROPS_PATH, text, len);
	free(text);
}

void legacy_drops_captured(struct reader *r)
{
	const struct snapshot before = *r->s;
	struct drop_line line;
	char *text;
	struct columns t;
	int status = 0;
	size_t len;

	if (reader_slurp(r, DROPS_PATH, READ_MAX_BOOT_FILE, &text, &len) || !text)
		return;
	if (columns_begin(&t, reader_name(r, DROPS_PATH), text, len, drop_fields,
			  ARRAY_SIZE(drop_fields), READ_MAX_PLACED, &r->fault))
		status = -1;
	while (!status && (status = columns_row(&t, &line)) > 0) {
		if ((line.family == 4 || line.family == 6) &&
		    text_address(line.source, line.family))
			add_drop(r->s, line.family, line.source, line.packets);
		status = 0;
	}
	if (status)
		reader_drop(r, &before);
	free(text);
}
