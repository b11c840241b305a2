#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause leak: a program of this host opens connections and forgets them. It is
# named, so that somebody can mend it.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 leak critical
small_router 256
UNIT=leaky hold_silent r 205 92000
hold c2 20
ordinary c2 8
t_found 40 'leaky\.service' '^10\.0\.2\.2: '
t_only
t_says who 'ctpeer'
t_fix
t_eq "fix: the others are still there" "$(held c2)" 20
t_predicted
t_gone 30
scenario_end
