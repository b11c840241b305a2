// SPDX-License-Identifier: GPL-2.0
/* Rows, and parts of rows, that more than one file has. Process context. */
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include "abi.h"
#include "clock.h"
#include "compat.h"
#include "show.h"
#include "snapshot.h"
#include "source.h"
#include "stage.h"

static const char *const ctri_class_names[CTRI_CLASSES] = {
	[CTRI_C_INSERT]		= CTRI_CLASS_INSERT,
	[CTRI_C_INVALID]	= CTRI_CLASS_INVALID,
	[CTRI_C_REFUSED]	= CTRI_CLASS_REFUSED,
	[CTRI_C_EVICTED]	= CTRI_CLASS_EVICTED,
	[CTRI_C_EVICTING]	= CTRI_CLASS_EVICTING,
	[CTRI_C_INSERT_FAILED]	= CTRI_CLASS_INSERT_FAILED,
	[CTRI_C_INVALID_TO]	= CTRI_CLASS_INVALID_TO,
	[CTRI_C_REFUSED_TO]	= CTRI_CLASS_REFUSED_TO,
	[CTRI_C_EVICTED_TO]	= CTRI_CLASS_EVICTED_TO,
	[CTRI_C_PROGRAM]	= CTRI_CLASS_PROGRAM,
};

static const char *const ctri_l4_names[] = { "tcp", "udp", "icmp", "other",
						 CTRI_KIND_DIRECT, NULL };
static const char *const ctri_failed_names[] = { "clash", "chain", "dying", NULL };
/* by enum ctri_evicted * CTRI_VICTIMS + enum ctri_victim */
static const char *const ctri_evicted_names[] = {
	"early_drop_waiting", "early_drop_unanswered", "early_drop_half_open",
	"early_drop_once", "early_drop_closing", "early_drop_live",
	"gc_waiting", "gc_unanswered", "gc_half_open", "gc_once", "gc_closing",
	"gc_live", NULL
};

static const char *const ctri_inv_names[] = {
	"inv_malformed", "inv_flags", "inv_midstream", "inv_rstfin",
	"inv_synack", "inv_window", "inv_icmp", "inv_other", "inv_unsampled",
	NULL
};

/**
 * ctri_class_name() - as the ABI has it
 * @class: which
 * Return: its name.
 */
const char *ctri_class_name(enum ctri_class class)
{
	return ctri_class_names[class];
}

static const char *const *ctri_kind_names(u8 class)
{
	switch (class) {
	case CTRI_C_INVALID:
	case CTRI_C_INVALID_TO:
		return ctri_inv_names;
	case CTRI_C_EVICTED:
	case CTRI_C_EVICTED_TO:
		return ctri_evicted_names;
	case CTRI_C_INSERT_FAILED:
		return ctri_failed_names;
	default:
		return ctri_l4_names;
	}
}

/**
 * ctri_seconds_ago() - by the recorder's clock
 * @when: ns of it
 * Return: seconds.
 */
u64 ctri_seconds_ago(u64 when)
{
	return div_u64(ktime_get_boottime_ns() - when, NSEC_PER_SEC);
}

/**
 * ctri_seconds_at() - by the recorder's clock
 * @when: ns of it
 * Return: seconds of it.
 */
u64 ctri_seconds_at(u64 when)
{
	return div_u64(when, NSEC_PER_SEC);
}

/**
 * ctri_put_u64() - a number with a space before
 * @m: the file
 * @value: the number
 * @unknown: what it is where it has no bound: "-" then
 */
void ctri_put_u64(struct seq_file *m, u64 value, u64 unknown)
{
	if (value == unknown)
		seq_puts(m, " " CTRI_ABI_NONE);
	else
		seq_printf(m, " %llu", value);
}

/**
 * ctri_put_proto() - a protocol's name, or its number
 * @m: the file
 * @l4proto: IPPROTO_*
 */
void ctri_put_proto(struct seq_file *m, u8 l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
		seq_puts(m, "tcp");
		break;
	case IPPROTO_UDP:
		seq_puts(m, "udp");
		break;
	case IPPROTO_ICMP:
		seq_puts(m, "icmp");
		break;
	case IPPROTO_ICMPV6:
		seq_puts(m, "icmpv6");
		break;
	case IPPROTO_SCTP:
		seq_puts(m, "sctp");
		break;
	case IPPROTO_GRE:
		seq_puts(m, "gre");
		break;
	default:
		seq_printf(m, "%u", l4proto);
	}
}

