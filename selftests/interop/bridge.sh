#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: a bridge that passes its packets through netfilter, by br_netfilter
# or by conntrack of its own, shows each connection once and every packet with
# its right reason.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=200

# bridge_up - a second router: between its clients there is a bridge, and
# nothing knows of IP
bridge_up()
{
	topo_up 2 x noct
	ip -n "$(ns_name xr)" -batch - <<-END || ktap_exit_fail_msg "no bridge"
	link add br0 type bridge
	addr flush dev c1
	addr flush dev s
	link set c1 master br0
	link set s master br0
	link set br0 up
	END
	# the server is a neighbour now
	ip -n "$(ns_name xc1)" addr add 10.0.100.11/24 dev eth0
	on xs nft -f - <<-'END' || ktap_exit_fail_msg "no counter in the server"
	table inet ctri_seen {
		counter seen { }
		chain pre {
			type filter hook prerouting priority -310;
			ip saddr 10.0.100.20-10.0.100.29 counter name seen
		}
	}
	END
	ip -n "$(ns_name xc1)" neigh replace "$S4" lladdr 02:00:00:00:64:02 dev eth0
}

# send SOURCE CTGEN-OPTIONS... - to the server, past the router
send()
{
	local source=$1

	shift
	on xc1 "$CTRI_TOOLS/ctgen" -i eth0 --mac 02:00:00:00:64:02 \
		--netns "${topo_inode[xc1]}" -s "$source" -d "$S4" "$@" >/dev/null ||
		ktap_exit_fail_msg "ctgen failed: $*"
}

passed()
{
	nft_packets xs ctri_seen seen
}

ktap_print_header
need_module conntrack
need_kmod bridge br_netfilter nf_conntrack_bridge
topo_up 2
bridge_up
ktap_set_plan 12
watch

# br_netfilter: the inet family's rules
on xr sh -c 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables' ||
	ktap_exit_fail_msg "no bridge-nf-call-iptables"
on xr nft -f - <<-'END'
table inet ctri_ct {
	chain pre {
		type filter hook prerouting priority 0;
		ct state invalid counter
	}
}
END
on xr sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
watched xr
send 10.0.100.21 -n $N --sport 10000-10199
send 10.0.100.22 -n 50 -p tcp --flags A --sport 1-50
t_src "br_netfilter: each connection once" xr insert 10.0.100.21 $N
t_eq "br_netfilter: entries" "$(kstat xr entries)" $N
t_src "br_netfilter: INVALID, once" xr invalid 10.0.100.22 50
t_eq "br_netfilter: as mid-stream" "$(src_kind xr invalid 10.0.100.22 inv_midstream)" 50
t_eq "br_netfilter: all of it passed" "$(passed)" $((N + 50))

# Conntrack of the bridge's own
on xr sh -c 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables'
on xr nft delete table inet ctri_ct
on xr conntrack -F 2>/dev/null
on xr nft -f - <<-'END' || ktap_exit_fail_msg "no conntrack for bridges"
table bridge ctri_ct {
	chain pre {
		type filter hook prerouting priority 0;
		ct state invalid counter
	}
}
END
send 10.0.100.23 -n $N --sport 10000-10199
t_src "the bridge's conntrack: each connection once" xr insert 10.0.100.23 $N
t_eq "the bridge's conntrack: entries" "$(kstat xr entries)" $N
t_eq "the bridge's conntrack: all of it passed" "$(passed)" $((2 * N + 50))
t_eq "the other namespace saw none of it" \
	"$(col sources source "netns=${topo_inode[r]}" | grep -c '^10\.0\.100\.')" 0
t_done
ktap_finished
