#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong: a NAT router at 60 % of its maximum, with many connections
# that come and go.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

busy()
{
	[ $((100 * $(on r sysctl -n net.netfilter.nf_conntrack_count))) -ge $((52 * 2048)) ]
}

scenario 6 healthy ok
router nft
on r nft add table ip nat
on r nft add chain ip nat post '{ type nat hook postrouting priority srcnat; }'
on r nft add rule ip nat post oifname s masquerade
setting max 2048
setting udp_timeout 20
setting tcp_timeout_time_wait 20
ordinary c1 20
ordinary c2 20
t_run "the table is used to 52 % at least" wait_until 120 busy
t_healthy 12
t_has "healthy: says how full it is" "$(said .summary)" '\((5[2-9]|6[0-9]|7[0-4]) %\)'
scenario_end
