#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: where zones let two customers have the same addresses, each of their
# connections is counted, and the census tells the zones apart.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=150

# zone ID COLUMN
zone()
{
	col census "$2" record=zone "netns=${topo_inode[r]}" "zone=$1"
}

ktap_print_header
need_module conntrack
topo_up 3
ktap_set_plan 8
on r nft -f - <<-'END'
table inet ctri_zone {
	chain pre {
		type filter hook prerouting priority -300;
		iifname "c1" ct zone set 11
		iifname "c3" ct original zone set 13
	}
}
END
watch
# The very same connections of two customers
gen c1 -n $N -s 192.0.2.1 -d "$S4" --sport 10000-10149
gen c3 -n $N -s 192.0.2.1 -d "$S4" --sport 10000-10149
t_flows "the same connections, in two zones: both" 192.0.2.1 $((2 * N))
t_eq "entries in zone 11" "$(zone 11 entries)" $N
t_eq "entries in zone 13, of the original direction" "$(zone 13 entries)" $N
t_eq "the kernel agrees" "$(on r conntrack -L -s 192.0.2.1 2>/dev/null | grep -c src=)" $((2 * N))
# And again: they are known
gen c1 -n $N -s 192.0.2.1 -d "$S4" --sport 10000-10149
t_flows "known connections are not counted again" 192.0.2.1 $((2 * N))
t_done
ktap_finished
