#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause pressure: one source holds most of the table, with connections that it opens a
# few at a time and never closes. Another opens more than it does, and isn't to
# blame.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

holds()
{
	[ "$(on r conntrack -L -s 10.0.1.2 2>/dev/null | wc -l)" -ge "$1" ]
}

# Its connections are gone after a boot: it opens them again
booted()
{
	bg c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 300 --tcp --hold -t 600 --wait 300
}

scenario 16 pressure critical
router nft
setting max 440
setting udp_timeout 10
setting tcp_timeout_time_wait 10
ordinary c2 12
booted
t_run "one source holds connections" wait_until 60 holds 290
bg c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 60000 -r 2 --tcp --hold -t 600 --wait 300
opener=$BG_PID
t_found 40 '^10\.0\.1\.2: ' '^10\.0\.2\.2: '
t_sentence 'full: 10\.0\.1\.2 alone holds [0-9,]+ of the [0-9,]+ entries'
t_only
t_fix
t_gone 40
t_run "fixed: it goes on opening" kill -0 "$opener"
t_check
t_reboot 25
scenario_end
