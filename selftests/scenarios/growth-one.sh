#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause growth: one address holds nine tenths of the table, with connections that
# all talk. It is a proxy, and nobody accuses it.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 growth critical
router nft
setting max 512
ordinary c2 10
serve 7001 c1
asking c1 -a "$S4" -p 7001 --tcp --hold -n 600 -r 100 --open 50 --talk 4000 --wait 3000
t_found 40 '^10\.0\.1\.2: '
t_sentence 'real work'
t_only
t_spares 10.0.1.2 10.0.2.2 "$S4"
t_fix
t_num "fix: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" -gt 700
t_gone 30
scenario_end
