#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong: a NAT router at 60 % of its maximum, with many connections
# that come and go.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

entries()
{
	on r sysctl -n net.netfilter.nf_conntrack_count
}

busy()
{
	[ $((100 * $(entries))) -ge $((52 * 2048)) ]
}

# near NR - that, or up to 3 % of the maximum off
near()
{
	local off

	[ "$1" ] && off=$(($1 - $(entries))) && [ "${off#-}" -le 61 ]
}

scenario 6 healthy ok
router nft
on r nft add table ip nat
on r nft add chain ip nat post '{ type nat hook postrouting priority srcnat; }'
on r nft add rule ip nat post oifname s masquerade
setting max 2048
setting udp_timeout 20
setting tcp_timeout_time_wait 20
# Most stay open: how many of the others there are depends on when the kernel's
# garbage collection comes by
hold c1 450
hold c2 450
ordinary c1 5
ordinary c2 5
t_run "the table is used to 52 % at least" wait_until 120 busy
t_healthy 12
look
t_run "healthy: says how full it is" \
	near "$(said .summary | sed -n 's/.* OK - \([0-9,]*\) of 2,048 .*/\1/p' | tr -d ,)"
scenario_end