/**
 * ctri_put_address() - a source's address, with its prefix where it has one
 * @m: the file
 * @src: the source
 */
void ctri_put_address(struct seq_file *m, const struct ctri_source *src)
{
	unsigned int prefix = ctri_source_prefix(src->family);

	if (src->family == CTRI_FAMILY_IPV4) {
		seq_printf(m, "%pI4", src->addr);
		if (prefix < 32)
			seq_printf(m, "/%u", prefix);
	} else {
		seq_printf(m, "%pI6c", src->addr);
		if (prefix < 128)
			seq_printf(m, "/%u", prefix);
	}
}

/**
 * ctri_put_whole() - an address without a prefix
 * @m: the file
 * @src: the address
 */
void ctri_put_whole(struct seq_file *m, const struct ctri_source *src)
{
	if (src->family == CTRI_FAMILY_IPV4)
		seq_printf(m, "%pI4", src->addr);
	else
		seq_printf(m, "%pI6c", src->addr);
}

/**
 * ctri_put_prefix() - one of the census' networks
 * @m: the file
 * @src: the network
 */
void ctri_put_prefix(struct seq_file *m, const struct ctri_source *src)
{
	ctri_put_whole(m, src);
	seq_printf(m, "/%u", src->family == CTRI_FAMILY_IPV4 ?
			     ctri_census_masks.prefix4 : ctri_census_masks.prefix6);
}

/**
 * ctri_put_pair() - a destination and its port, an IPv6 address in brackets
 * @m: the file
 * @dest: the address
 * @port: the port
 */
void ctri_put_pair(struct seq_file *m, const struct ctri_source *dest, u16 port)
{
	if (dest->family == CTRI_FAMILY_IPV4)
		seq_printf(m, "%pI4:%u", dest->addr, port);
	else
		seq_printf(m, "[%pI6c]:%u", dest->addr, port);
}

/**
 * ctri_put_stages() - the column "stages", with a space before
 * @m: the file
 * @count: entries by enum ctri_stage
 */
void ctri_put_stages(struct seq_file *m, const u32 *count)
{
	char before = ' ';
	unsigned int i;

	for (i = 0; i < CTRI_NR_STAGES; i++) {
		if (!count[i])
			continue;
		seq_printf(m, "%c%s=%u", before, ctri_stage_name(i), count[i]);
		before = ',';
	}
	if (before == ' ')
		seq_puts(m, " " CTRI_ABI_NONE);
}

/**
 * ctri_put_owner() - the columns netns, id and family, with a space after each
 * @m: the file
 * @src: the source
 * @inum: of its namespace; 0: gone
 */
void ctri_put_owner(struct seq_file *m, const struct ctri_source *src, u32 inum)
{
	bool address = src->family == CTRI_FAMILY_IPV4 ||
		       src->family == CTRI_FAMILY_IPV6;

	seq_printf(m, "%u %u %u ", inum, src->netns, address ? src->family : 0);
}

/**
 * ctri_put_service() - protocol and port
 * @m: the file
 * @src: of family CTRI_FAMILY_SERVICE
 */
void ctri_put_service(struct seq_file *m, const struct ctri_source *src)
{
	ctri_put_proto(m, src->addr[0] >> 16);
	seq_printf(m, "/%u", (u16)src->addr[0]);
}

static bool ctri_class_is_to(enum ctri_class class)
{
	return class == CTRI_C_INVALID_TO || class == CTRI_C_REFUSED_TO ||
	       class == CTRI_C_EVICTED_TO;
}

/**
 * ctri_put_source() - the columns netns, id, family and source
 * @m: the file
 * @class: whose source it is
 * @src: the source
 * @inum: of its namespace; 0: gone
 */
void ctri_put_source(struct seq_file *m, enum ctri_class class,
		     const struct ctri_source *src, u32 inum)
{
	ctri_put_owner(m, src, inum);
	if (src->family == CTRI_FAMILY_SERVICE)
		ctri_put_service(m, src);
	else if (src->family == CTRI_FAMILY_PROGRAM)
		seq_printf(m, "%llu", src->addr[0]);
	else if (ctri_class_is_to(class))
		ctri_put_whole(m, src);
	else
		ctri_put_address(m, src);
}

static u64 ctri_beyond(u64 kernels, u64 ours)
{
	return kernels > ours ? kernels - ours : 0;
}

