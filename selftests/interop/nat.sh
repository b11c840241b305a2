#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: behind NAT of every kind a connection is one, of the address that
# opened it, and arrives as without the module.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=100

ktap_print_header
need_module conntrack
need_kmod nft_nat nft_masq nft_redir
topo_up 2
ktap_set_plan 9
on r nft -f - <<-END
table ip ctri_nat {
	chain pre {
		type nat hook prerouting priority dstnat;
		ip daddr 10.0.1.1 udp dport 53 dnat to $S4:7053
		udp dport 54 redirect to :7054
	}
	chain post {
		type nat hook postrouting priority srcnat;
		oifname "s" masquerade
	}
}
END
watch
sink s -t 100 -d "$S4" -p udp
gen c1 -n $N -s 10.0.1.11 -d "$S4" --sport 10000-10099 --dport 9
gen c1 -n $N -s 10.0.1.12 -d 10.0.1.1 --sport 10000-10099 --dport 53
gen c1 -n $N -s 10.0.1.13 -d "$S4" --sport 10000-10099 --dport 54
t_flows "masquerade" 10.0.1.11 $N
t_flows "DNAT" 10.0.1.12 $N
t_flows "redirect" 10.0.1.13 $N
t_eq "no address but those" "$(src_sum r insert)" $((3 * N + INTEROP_MAX * 85 / 100))
t_eq "entries are as many" "$(kstat r entries)" "$(src_sum r insert)"
t_eq "the census knows original sources" \
	"$(col census entries record=source "netns=${topo_inode[r]}" name=10.0.1.12)" $N
t_done
ktap_finished
