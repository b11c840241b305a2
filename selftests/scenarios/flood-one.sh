#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: one source opens more connections than the table holds, and another
# suffers. The rules are nft's.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 18 flood critical
router nft
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.66: .* new connections a second' '^10\.0\.2\.2: '
t_sentence 'full: 10\.0\.1\.66 alone has [0-9,]+ of its [0-9,]+ entries, connections that it opens'
t_only
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_gone 40
t_check
t_undo
t_reboot 10
scenario_end
