#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause spoofed: UDP packets to one port from made-up addresses, on a host of
# iptables-nft: the port is better left untracked.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 20 spoofed critical
router iptables-nft
internet_at c1
setting max 2048
ordinary c2 10
flood c1 -r 500 -p udp -s 198.18.0.1 --sources 400000 -d "$S4" \
	--sport 10000-60000 --dport 443
t_found 40 '^whoever sends them' '^10\.0\.2\.2: '
t_sentence 'full: a flood of UDP packets from made-up addresses'
t_only
t_spares 10.0.2.2
t_dialect nft
t_has "fix: the port isn't tracked any more" "$(found_lines now)" 'udp dport 443 notrack'
t_eq "fix: blocks no address, and raises no maximum" \
	"$(found_lines now | grep -E 'saddr 198|conntrack_max')" ""
t_fix
t_predicted
t_gone 40
t_check
t_reboot 10
scenario_end
