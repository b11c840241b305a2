#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause dead: likewise over IPv6, from forty networks.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 dead critical
router nft
live_at c1 2001:db8:66::/48
port_dead 7443
setting max 1024
ordinary c2 10
asking c1 -a "$S6" -p 7443 --tcp --from 2001:db8:66::1 --froms 40 --step 64 -r 120 --open 400 \
	--wait 2500
bad c1
t_found 60 '7443'
t_sentence '7443'
t_only
t_spares 2001:db8:66::1 2001:db8:66::/48 10.0.2.2
t_fix
t_predicted
t_gone 60
scenario_end