/* The columns of CTRI_NETNS_COUNTS */
static void ctri_put_counts(struct seq_file *m, const struct ctri_snap_netns *s)
{
	const u64 *n = s->counts.n;
	u64 invalid = 0;
	unsigned int i;

	for (i = 0; i < CTRI_INV_KINDS; i++)
		invalid += n[CTRI_N_INVALID + i];
	seq_printf(m, " %u %llu %llu %llu %llu %llu %llu %llu",
		   s->max, n[CTRI_N_INSERT],
		   n[CTRI_N_EVICTION], n[CTRI_N_GC_EVICTION],
		   n[CTRI_N_EVICTING], n[CTRI_N_REFUSAL],
		   ctri_beyond(s->k.early_drop, n[CTRI_N_EVICTION]),
		   ctri_beyond(s->k.drop, n[CTRI_N_REFUSAL]));
	seq_printf(m, " %llu %llu %u", n[CTRI_N_INSERT_FAILED],
		   ctri_beyond(s->k.insert_failed, n[CTRI_N_INSERT_FAILED]),
		   s->k.insert_failed);
	ctri_put_u64(m, s->k.chaintoolong, CTRI_HAVE_CHAINTOOLONG ? U64_MAX : 0);
	seq_printf(m, " %u %u %u %u %u %llu", s->k.clash, s->k.drop,
		   s->k.early_drop, s->k.invalid, s->k.error, invalid);
	for (i = 0; i < CTRI_INV_KINDS; i++)
		seq_printf(m, " %llu", n[CTRI_N_INVALID + i]);
	seq_printf(m, " %llu %u", n[CTRI_N_INSERT_DIRECT], s->k.insert);
}

/**
 * ctri_show_netns() - one row of "netns"
 * @m: the file
 * @row: struct ctri_snap_netns
 */
void ctri_show_netns(struct seq_file *m, const void *row)
{
	const struct ctri_snap_netns *s = row;

	seq_printf(m, "%u %u %u %u", s->inum, s->id, s->conntrack, s->count);
	ctri_put_counts(m, s);
}

/**
 * ctri_show_own_netns() - the namespace's row in /proc
 * @m: the file
 * @s: the namespace
 */
void ctri_show_own_netns(struct seq_file *m, const struct ctri_snap_netns *s)
{
	seq_printf(m, CTRI_CLASS_NETNS " %u %u - - %u - - - - - - - - - %u", s->inum,
		   s->id, s->count, s->conntrack);
	ctri_put_counts(m, s);
}

static void ctri_put_kinds(struct seq_file *m, const struct ctri_snap_source *s)
{
	const char *const *name = ctri_kind_names(s->class);
	char before = ' ';
	unsigned int i;

	for (i = 0; name[i]; i++) {
		if (!s->row.kind[i])
			continue;
		seq_printf(m, "%c%s=%u", before, name[i], s->row.kind[i]);
		before = ',';
	}
	if (before == ' ')
		seq_puts(m, " " CTRI_ABI_NONE);
}

/* The columns of CTRI_HEAD_SOURCES */
static void ctri_put_source_row(struct seq_file *m, const struct ctri_snap_source *s)
{
	const struct ctri_row *r = &s->row;
	u32 now = ctri_now(), recent = r->cur_low + r->prev_low;
	u64 boot = ktime_get_boottime_seconds();

	seq_printf(m, "%s ", ctri_class_name(s->class));
	ctri_put_source(m, s->class, &r->src, s->inum);
	seq_printf(m, " %llu", r->total);
	ctri_put_u64(m, r->total_err, U64_MAX);
	seq_printf(m, " %u", recent);
	if (r->cur_high == U32_MAX || r->prev_high == U32_MAX)
		seq_puts(m, " " CTRI_ABI_NONE);
	else
		seq_printf(m, " %u", r->cur_high + r->prev_high - recent);
	seq_printf(m, " %u.%03u %u %u", r->rate_milli / 1000,
		   r->rate_milli % 1000, now - r->first, now - r->last);
	ctri_put_kinds(m, s);
	seq_printf(m, " %llu %llu", boot - (now - r->first), boot - (now - r->last));
}

/**
 * ctri_show_source() - one row of "sources"
 * @m: the file
 * @row: struct ctri_snap_source
 */
void ctri_show_source(struct seq_file *m, const void *row)
{
	ctri_put_source_row(m, row);
}

/**
 * ctri_show_own_source() - one of the namespace's sources in /proc
 * @m: the file
 * @s: the source
 */
void ctri_show_own_source(struct seq_file *m, const struct ctri_snap_source *s)
{
	ctri_put_source_row(m, s);
	seq_puts(m, " " CTRI_ABI_NONE CTRI_NETNS_COUNTS(CTRI_COL_NONE));
}
