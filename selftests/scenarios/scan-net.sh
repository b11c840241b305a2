#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause scan: one source asks a whole network for one port, and hardly anybody is
# there.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 scan critical
router nft
on r ip route add 10.77.0.0/16 via "$S4" dev s
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s 10.0.1.66 -d 10.77.0.1 --dests 60000 --sport 40000-40999 \
	--dport 445 --random
t_found 40 '^10\.0\.1\.66: ' '^10\.0\.2\.2: '
t_sentence 'full: 10\.0\.1\.66 asks about [0-9,]+ destinations and ports'
t_only
t_accuses 10.0.1.66
t_spares 10.0.2.2 10.0.1.2 10.77.0.1
t_fix
t_predicted
t_gone 40
t_check
t_reboot 10
scenario_end
