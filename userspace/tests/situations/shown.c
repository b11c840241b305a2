// SPDX-License-Identifier: GPL-2.0
/*
 * A played situation as what the reader reads. What the module tells goes through
 * the reader's parsers either way; what the kernel tells is a list here, which is
 * put into the snapshot, or written as files.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/parts.h"
#include "read/read.h"
#include "tests/situations/shown.h"

#define KERNEL		"6.1.0-56-amd64"
#define BOOT_FILE	"etc/sysctl.d/10-host.conf"
#define HASH_FILE	"etc/modprobe.d/conntrack.conf"
#define OBJECT		256	/* bytes of an entry's slab object */
#define RULESET	"{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\", \"release_name\": " \
	"\"Lester Gooch #5\", \"json_schema_version\": 1}}, {\"table\": {\"family\": \"inet\", " \
	"\"name\": \"filter\", \"handle\": 1}}]}\n"

/* In the order of their names, as a directory is read */
static const struct {
	const char *name;
	int64_t value;		/* the kernel's default, where it is no matter of the host */
} plain_settings[] = {
	{ "acct", 0 }, { "buckets", 0 }, { "checksum", 1 }, { "count", 0 }, { "events", 2 },
	{ "expect_max", 1024 }, { "generic_timeout", 600 }, { "icmp_timeout", 0 },
	{ "icmpv6_timeout", 30 }, { "log_invalid", 0 }, { "max", 0 }, { "tcp_be_liberal", 0 },
	{ "tcp_ignore_invalid_rst", 0 }, { "tcp_loose", 0 }, { "tcp_max_retrans", 3 },
	{ "tcp_timeout_close", 10 }, { "tcp_timeout_close_wait", 0 },
	{ "tcp_timeout_established", 0 }, { "tcp_timeout_fin_wait", 0 },
	{ "tcp_timeout_last_ack", 30 }, { "tcp_timeout_max_retrans", 300 },
	{ "tcp_timeout_syn_recv", 0 }, { "tcp_timeout_syn_sent", 0 },
	{ "tcp_timeout_time_wait", 0 }, { "tcp_timeout_unacknowledged", 0 },
	{ "timestamp", 0 }, { "udp_timeout", 0 }, { "udp_timeout_stream", 0 },
};

/* @boots: set to whether the boot sets it, too */
static int64_t setting_value(const struct told *t, size_t nr, bool *boots)
{
	const struct host *h = &t->s->host;
	const char *name = plain_settings[nr].name;
	int i;

	*boots = false;
	for (i = 0; i < SETTINGS; i++)
		if (!strcmp(name, setting_names[i].name)) {
			*boots = h->setting[i] != setting_names[i].usual;
			return h->setting[i];
		}
	if (!strcmp(name, "count"))
		return t->v->count;
	if (!strcmp(name, "buckets"))
		return h->buckets;
	*boots = !strcmp(name, "max") || (!strcmp(name, "tcp_loose") && !h->tcp_loose);
	return !strcmp(name, "max") ? h->max : !strcmp(name, "tcp_loose") ? h->tcp_loose :
	       plain_settings[nr].value;
}

static void show_settings(const struct told *t, struct snapshot *s)
{
	struct ct_sysctl *row;
	bool boots;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plain_settings); i++) {
		row = grow(&s->sysctl, &s->nr_sysctl, sizeof(*row));
		snprintf(row->name, sizeof(row->name), "%s", plain_settings[i].name);
		row->value = setting_value(t, i, &boots);
		row->persisted = boots ? row->value : UNKNOWN;
		if (boots)
			snprintf(row->persisted_in, sizeof(row->persisted_in), "/" BOOT_FILE);
	}
	s->count = t->v->count;
	s->max = t->s->host.max;
	s->buckets = t->s->host.buckets;
	s->ct_loaded = s->ct_at_boot = true;
	s->hashsize_option = s->buckets;
	snprintf(s->hashsize_in, sizeof(s->hashsize_in), "/" HASH_FILE);
}

/* The kernel's counters, of /proc/net/stat/nf_conntrack */
static void kernel_counts(const struct told *t, int64_t *invalid, int64_t *drop, int64_t *early)
{
	double sum[3] = { 0 };
	int i, k;

	for (i = 0; i < t->s->nr_flows; i++) {
		const struct flow_state *f = &t->q->flow[i];

		for (k = 0; k < 8; k++)
			sum[0] += f->invalid[k];
		sum[1] += f->seen[REFUSED].total;
		for (k = 0; k < VICTIM_KINDS; k++)
			sum[2] += f->victims[0][k];
	}
	*invalid = llround(sum[0]);
	*drop = llround(sum[1]);
	*early = llround(sum[2]);
}

