#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause timeout: somebody has raised the timeout of UDP twentyfold, and entries that
# nobody waits for any more fill the table.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 timeout warning
router nft
setting max 300
setting tcp_timeout_time_wait 5
# Entries that were made under a shorter timeout look older by the difference
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=300
gen c1 -n 220 -r 400 -s 10.0.1.10 --sources 44 -d "$S4" --sport 10000-60000 --dport 600
setting udp_timeout 600
ordinary c2 1
# until its rate can be seen
sleep 16
t_found 40 '^nf_conntrack_udp_timeout is 600 seconds'
t_sentence 'entries \([0-9]+ %\) wait out a timeout that was raised to 10 minutes'
t_only
on c2 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 3 -r 10 -t 5 --wait 3000 >/dev/null
fresh=$(on r conntrack -L -p udp -s 10.0.2.2 2>/dev/null | grep -c .)
t_fix
t_predicted
t_eq "fix: the silent ones are gone" \
	"$(on r conntrack -L -p udp --dport 600 2>/dev/null | grep -c .)" 0
t_num "fix: the others are not" "$(on r conntrack -L -p udp -s 10.0.2.2 2>/dev/null |
	grep -c .)" -ge "$fresh"
t_gone 30
t_check
t_reboot 5
t_eq "for good: the timeout" "$(on r sysctl -n net.netfilter.nf_conntrack_udp_timeout)" 30
scenario_end
