#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two meet: one client's forgotten connections hold half of the table, and
# questions to a name server most of the rest.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 leak warning
small_router 512
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30
hold_silent c1 300 92000
peer_serve s 0.0.0.0 53 600
port_open udp 53
ordinary c2 5
asking c2 -a "$S4" -p 53 -r 30 --open 20
t_found 60 '^10\.0\.1\.2'
t_says evidence 'a question with its answer'
t_only
t_spares 10.0.2.2 "$S4"
t_fix
t_eq "fix: they are gone" "$(held c1)" 0
t_gone 30
scenario_end
