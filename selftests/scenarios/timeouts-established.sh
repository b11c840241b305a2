#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause timeout: TCP connections that have said nothing for more than an hour keep
# their entries for five days, and the table is full of them. Those that were
# opened under a shorter timeout look so much older once it is raised.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 timeout critical
small_router 256
hold_silent c1 205 6000
hold c2 20
ordinary c2 8
t_found 40 '^nf_conntrack_tcp_timeout_established is 432000 ' '^10\.0\.2\.2: '
t_sentence 'belong to TCP connections that have said nothing for over an hour'
t_says evidence 'tcp_timeout_established=3600 would free 205 entries \([0-9]+ %\) now'
t_only
# The timeout that conntrack gives them while data waits for its acknowledgment
t_run "connections in the middle of their work" on r conntrack -U -p tcp \
	-s 10.0.2.2 --dport 7001 -t 250
t_fix
t_eq "fix: the silent ones are gone, the others are not" "$(held c1) $(held c2)" "0 20"
t_gone 30
t_check
t_reboot 5
t_eq "for good: the timeout" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_timeout_established)" 3600
scenario_end
