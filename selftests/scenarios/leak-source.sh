#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause leak: established connections that have been silent for more than a day,
# all of one client that went away without a word.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 15 leak critical
small_router 512
hold_silent c1 455 92000
hold c2 20
ordinary c2 8
t_found 40 '^10\.0\.1\.2' '^10\.0\.2\.2: '
t_sentence '10\.0\.1\.2'
t_only
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_eq "fix: the dead ones are gone, the others are not" "$(held c1) $(held c2)" "0 20"
t_gone 30
t_check
t_says for_good 'keepalive'
scenario_end
