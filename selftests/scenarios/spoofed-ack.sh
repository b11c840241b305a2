#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause spoofed: ACKs from the middle of connections that there never were, from
# made-up addresses. Conntrack takes each for a connection; tcp_loose=0 ends that.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 19 spoofed critical
router nft
internet_at c1
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp --flags A -s 198.18.0.1 --sources 400000 -d "$S4" \
	--sport 10000-60000 --dport 443
t_found 40 '^whoever sends them' '^10\.0\.2\.2: '
t_sentence 'full: a flood of TCP packets from the middle of connections \(ACK\) from made-up'
t_only
t_spares 10.0.2.2
t_eq "fix: blocks no address, and raises no maximum" \
	"$(found_lines now | grep -E 'saddr 198|conntrack_max')" ""
t_fix
t_predicted
t_gone 40
t_check
t_reboot 10
t_eq "for good: tcp_loose is 0 after the reboot" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_loose)" 0
scenario_end
