#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: one network of IPv6 floods a host whose rules are iptables-legacy's.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 20 flood critical
need_tools iptables-legacy
router iptables-legacy
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s fd00:0:1::66 -d "$S6" --sport 10000-60000 --dport 443-542
t_found 40 '^fd00:0:1::/64: .* new connections a second' '^10\.0\.2\.2: '
t_sentence 'full: fd00:0:1::/64 alone has [0-9,]+ of its [0-9,]+ entries, connections that it opens'
t_only
t_spares 10.0.2.2 "$S4"
t_dialect iptables-legacy
t_fix
t_predicted
t_gone 40
t_eq "fix: nothing of nf_tables was loaded by it" "$([ ! -d /sys/module/nf_tables ] || on r nft list ruleset)" ""
t_check
t_undo
t_reboot 10
scenario_end
