#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause dead: all who ask the service that has hung are behind one gateway. It
# looks like a flood of one source, which is answered everywhere else.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 dead critical
router nft
live_at c1 203.0.113.77/32
port_dead 7443
setting max 2048
ordinary c2 10
asking c1 -a "$S4" -p 7000 --from 203.0.113.77 -r 15
asking c1 -a "$S4" -p 7000 --from 203.0.113.77 -r 2 --tcp
asking c1 -a "$S4" -p 7443 --tcp --from 203.0.113.77 -r 120 --open 400 --wait 2500
bad c1
t_found 60 '7443'
t_never flood scan spoofed
t_only
t_eq "fix: nobody drops the gateway" \
	"$(grep -E 'saddr 203\.0\.113\.77( counter)? drop|-s 203\.0\.113\.77 -j DROP' "$TYPED")" ""
t_spares 10.0.2.2
t_fix
t_predicted
t_gone 60
scenario_end
