#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: behind SYNPROXY, a flood of SYNs makes no insertion, and a connection
# is one. What SYNPROXY answers without conntrack, and the ACK to that, is INVALID
# to conntrack by design: it is counted as such, and the reader blames nobody.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=10
FLOOD=800
READER=$CTRI_DIR/../userspace/conntriage

ktap_print_header
need_module conntrack
need_kmod nf_synproxy_core nft_synproxy
topo_up 2
ktap_set_plan 10
on r nft -f - <<-'END' || ktap_skip_all "this nft or kernel has no synproxy"
table ip ctri_syn {
	chain raw {
		type filter hook prerouting priority raw;
		iifname "c1" tcp flags syn / syn,ack,fin,rst notrack
	}
	chain forward {
		type filter hook forward priority filter;
		iifname "c1" ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
		ct state invalid drop
	}
}
END
on r sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose
	echo 1 >/proc/sys/net/ipv4/tcp_syncookies
	echo 1 >/proc/sys/net/ipv4/tcp_timestamps'
watch
inserts=$(nsv r inserts)
gen c1 -n $FLOOD -s 10.0.1.66 -d "$S4" -p tcp --sport 10000-$((9999 + FLOOD)) --dport 7001
t_eq "a flood of SYNs: no insertion" "$(nsv r inserts)" "$inserts"
t_src "a flood of SYNs: an answer each, that conntrack knows nothing of" \
	r invalid "$S4" $FLOOD
peer_serve s "$S4" 7001 100
t_has "connections are answered" \
	"$(on c1 "$CTRI_TOOLS/ctpeer" ask --tcp -a "$S4" -p 7001 -n $N -t 60 --wait 5000)" "answered=$N( |\$)"
t_flows "each is one insertion" 10.0.1.2 $N
t_eq "its handshake's ACK is mid-stream, once" \
	"$(src_kind r invalid 10.0.1.2 inv_midstream)" $N
t_eq "INVALID is what the kernel says it is" "$(nsv r invalid)" "$(nsv r k_invalid)"
t_eq "entries" "$(on r conntrack -L -s 10.0.1.2 2>/dev/null | grep -c src=)" $N
if [ -x "$READER" ]; then
	t_eq "the reader blames nobody for it" \
		"$(on r "$READER" 2>&1 | grep -c "INVALID packets a second\|don't fit")" 0
else
	ktap_test_skip "the reader blames nobody for it" "userspace/conntriage is not built"
fi
t_lossless
t_clean "kernel log"
ktap_finished
