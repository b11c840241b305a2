#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong any more: a burst of new connections was more than the table
# holds for a moment. The kernel made room by killing what may be killed, and
# refused nothing. The all-clear says that it happened.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

absorbed()
{
	[ "$(nsv r evictions)" -ge 50 ] && nsv_is r refusals 0
}

calm()
{
	[ $((100 * $(on r sysctl -n net.netfilter.nf_conntrack_count))) -lt $((70 * 2048)) ]
}

scenario 7 healthy ok
# Few buckets: among the eight that it looks at, the kernel finds a victim
echo 'options nf_conntrack hashsize=512' >/etc/modprobe.d/nf_conntrack.conf
router nft
setting max 2048
setting udp_timeout 5
ordinary c2
gen c1 -n 2400 -r 1500 -p udp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_run "the kernel made room, and refused nothing" absorbed
t_run "the burst is over" wait_until 90 calm
t_healthy 6
t_has "healthy: says that there was a burst" "$(said .summary)" 'a burst was absorbed'
scenario_end
