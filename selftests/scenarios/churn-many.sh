#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause churn: a hundred clients of a web server, each with one connection after
# the other.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 churn critical
router nft
live_at c1 203.0.113.0/24
setting max 2048
ordinary c2 8
asking c1 -a "$S4" -p 7000 --tcp -r 150 --open 500 --wait 3000 --from 203.0.113.1 --froms 100
t_found 90
t_only
t_spares 203.0.113.1 203.0.113.0/24 10.0.2.2 "$S4"
t_fix
t_settled
t_gone 60
scenario_end
