#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause scan: one source of IPv6 tries every port of one host.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 scan critical
router nft
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s fd00:0:1::66 -d "$S6" --sport 40000-40003 --dport 1-6999 --random
t_found 40 '^fd00:0:1::/64: ' '^10\.0\.2\.2: '
t_sentence 'full: fd00:0:1::/64 asks about [0-9,]+ destinations and ports'
t_only
t_accuses fd00:0:1::/64
t_spares 10.0.2.2 "$S6"
t_fix
t_predicted
t_gone 40
scenario_end
