#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause scan: a program of this host looks for open ports in a network. The
# program is named, and the host isn't cut off.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 scan critical
router nft
on r ip route add 10.77.0.0/16 via "$S4" dev s
setting max 1024
ordinary c2 10
unit scanner r "$CTRI_TOOLS/ctpeer" ask -a 10.77.0.1 -p 22 --tcp --dests 60000 -n 60000 \
	-r 250 --open 300 --wait 1000 -t 600
bad r
t_found 60 '^(10\.0\.100\.1 \(this host\)|scanner\.service)' '^10\.0\.2\.2: '
t_says who 'scanner\.service'
t_only
t_eq "fix: doesn't cut off the host" "$(found_lines now | grep -v limit | grep drop)" ""
t_fix
t_gone 60
scenario_end
