#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause leak: the connections of sixty clients to one server have said nothing for
# a day: the server doesn't close what is dead. The clients aren't to blame.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 leak critical
small_router 256
live_at c1 203.0.113.0/24
hold_silent c1 205 92000 --from 203.0.113.1 --froms 60
hold c2 20
ordinary c2 8
t_found 40 '10\.0\.100\.2' '^10\.0\.2\.2: '
t_sentence '7001'
t_only
t_spares 203.0.113.1 203.0.113.0/24
t_fix
t_eq "fix: the others are still there" "$(held c2)" 20
t_predicted
t_gone 30
scenario_end
