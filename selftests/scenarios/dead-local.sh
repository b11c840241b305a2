#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause dead, and the twin of flood-local: a program of this host asks a backend
# that has hung, and asks again. Nobody floods; the backend is what is wrong.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 dead critical
router nft
port_dead 7443
setting max 1024
ordinary c2 10
unit webapp r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7443 --tcp -n 60000 -r 150 --open 400 \
	--wait 2500 -t 600
bad r
t_found 60 '7443'
t_says who 'webapp\.service'
t_only
t_eq "fix: doesn't cut off the host" "$(found_lines now | grep -v limit | grep drop)" ""
t_spares 10.0.2.2
t_fix
t_gone 60
scenario_end
