// SPDX-License-Identifier: GPL-2.0
/*
 * A classifier of tc that puts the connection of every IPv4 UDP packet into the
 * conntrack table by itself, and drops the packet: what a load balancer in BPF does.
 * For clang -target bpf; interop/bpf.sh compiles and loads it.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#define SEC(name)	__attribute__((section(name), used))
#define __ksym		__attribute__((section(".ksyms")))

/* net/netfilter/nf_conntrack_bpf.c, as far as all kernels have it */
struct bpf_ct_opts {
	__s32 netns_id;		/* -1: the packet's */
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

/* what is in them is of no interest, but that they are structures */
struct nf_conn {
	unsigned long status;
};

struct nf_conn___init {
	unsigned long status;
};

struct nf_conn___init *bpf_skb_ct_alloc(struct __sk_buff *skb,
					struct bpf_sock_tuple *tuple, __u32 tuple_size,
					struct bpf_ct_opts *opts, __u32 opts_size) __ksym;
struct nf_conn *bpf_ct_insert_entry(struct nf_conn___init *ct) __ksym;
void bpf_ct_set_timeout(struct nf_conn___init *ct, __u32 msec) __ksym;
void bpf_ct_release(struct nf_conn *ct) __ksym;

static long (*const load_bytes)(const void *skb, __u32 offset, void *to,
				__u32 len) = (void *)BPF_FUNC_skb_load_bytes;

#define ETH_LEN		14
#define IPV4_LEN	20
#define UDP		17

SEC("tc")
int ctinsert(struct __sk_buff *skb)
{
	struct bpf_ct_opts opts = { .netns_id = -1, .l4proto = UDP };
	struct bpf_sock_tuple tuple = { };
	struct nf_conn___init *made;
	struct nf_conn *ct;

	/* both addresses, and both ports, are beside each other in either */
	if (load_bytes(skb, ETH_LEN + 12, &tuple.ipv4.saddr, 8) ||
	    load_bytes(skb, ETH_LEN + IPV4_LEN, &tuple.ipv4.sport, 4))
		return TC_ACT_OK;
	made = bpf_skb_ct_alloc(skb, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (!made)
		return TC_ACT_SHOT;
	bpf_ct_set_timeout(made, 600000);
	ct = bpf_ct_insert_entry(made);
	if (ct)
		bpf_ct_release(ct);
	return TC_ACT_SHOT;
}

char ctinsert_license[] SEC("license") = "GPL";
