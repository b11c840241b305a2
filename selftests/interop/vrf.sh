#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: a packet that enters a VRF passes PRE_ROUTING twice, and is counted
# once.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=200

ktap_print_header
need_module conntrack
need_kmod vrf
topo_up 2
ktap_set_plan 8
ip -n "$(ns_name r)" -batch - <<-'END' || ktap_skip_all "no VRF in this kernel or iproute2"
link add blue type vrf table 100
link set blue up
link set c1 master blue
link set c2 master blue
link set s master blue
END
# enslaving drops what IPv6 had, and neighbours
ip -n "$(ns_name r)" -force -batch "$lib_tmp/router" 2>/dev/null
on r sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
watch
before=$(nft_packets r ctri_ct arrived)
seen=$(nft_packets s ctri_edge seen)
gen c1 -n $N -s 10.0.1.11 -d "$S4" --sport 10000-10199
t_flows "each connection once" 10.0.1.11 $N
t_eq "all of it passed" "$(($(nft_packets s ctri_edge seen) - seen))" $N
t_eq "entries" "$(on r conntrack -L -s 10.0.1.11 2>/dev/null | grep -c src=)" $N
gen c1 -n 50 -s 10.0.1.12 -d "$S4" -p tcp --flags A --sport 1-50
t_src "INVALID: each once" r invalid 10.0.1.12 50
t_eq "INVALID: the kernel counts each twice" "$(nsv r k_invalid)" 100
t_num "PRE_ROUTING was passed twice" \
	$(($(nft_packets r ctri_ct arrived) - before)) -ge $((2 * N))
t_lossless
t_clean "kernel log"
ktap_finished
