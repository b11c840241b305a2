#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause oneway: a client's packets come by here, the server's take a shortcut. The
# host sees handshakes that nobody answers, and acknowledgments of what it never
# saw, which its rules drop as INVALID.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 oneway critical
router nft
shortcut c1 s
setting max 1024
ordinary c2 10
serve 7000 c1
asking c1 -a "$S4" -p 7000 --tcp -r 80 --open 300 --wait 3000
asking c1 -a "$S4" -p 7000 -r 60
t_found 60
t_sentence 'one direction'
t_only
t_spares 10.0.2.2
t_eq "fix: drops nothing" "$(found_lines now | grep -v '^#' | grep -iE 'drop|reject')" ""
t_fix
t_predicted
t_gone 60
t_flows "fixed: what takes that path flows" c1
t_check
t_undo
scenario_end
