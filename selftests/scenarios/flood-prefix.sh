#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: two hundred addresses of one network ask for what nobody answers.
# None of them sends much, and one rule for their network ends it.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 17 flood critical
router nft
setting max 2048
ordinary c2 10
flood c1 -r 600 -p tcp -s 203.0.113.1 --sources 200 -d "$S4" --sport 10000-60000 --dport 443-542 \
	--random
t_found 40 '^the network 203\.0\.113\.0/24: ' '^10\.0\.2\.2: '
t_sentence 'full: the network 203\.0\.113\.0/24 '
t_eq "found: no member of the network is taken for a victim" \
	"$(found_lines suffers | grep '^the network 203')" ""
t_only
t_accuses 203.0.113.0/24
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_gone 40
t_check
t_undo
scenario_end
