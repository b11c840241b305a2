#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: two sources flood, and the cure is "conntriage fix | sh"; its dry run
# changes nothing, and "conntriage fix --undo | sh" takes all of it back.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 flood critical
router nft
setting max 2048
ordinary c2
flood c1 -r 600 -p tcp -s 10.0.1.66 --sources 2 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.6[67]: .* new connections a second' '^10\.0\.2\.2: '
t_only
t_spares 10.0.2.2 "$S4"
t_script
t_gone 40
t_script_undo
scenario_end
