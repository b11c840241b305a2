#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause chatter: this host is the resolver, and asks others what it is asked. They
# answer; every question leaves an entry for half a minute.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 17 chatter critical
router nft
setting max 1024
peer_serve s 0.0.0.0 53 600
port_open udp 53
ordinary c2 8
unit resolver r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 53 -n 60000 -r 120 --open 50 \
	--wait 3000 -t 600
t_found 60 '^UDP port 53: '
t_sentence 'DNS'
t_only
t_spares 10.0.100.1 10.0.2.2
t_fix
t_predicted
t_gone 60
t_eq "fix: this host still gets its answers" "$(on r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 53 \
	-n 20 -r 40 -t 30 --wait 3000 | sed 's/ seconds.*//')" "asked=20 answered=20"
t_check
t_reboot 10
scenario_end
