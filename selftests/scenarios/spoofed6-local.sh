#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause spoofed: made-up addresses of IPv6 begin handshakes with a service of this
# host itself.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 spoofed critical
router nft
internet_at c1
peer_serve r :: 7000 600
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s 2001:db8::1 --sources 400000 --step 80 -d fd00:0:1::1 \
	--sport 10000-60000 --dport 7000
t_found 40 '^whoever sends them' '^10\.0\.2\.2: '
t_sentence 'made-up'
t_only
t_eq "fix: blocks no address, and raises no maximum" \
	"$(found_lines now | grep -E 'saddr 2001|conntrack_max')" ""
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_gone 40
scenario_end
