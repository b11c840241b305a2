#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause growth, and the twin of flood-prefix: two hundred clients of one network
# fill the table, too, but each of them is answered, and goes on talking.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 growth critical
router nft
setting max 512
live_at c1 203.0.113.0/24
ordinary c2 10
serve 7001 c1
asking c1 -a "$S4" -p 7001 --tcp --hold -n 600 -r 100 --open 50 --talk 4000 --wait 3000 \
	--from 203.0.113.1 --froms 200
t_found 40 . '^(10\.0\.2\.2|203\.0\.113\.)'
t_sentence 'real work'
t_only
t_spares 203.0.113.1 10.0.2.2 "$S4"
t_fix
t_num "fix: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" -gt 700
t_gone 30
t_check
t_reboot 5
scenario_end
