#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: one of those behind a gateway floods, the others work. The rule
# meets what is unanswered, not the gateway. Were more of its entries answered, as
# those of a proxy with a dead server are, it would be told that the server is dead.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 flood critical
router nft
live_at c1 203.0.113.77/32
setting max 4096
ordinary c2 10
asking c1 -a "$S4" -p 7000 --from 203.0.113.77 -r 5
asking c1 -a "$S4" -p 7000 --from 203.0.113.77 -r 3 --tcp --open 10
flood c1 -r 500 -p udp -s 203.0.113.77 -d "$S4" --sport 10000-60000 --dport 4500
t_found 40 '^203\.0\.113\.77: '
t_only
t_eq "fix: nobody drops the gateway as a whole" \
	"$(grep -E 'saddr 203\.0\.113\.77( counter)? drop|-s 203\.0\.113\.77 -j DROP' "$TYPED")" ""
t_fix
FLOWS=c1 FLOWS_FROM=203.0.113.77
t_predicted
t_gone 40
scenario_end