static int64_t mem_available(const struct host *h)
{
	return h->mem_total / 4 * 3;
}

static void show_local(const struct told *t, struct snapshot *s, int family, const char *loopback)
{
	struct address a;
	char (*row)[64];
	int i;

	if (loopback) {
		row = grow(&s->local, &s->nr_local, sizeof(*row));
		snprintf(*row, sizeof(*row), "%s", loopback);
	}
	for (i = 0; i < t->s->nr_crowds; i++) {
		if (!t->s->crowd[i].local || t->s->crowd[i].family != family)
			continue;
		a = crowd_member(&t->s->crowd[i], 0);
		row = grow(&s->local, &s->nr_local, sizeof(*row));
		address_text(*row, &a, 0);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void show_kernel(const struct told *t, struct snapshot *s)
{
	const struct host *h = &t->s->host;

	snprintf(s->kernel, sizeof(s->kernel), KERNEL);
	snprintf(s->hostname, sizeof(s->hostname), "router");
	s->boot_age = h->uptime + SITUATION_BOOT;
	s->mem_total = h->mem_total;
	s->mem_available = mem_available(h);
	s->slab_objs = t->v->count;
	s->slab_objsize = OBJECT;
	s->own_netns = NETNS;
	show_settings(t, s);
	memset(&s->stat, 0, sizeof(s->stat));
	kernel_counts(t, &s->stat.invalid, &s->stat.drop, &s->stat.early_drop);
	show_local(t, s, 4, "127.0.0.1");
	qsort(s->local, s->nr_local, sizeof(*s->local), by_text);
	show_local(t, s, 6, NULL);
	s->rules.nft = s->rules.known = s->rules.contents_known = true;
	s->rules.dialect = RULES_NFT;
}

void shown_snapshot(const struct told *t, struct snapshot *s, struct sheet *sheet)
{
	char message[512];
	struct fault fault = { .text = message, .size = sizeof(message), .again = "" };
	struct reader r;
	int i;

	/* What a host doesn't tell is unknown; "/" is opened, and nothing read. */
	if (reader_begin(&r, "", 0, NULL, s, message, sizeof(message)))
		goto bad;
	reader_end(&r);
	show_kernel(t, s);
	for (i = 0; i < TOLD_FILES; i++) {
		sheet_clear(sheet);
		told_files[i].write(t, sheet);
		if (parse_module_file(s, told_files[i].name, told_files[i].name, sheet->text,
				      sheet->len, &fault))
			goto bad;
	}
	s->mod.loaded = true;
	s->origin = s->nr_census ? ORIGIN_MODULE : ORIGIN_NONE;
	return;
bad:
	fprintf(stderr, "situation %" PRIu64 ": %s\n", t->s->seed, message);
	exit(1);
}

/* Make the folders of a path, and open the file. */
static FILE *open_file(const char *dir, const char *path)
{
	char name[512], *slash;

	snprintf(name, sizeof(name), "%s/%s", dir, path);
	for (slash = strchr(name + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(name, 0755) && errno != EEXIST)
			return NULL;
		*slash = '/';
	}
	return fopen(name, "w");
}

static int write_text(const char *dir, const char *path, const char *text)
{
	FILE *f = open_file(dir, path);

	if (!f)
		return -1;
	fputs(text, f);
	return fclose(f);
}

static int write_settings(const struct told *t, const char *dir)
{
	FILE *boot = open_file(dir, BOOT_FILE);
	char path[160], text[64];
	bool boots;
	size_t i;

	if (!boot)
		return -1;
	for (i = 0; i < ARRAY_SIZE(plain_settings); i++) {
		int64_t value = setting_value(t, i, &boots);

		snprintf(path, sizeof(path), "proc/sys/net/netfilter/nf_conntrack_%s",
			 plain_settings[i].name);
		snprintf(text, sizeof(text), "%" PRId64 "\n", value);
		if (write_text(dir, path, text)) {
			fclose(boot);
			return -1;
		}
		if (boots)
			fprintf(boot, "net.netfilter.nf_conntrack_%s = %" PRId64 "\n",
				plain_settings[i].name, value);
	}
	return fclose(boot);
}

static int write_local(const struct told *t, const char *dir)
{
	FILE *trie = open_file(dir, "proc/net/fib_trie");
	FILE *six = open_file(dir, "proc/net/if_inet6");
	struct address a;
	char text[ADDRESS_TEXT];
	int i;

	if (!trie || !six)
		return -1;
	fputs("|-- 127.0.0.1\n/32 host LOCAL\n", trie);
	for (i = 0; i < t->s->nr_crowds; i++) {
		if (!t->s->crowd[i].local)
			continue;
		a = crowd_member(&t->s->crowd[i], 0);
		if (a.family == 4)
			fprintf(trie, "|-- %s\n/32 host LOCAL\n", address_text(text, &a, 0));
		else
			fprintf(six, "%016" PRIx64 "%016" PRIx64 " 02 40 00 80 eth0\n", a.high,
				a.low);
	}
	return fclose(trie) | fclose(six);
}

static int write_kernel(const struct told *t, const char *dir)
{
	const struct host *h = &t->s->host;
	int64_t invalid, drop, early;
	char text[1024], path[512];
	int error;

	kernel_counts(t, &invalid, &drop, &early);
	snprintf(text, sizeof(text), "entries clashres found new invalid ignore delete chainlength "
		 "insert insert_failed drop early_drop icmp_error expect_new expect_create "
		 "expect_delete search_restart\n%08" PRIx64 " 0 0 0 %" PRIx64 " 0 0 0 0 0 %" PRIx64
		 " %" PRIx64 " 0 0 0 0 0\n", t->v->count, invalid, drop, early);
	error = write_text(dir, "proc/net/stat/nf_conntrack", text);
	snprintf(text, sizeof(text), "MemTotal: %" PRId64 " kB\nMemAvailable: %" PRId64 " kB\n",
		 h->mem_total / 1024, mem_available(h) / 1024);
	error |= write_text(dir, "proc/meminfo", text);
	snprintf(text, sizeof(text), "nf_conntrack %" PRId64 " %" PRId64 " %d 16 1\n",
		 t->v->count, t->v->count, OBJECT);
	error |= write_text(dir, "proc/slabinfo", text);
	snprintf(text, sizeof(text), "%" PRId64 ".00 1.00\n", h->uptime + 60);
	error |= write_text(dir, "proc/uptime", text);
	snprintf(text, sizeof(text), "options nf_conntrack hashsize=%" PRId64 "\n", h->buckets);
	error |= write_text(dir, HASH_FILE, text);
	error |= write_text(dir, "etc/modules-load.d/nf_conntrack.conf", "nf_conntrack\n");
	error |= write_text(dir, "proc/modules", "nf_tables 307200 1 nft_ct, Live 0x0\n"
			    "nft_ct 24576 1 - Live 0x0\nnf_conntrack 188416 1 nft_ct, Live 0x0\n");
	error |= write_text(dir, "proc/sys/kernel/osrelease", KERNEL "\n");
	error |= write_text(dir, "proc/sys/kernel/hostname", "router\n");
	error |= write_text(dir, "conntriage/nft-ruleset.json", RULESET);
	error |= write_text(dir, "proc/self/ns/.keep", "");
	snprintf(text, sizeof(text), "net:[%lld]", NETNS);
	snprintf(path, sizeof(path), "%s/proc/self/ns/net", dir);
	return error | symlink(text, path);
}

int shown_tree(const struct told *t, const char *dir)
{
	struct sheet sheet = { .text = NULL };
	char path[128];
	int i, error;

	error = write_settings(t, dir) | write_local(t, dir) | write_kernel(t, dir);
	snprintf(path, sizeof(path), "schema\n%d\n", CTRI_ABI_SCHEMA);
	error |= write_text(dir, "sys/kernel/debug/" CTRI_ABI_DIR "/" CTRI_FILE_ABI, path);
	for (i = 0; i < TOLD_FILES && !error; i++) {
		snprintf(path, sizeof(path), "sys/kernel/debug/" CTRI_ABI_DIR "/%s",
			 told_files[i].name);
		sheet_clear(&sheet);
		told_files[i].write(t, &sheet);
		error = write_text(dir, path, sheet.text);
	}
	sheet_free(&sheet);
	return error;
}
