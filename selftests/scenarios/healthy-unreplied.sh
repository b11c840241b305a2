#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong, though the table looks nearly full: nine of ten entries wait
# for an answer that never comes, and the kernel may evict them for new ones.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

nearly_full()
{
	[ "$(on r sysctl -n net.netfilter.nf_conntrack_count)" -ge 1780 ]
}

# On a slow machine the clients may not have begun yet: then nobody is answered.
answered()
{
	[ "$(on r conntrack -L 2>/dev/null | grep -vc UNREPLIED)" -ge 60 ]
}

scenario 6 healthy ok
router nft
setting max 2048
setting udp_timeout 5
gen c1 -n 1800 -r 800 -p tcp -s 10.0.1.10 --sources 60 -d "$S4" --sport 10000-60000 --dport 443-542
ordinary c2 5
wait_until 20 answered
t_run "the table is nearly full" nearly_full
t_healthy 6
t_has "healthy: says what may be evicted" "$(said .summary)" \
	'\((8[0-9]|9[0-9]) %\), room for [0-9,]+ more, and [0-9,]+ of them may be evicted'
scenario_end
