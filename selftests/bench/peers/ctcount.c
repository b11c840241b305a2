// SPDX-License-Identifier: GPL-2.0
/*
 * ctcount METHOD ENTRIES [own] - counts new connections per source by a program of
 * ctcount.bpf.c, METHOD being its name, in an LRU hash of so many entries; with "own"
 * each CPU has a list of its own to take entries from.
 *
 * Prints "attached" once it counts, and for each line on its standard input a line
 *	SOURCES COUNTED BYTES
 * how many sources are in the map, the sum of their counts, and its memory as the
 * kernel tells it. Ends at the end of its input.
 * Exit status: 0, 1 on failure, 4 where this kernel has no such way.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/netfilter.h>
#include "ctcount.skel.h"

/* include/uapi/linux/bpf.h of 6.4, which Debian 12's headers are too old for */
#define CTCOUNT_TYPE_NETFILTER		32	/* BPF_PROG_TYPE_NETFILTER */
#define CTCOUNT_ATTACH_NETFILTER	45	/* BPF_NETFILTER */

struct ctcount_netfilter_link {
	__u32 prog_fd;
	__u32 target;
	__u32 attach_type;
	__u32 flags;
	__u32 pf;
	__u32 hooknum;
	__s32 priority;
	__u32 netfilter_flags;
};

enum { FAILED = 1, NOT_HERE = 4 };

static __attribute__((format(printf, 2, 3), noreturn))
void die(int status, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "ctcount: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(status);
}

/* libbpf's own words and the verifier's, if asked for */
static int print_verbose(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_DEBUG || !getenv("V"))
		return 0;
	return vfprintf(stderr, format, args);
}

/* its number; a kernel that lacks it has no such way, other failures are failures */
static __u32 need_kernel(const char *name, __u32 kind)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int type;

	if (!btf)
		die(NOT_HERE, "no kernel BTF; take a kernel with CONFIG_DEBUG_INFO_BTF");
	type = btf__find_by_name_kind(btf, name, kind);
	if (type < 0)
		die(NOT_HERE, "this kernel has no %s; take a newer one", name);
	btf__free(btf);
	return type;
}

/* before confirmation, which is at INT_MAX, where forwarded packets go and where
 * those for this host do
 */
static void attach_netfilter(int prog)
{
	static const __u32 hooks[] = { NF_INET_POST_ROUTING, NF_INET_LOCAL_IN };
	unsigned int i;

	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		struct ctcount_netfilter_link link = {
			.prog_fd = prog,
			.attach_type = CTCOUNT_ATTACH_NETFILTER,
			.pf = NFPROTO_IPV4,
			.hooknum = hooks[i],
			.priority = INT_MAX - 1,
		};

		/* the link is there as long as its descriptor is open */
		if (syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link)) < 0)
			die(FAILED, "the program can't be attached at hook %u: %s; see dmesg",
			    hooks[i], strerror(errno));
	}
}

/* "memlock" of the map's fdinfo: on 6.1 of keys and values alone */
static unsigned long long memory(int map)
{
	unsigned long long bytes = 0;
	char name[64], line[256];
	FILE *f;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", map);
	f = fopen(name, "r");
	if (!f)
		die(FAILED, "%s: %s; is /proc mounted?", name, strerror(errno));
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	fclose(f);
	return bytes;
}

static void report(int map)
{
	int cpu, cpus = libbpf_num_possible_cpus();
	unsigned long long sources = 0, sum = 0;
	__u32 key, *last = NULL;
	__u64 *counts;

	counts = cpus > 0 ? calloc(cpus, sizeof(*counts)) : NULL;
	if (!counts)
		die(FAILED, "no memory for the counts of %d CPUs; free some", cpus);
	while (!bpf_map_get_next_key(map, last, &key)) {
		last = &key;
		/* it may have gone since */
		if (bpf_map_lookup_elem(map, &key, counts))
			continue;
		sources++;
		for (cpu = 0; cpu < cpus; cpu++)
			sum += counts[cpu];
	}
	free(counts);
	printf("%llu %llu %llu\n", sources, sum, memory(map));
}

static struct ctcount *load(const char *method, unsigned long entries, int own)
{
	struct bpf_program *prog, *wanted = NULL;
	struct ctcount *skel = ctcount__open();
	int err;

	if (!skel)
		die(FAILED, "the program can't be opened: %s; build it anew", strerror(errno));
	bpf_object__for_each_program(prog, skel->obj) {
		if (strcmp(bpf_program__name(prog), method))
			bpf_program__set_autoload(prog, false);
		else
			wanted = prog;
	}
	if (!wanted)
		die(FAILED, "no program %s; ctcount.bpf.c has their names", method);
	if (wanted == skel->progs.hook) {
		need_kernel("bpf_nf_ctx", BTF_KIND_STRUCT);
		bpf_program__set_type(wanted, CTCOUNT_TYPE_NETFILTER);
		bpf_program__set_expected_attach_type(wanted, CTCOUNT_ATTACH_NETFILTER);
	}
	if (wanted == skel->progs.hook || wanted == skel->progs.confirm_cast) {
		need_kernel("bpf_rdonly_cast", BTF_KIND_FUNC);
		skel->rodata->nf_conn_type = need_kernel("nf_conn", BTF_KIND_STRUCT);
	}
	bpf_map__set_max_entries(skel->maps.sources, entries);
	if (own)
		bpf_map__set_map_flags(skel->maps.sources, BPF_F_NO_COMMON_LRU);
	err = ctcount__load(skel);
	if (err)
		die(FAILED, "%s can't be loaded: %s; set V=1 for the verifier's words", method,
		    strerror(-err));
	if (wanted == skel->progs.hook)
		attach_netfilter(bpf_program__fd(wanted));
	else if (!bpf_program__attach(wanted))
		/* EOPNOTSUPP: 6.1 has no kprobe.multi in a module */
		die(errno == EOPNOTSUPP ? NOT_HERE : FAILED,
		    "%s can't be attached: %s; set V=1 for libbpf's words", method,
		    strerror(errno));
	return skel;
}

int main(int argc, char **argv)
{
	struct ctcount *skel;
	unsigned long entries;
	char line[16];

	entries = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	if (!entries || entries > INT_MAX || argc > 4 || (argc == 4 && strcmp(argv[3], "own"))) {
		fprintf(stderr, "usage: ctcount METHOD ENTRIES [own]\n");
		return FAILED;
	}
	libbpf_set_print(print_verbose);
	skel = load(argv[1], entries, argc == 4);
	setlinebuf(stdout);
	puts("attached");
	while (fgets(line, sizeof(line), stdin))
		report(bpf_map__fd(skel->maps.sources));
	ctcount__destroy(skel);
	return 0;
}
