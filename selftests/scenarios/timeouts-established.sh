#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause timeout: TCP connections of peers that are gone, of no source and no
# destination more than of any other. Nobody leaks; the five days that conntrack
# waits are what is wrong. Those that were opened under a shorter timeout look so
# much older once it is raised.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

silent()
{
	on r conntrack -L -p tcp -s 203.0.113.0/24 2>/dev/null | grep -c tcp
}

scenario 18 timeout critical
small_router 256
live_at c1 203.0.113.0/24
live_at s 10.77.0.0/24
hold_silent c1 205 9000 -a 10.77.0.1 --from 203.0.113.1 --froms 15 --dests 14
hold c2 20
ordinary c2 8
t_found 40 '^nf_conntrack_tcp_timeout_established is 432000 ' '^10\.0\.2\.2: '
t_only
t_spares 203.0.113.1 10.77.0.1 10.0.2.2
# The timeout that conntrack gives them while data waits for its acknowledgment
t_run "connections in the middle of their work" on r conntrack -U -p tcp \
	-s 10.0.2.2 --dport 7001 -t 250
t_fix
t_eq "fix: the silent ones are gone, the others are not" "$(silent) $(held c2)" "0 20"
t_predicted
t_gone 30
t_check
t_reboot 5
t_num "for good: the timeout leaves idle connections the 2 hours and 4 minutes of RFC 5382" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_timeout_established)" -ge 7440
scenario_end
