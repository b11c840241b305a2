#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause invalid: a connection whose answers take another way. The host sees that the
# client acknowledges what never came by, and calls all of it INVALID.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# Only the handshake goes both ways through the router
handshake()
{
	gen c1 -n 1 -s 10.0.1.66 -d "$S4" -p tcp --sport 20000 --dport 443 --flags S --seq 1000
	gen s -n 1 -s "$S4" -d 10.0.1.66 -p tcp --sport 443 --dport 20000 --flags SA \
		--seq 5000 --ack 1001
	gen c1 -n 1 -s 10.0.1.66 -d "$S4" -p tcp --sport 20000 --dport 443 --flags A \
		--seq 1001 --ack 5001
}

scenario 17 invalid warning
router nft
ordinary c2
handshake
flood c1 -r 100 -p tcp --flags A -s 10.0.1.66 -d "$S4" --sport 20000 --dport 443 \
	--seq 1001 --ack 900000000
t_found 40 '^10\.0\.1\.66: '
t_sentence 'one direction of them \(asymmetric routing\)'
t_only
t_eq "fix: drops nothing" "$(found_lines now | grep -iE 'drop')" ""
t_fix
t_gone 40
t_check
t_reboot 10
t_eq "for good: tcp_be_liberal is 1 after the reboot" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_be_liberal)" 1
scenario_end
