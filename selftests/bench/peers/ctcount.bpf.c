// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a BPF program can do to count new connections per source: one count
 * for each IPv4 address, in an LRU hash of each CPU's own. Six ways to attach it, of
 * which ctcount loads one; see README.md.
 *
 * The kernel's structures are declared as far as they are used, and libbpf finds the
 * members in the BTF of the kernel at hand (CO-RE).
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#define CTCOUNT_CONFIRMED	8	/* IPS_CONFIRMED */
#define CTCOUNT_POINTER		(~7UL)	/* NFCT_PTRMASK */
#define CTCOUNT_ACCEPT		1	/* NF_ACCEPT */
#define CTCOUNT_IPV4		2	/* NFPROTO_IPV4 */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

union nf_inet_addr {
	__u32 ip;
};

struct nf_conntrack_man {
	union nf_inet_addr u3;
	__u16 l3num;
};

struct nf_conntrack_tuple {
	struct nf_conntrack_man src;
};

struct nf_conntrack_tuple_hash {
	struct nf_conntrack_tuple tuple;
};

struct nf_conn {
	struct nf_conntrack_tuple_hash tuplehash[2];
	unsigned long status;
};

struct sk_buff {
	unsigned long _nfct;
};

#pragma clang attribute pop

/* a program's context has no members to be found */
struct bpf_nf_ctx {
	const void *state;
	struct sk_buff *skb;
};

/* since 6.2 */
void *bpf_rdonly_cast(void *object, __u32 type) __ksym __weak;

/* "struct nf_conn" of vmlinux, by ctcount: modules can have another, and then
 * bpf_core_type_id_kernel() takes neither
 */
const volatile __u32 nf_conn_type;

/* ctcount says how many entries it has, and in whose lists they are */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sources SEC(".maps");

static __always_inline void count(__u32 source)
{
	__u64 *seen = bpf_map_lookup_elem(&sources, &source), first = 1;

	if (seen)
		(*seen)++;
	else
		bpf_map_update_elem(&sources, &source, &first, BPF_ANY);
}

static __always_inline void count_typed(struct nf_conn *ct)
{
	if (ct->tuplehash[0].tuple.src.l3num == CTCOUNT_IPV4)
		count(ct->tuplehash[0].tuple.src.u3.ip);
}

/* of a connection that is known by its address only */
static __always_inline void count_read(struct nf_conn *ct)
{
	if (BPF_CORE_READ(ct, tuplehash[0].tuple.src.l3num) == CTCOUNT_IPV4)
		count(BPF_CORE_READ(ct, tuplehash[0].tuple.src.u3.ip));
}

static __always_inline struct nf_conn *typed(unsigned long nfct)
{
	return bpf_rdonly_cast((void *)(nfct & CTCOUNT_POINTER), nf_conn_type);
}

/* the entry itself, as it is inserted; a connection that fails comes never here */
SEC("fentry/__nf_conntrack_hash_insert")
int BPF_PROG(insert, struct nf_conn *ct)
{
	count_typed(ct);
	return 0;
}

SEC("fentry/__nf_conntrack_confirm")
int BPF_PROG(confirm_cast, struct sk_buff *skb)
{
	count_typed(typed(skb->_nfct));
	return 0;
}

SEC("fentry/__nf_conntrack_confirm")
int BPF_PROG(confirm_read, struct sk_buff *skb)
{
	count_read((struct nf_conn *)(skb->_nfct & CTCOUNT_POINTER));
	return 0;
}

SEC("kprobe/__nf_conntrack_hash_insert")
int BPF_KPROBE(probe, struct nf_conn *ct)
{
	count_read(ct);
	return 0;
}

SEC("kprobe.multi/__nf_conntrack_hash_insert")
int BPF_KPROBE(probe_multi, struct nf_conn *ct)
{
	count_read(ct);
	return 0;
}

/* before confirmation, of all packets; libbpf 1.1 knows no such section, so ctcount
 * says what it is
 */
SEC("netfilter")
int hook(struct bpf_nf_ctx *ctx)
{
	unsigned long nfct = ctx->skb->_nfct;
	struct nf_conn *ct;

	if (nfct & CTCOUNT_POINTER) {
		ct = typed(nfct);
		if (!(ct->status & CTCOUNT_CONFIRMED))
			count_typed(ct);
	}
	return CTCOUNT_ACCEPT;
}

char ctcount_license[] SEC("license") = "GPL";
