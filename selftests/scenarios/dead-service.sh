#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause dead: sixty clients ask a service that has hung, and ask again. They are
# answered elsewhere; the service is what is wrong.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 dead critical
router nft
live_at c1 203.0.113.0/24
port_dead 7443
setting max 2048
ordinary c2 10
asking c1 -a "$S4" -p 7000 --from 203.0.113.1 --froms 60 -r 10
asking c1 -a "$S4" -p 7443 --tcp --from 203.0.113.1 --froms 60 -r 120 --open 400 --wait 2500
bad c1
t_found 60 '10\.0\.100\.2.*7443|7443.*10\.0\.100\.2'
t_sentence '7443'
t_only
t_spares 203.0.113.1 203.0.113.0/24 10.0.2.2
t_eq "fix: SYNPROXY is no cure" "$(found_lines now | grep -i synproxy)" ""
t_fix
t_predicted
t_settled
t_gone 60
t_check
t_undo
scenario_end
