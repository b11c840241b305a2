#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause churn: a load balancer's connections have been answered and closed, and
# wait out two minutes of TIME_WAIT. It did nothing wrong.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 churn critical
router nft
setting max 4096
ordinary c2 8
asking c1 -a "$S4" -p 7000 --tcp -r 150 --open 500 --wait 3000
t_found 90
t_sentence 'with connections that are over'
t_eq "found: nobody is told to close connections" \
	"$(jq -r '.findings[0] | .sentence, .who[].text' "$lib_tmp/found.json" | grep -i 'does not close')" ""
t_only
t_spares 10.0.1.2 10.0.2.2 "$S4"
t_fix
t_settled
t_gone 60
t_check
t_reboot 5
scenario_end
