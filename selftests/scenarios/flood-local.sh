#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause pressure: the flood comes from this host itself. Dropping its address would cut
# off the host: its new connections are limited, and the program is looked for.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 pressure critical
router nft
setting max 2048
# Long, for a slow machine has to fill the table, too
setting udp_timeout 25
ordinary c2 10
# Nobody answers at this port: the program gives up soon and asks again. Four of
# them, as each waits a millisecond at least.
for _ in 1 2 3 4; do
	bg r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 443 -n 60000 -r 100 -t 600 --wait 1
	bad_roles+=(r)
	bad_pids+=("$BG_PID")
done
t_found 90 '^10\.0\.100\.1 \(this host\): ' '^10\.0\.2\.2: '
t_sentence 'full: this host itself \(10\.0\.100\.1\) alone opens [0-9,]+ new connections'
t_only
t_eq "fix: doesn't cut off the host" \
	"$(found_lines now | grep -v limit | grep drop)" ""
t_fix
t_gone 120		# until the worker has reaped what expired
t_check
t_reboot 10
scenario_end
