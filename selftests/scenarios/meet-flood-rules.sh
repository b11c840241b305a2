#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two meet: one source floods, and the host has rules in two backends. The flood
# is the story; its fix is written for the backend that the host's rules are in.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 flood critical
router nft
on r iptables-legacy -A FORWARD -s 10.0.2.66 -j DROP
setting max 2048
ordinary c2 8
flood c1 -r 500 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.66: .* new connections a second' '^10\.0\.2\.2: '
t_also rules
t_only rules
t_spares 10.0.2.2 "$S4"
t_dialect nft
t_fix
t_predicted
t_gone 40
scenario_end
