#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause unanswered: a worm on two hundred hosts of twenty-four networks, each of which
# asks for hosts that aren't there. Nobody has enough to be named, and no rule meets them
# alone; they wait for less long. Its twin for whom nobody answers: unanswered-monitor.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 unanswered critical
small_router 1024
on r ip route add 10.77.0.0/16 via "$S4" dev s
ordinary c2 8
for net in {1..24}; do
	flood c1 -r 2 -p tcp -s "203.0.$net.1" --sources 8 -d 10.77.0.1 --dests 60000 \
		--sport 40000-40999 --dport 445 --random
done
t_found 60
t_sentence "full: [0-9,]+ of its [0-9,]+ entries wait for answers that don't come, and no source"
t_only
t_never flood scan spoofed dead
t_spares 10.0.2.2 203.0.1.1 203.0.24.8 "$S4"
t_fix
t_predicted
t_gone 40
t_check
t_says undo 'sysctl -w net\.netfilter\.nf_conntrack_tcp_timeout_syn_sent=120'
scenario_end
