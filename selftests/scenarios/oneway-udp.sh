#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause oneway: likewise, with UDP: a name server's answers come by here, its
# questions don't. It looks like one that scans its clients' ports.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 oneway critical
router nft
live_at c1 203.0.113.0/24
shortcut c1 c1
port_open udp 53
peer_serve s 0.0.0.0 53 600
setting max 1024
ordinary c2 10
asking c1 -a "$S4" -p 53 -r 150 --open 50 --from 203.0.113.1 --froms 30
asking c1 -a "$S4" -p 7000 --tcp -r 10 --open 50
t_found 60
t_sentence 'one direction'
t_only
t_spares 10.0.2.2
t_eq "fix: drops nothing" "$(found_lines now | grep -v '^#' | grep -iE 'drop|reject')" ""
t_fix
t_predicted
t_gone 60
scenario_end
