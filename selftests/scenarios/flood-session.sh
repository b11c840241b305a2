#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: the one who floods is where the administrator's session comes from. No
# rule cuts it off, nor is anything deleted that is answered; who isn't there is limited.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 flood critical
router nft
setting max 2048
ordinary c2
flood c1 -r 500 -p udp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
export SSH_CONNECTION="10.0.1.66 50000 10.0.1.1 22"
t_found 40 '^10\.0\.1\.66: '
t_only
t_has "session: it is said" "$(said '.findings[0] | .against[], .price')" \
	'10\.0\.1\.66.* is where somebody is logged in from'
t_eq "session: no rule drops it" \
	"$(jq -r "$JOINED .findings[] | .now[], .for_good[] | joined" "$JSON" | grep -v '^#' |
	   grep -E '10\.0\.1\.66' | grep -v -e limit -e unanswered -e conntrack -e table)" ""
unset SSH_CONNECTION
# from the console, the same flood is dropped
t_found 10 '^10\.0\.1\.66: '
t_has "console: it is cut off" "$(found_lines now)" 'saddr 10\.0\.1\.66 counter drop'
scenario_end
