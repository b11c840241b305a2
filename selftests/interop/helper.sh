#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: a connection that a helper expects is found RELATED as before, and
# counted for the address that opened it.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=5

# request PORT - read a file by TFTP: the answer comes from another port
request()
{
	on c1 bash -c 'printf "\0\1file\0octet\0" >/dev/udp/'"$S4/69" || return
	port=$(on r conntrack -L -p udp --dport 69 2>/dev/null |
		sed -n 's/.*src=10.0.1.2 dst=10.0.100.2 sport=\([0-9]*\) dport=69.*/\1/p' | head -n 1)
}

ktap_print_header
need_module conntrack
need_kmod nf_conntrack_tftp nft_ct
topo_up 2
ktap_set_plan 7
on r nft -f - <<-'END' || ktap_skip_all "this nft or kernel has no helper objects"
table inet ctri_helper {
	ct helper tftp { type "tftp" protocol udp; }
	counter related { }
	chain pre {
		type filter hook prerouting priority 0;
		udp dport 69 ct helper set "tftp"
		ct state related counter name related
	}
}
END
watch
made=0
for ((i = 0; i < N; i++)); do
	request
	gen s -n 1 -s "$S4" -d 10.0.1.2 --sport $((30000 + i)) --dport "${port:-1}"
	on r conntrack -D -p udp --dport 69 >/dev/null 2>&1 && made=$((made + 1))
done
t_num "requests" $made -eq $N
t_flows "the client opened those" 10.0.1.2 $N
t_flows "the server, what was expected" "$S4" $N
t_eq "expected connections are RELATED" "$(nft_packets r ctri_helper related)" $N
t_done
ktap_finished
