#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: the flood comes from this host itself. Dropping its address would cut
# off the host: its new connections are limited, and the program is looked for.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 flood critical
router nft
setting max 1024
ordinary c2 10
unit flooder r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 443 --ports 100 -n 60000 -r 300 --open 100 \
	--wait 200 -t 600
bad r
t_found 90 '^10\.0\.100\.1 \(this host\): ' '^10\.0\.2\.2: '
t_sentence 'full: this host itself, 10\.0\.100\.1 alone has [0-9,]+ of its [0-9,]+ entries'
t_only
t_spares 10.0.2.2 "$S4"
t_eq "fix: doesn't cut off the host" \
	"$(found_lines now | grep -v limit | grep drop)" ""
t_fix
t_predicted
t_gone 120		# until the worker has reaped what expired
t_check
t_undo
scenario_end
