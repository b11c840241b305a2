#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: beside IPVS, with and without its use of conntrack, connections are
# balanced as before, and counted as conntrack has them.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=100

# asked VIP - connections that were answered
asked()
{
	on c1 "$CTRI_TOOLS/ctpeer" ask -a 10.0.1.1 -p "$1" --sport 20000 -n $N -t 60 \
		--wait 3000 |
		sed -n 's/.*answered=\([0-9]*\).*/\1/p'
}

ktap_print_header
need_module conntrack ipvsadm
need_kmod ip_vs ip_vs_rr
topo_up 2
ktap_set_plan 8
for port in 7001 7002; do
	on r ipvsadm -A -u 10.0.1.1:$port -s rr &&
		on r ipvsadm -a -u 10.0.1.1:$port -r "$S4:$port" -m ||
		ktap_exit_fail_msg "ipvsadm failed"
	peer_serve s "$S4" $port 200
done
watch
on r sh -c 'echo 1 >/proc/sys/net/ipv4/vs/conntrack'
t_eq "with conntrack: all are answered" "$(asked 7001)" $N
t_flows "with conntrack: each once" 10.0.1.2 $N
t_eq "with conntrack: entries" "$(on r conntrack -L -s 10.0.1.2 2>/dev/null | grep -c src=)" $N
on r conntrack -D -s 10.0.1.2 >/dev/null 2>&1
before=$(nsv r inserts)
on r sh -c 'echo 0 >/proc/sys/net/ipv4/vs/conntrack'
t_eq "without conntrack: all are answered" "$(asked 7002)" $N
t_eq "without conntrack: as many as there are entries" \
	"$(($(nsv r inserts) - before))" "$(on r conntrack -L -s 10.0.1.2 2>/dev/null | grep -c src=)"
t_done
ktap_finished
