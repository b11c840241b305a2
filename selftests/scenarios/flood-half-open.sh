#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: one client begins handshakes with a service that answers, and
# completes none.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 flood critical
router nft
internet_at c1
setting max 2048
ordinary c2 10
flood c1 -r 400 -p tcp -s 198.51.100.66 -d "$S4" --sport 10000-60000 --dport 7000
t_found 40 '^198\.51\.100\.66: ' '^10\.0\.2\.2: '
t_sentence 'full: 198\.51\.100\.66 '
t_only
t_accuses 198.51.100.66
t_spares 10.0.2.2 10.0.1.2
t_fix
t_predicted
t_gone 40
scenario_end
