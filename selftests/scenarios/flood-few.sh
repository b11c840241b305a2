#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: a handful of sources, none of them with half of the traffic. There are
# so few that each can be named and dropped.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

each_named()
{
	[ "$(jq '.findings[0].who | length' "$lib_tmp/found.json")" = 4 ]
}

scenario 14 flood critical
router nft
setting max 2048
ordinary c2 10
flood c1 -r 600 -p tcp -s 10.0.1.66 --sources 4 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.69: .* new connections a second' '^10\.0\.2\.2: '
t_sentence 'full: 4 sources \(.*\) alone have [0-9,]+ of its [0-9,]+ entries, connections that they'
t_run "found: each is named" each_named
t_only
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_gone 40
scenario_end
