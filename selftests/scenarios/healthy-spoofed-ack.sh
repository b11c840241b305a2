#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong, and the twin of forgotten: ACKs from made-up addresses, which
# tcp_loose=0 and the rules keep out of the table. Nobody here has forgotten
# anything.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

dropped()
{
	[ "$(nsv r inv_midstream)" -ge 2000 ]
}

scenario 6 healthy ok
router nft
internet_at c1
setting max 2048
setting tcp_loose 0
ordinary c2 10
flood c1 -r 500 -p tcp --flags A -s 198.18.0.1 --sources 400000 -d "$S4" \
	--sport 10000-60000 --dport 443
t_run "they are INVALID" wait_until 30 dropped
t_healthy 6
t_never forgotten oneway
scenario_end
