#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: one source floods a host whose rules are iptables-nft's. A table of our
# own stands beside them, and what takes it back leaves them as they were.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 19 flood critical
router iptables-nft
setting max 2048
ordinary c2 10
flood c1 -r 500 -p udp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.66: .* new connections a second' '^10\.0\.2\.2: '
t_sentence 'full: 10\.0\.1\.66 alone has [0-9,]+ of its [0-9,]+ entries, connections that it opens'
t_only
t_spares 10.0.2.2 "$S4"
t_dialect nft
t_fix
t_predicted
t_gone 40
t_check
t_undo
t_reboot 10
scenario_end
