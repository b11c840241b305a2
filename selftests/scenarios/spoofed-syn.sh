#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause spoofed: SYNs to a service that answers them, from addresses that are made up
# and that no route shows to be false. SYNPROXY is the cure; the service goes on.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 20 spoofed critical
router nft
internet_at c1
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s 198.18.0.1 --sources 400000 -d "$S4" \
	--sport 10000-60000 --dport 7000
t_found 40 '^whoever sends them' '^10\.0\.2\.2: '
t_sentence 'full: a flood of TCP connection attempts \(SYN\) from made-up addresses'
t_says evidence 'as widely as over at least ([5-9][0-9]{2}|[0-9]{1,3},[0-9]{3}) sources'
t_only
t_spares 10.0.2.2
t_has "fix: SYNPROXY for the service" "$(found_lines now)" 'tcp dport 7000 .* synproxy '
t_eq "fix: blocks no address, and raises no maximum" \
	"$(found_lines now | grep -E 'saddr 198|conntrack_max')" ""
t_fix
t_predicted
t_gone 40
t_check
t_reboot 10
scenario_end
