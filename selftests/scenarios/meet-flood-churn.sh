#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two meet: half of the table is a flood, and a third is a proxy's closed
# connections. The flood comes first, as its lever frees most; the rest fits then,
# so what the proxy has is told as evidence. It isn't accused.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 flood critical
router nft 3
setting max 2048
ordinary c2 10
asking c3 -a "$S4" -p 7000 --tcp -r 40 --open 50 --wait 3000
sleep 12
flood c1 -r 300 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.66: '
t_accuses 10.0.1.66
t_spares 10.0.3.2 10.0.2.2 "$S4"
t_says evidence 'connections that are closed'
t_only churn
# Where the table is full only the proxy's entries stay: they have grown since that look
look && cp "$JSON" "$lib_tmp/found.json"
t_fix
t_predicted
t_gone 40
scenario_end
