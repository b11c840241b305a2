#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause scan: the one who scans is where the administrator's session comes from. No
# rule cuts it off, which is said: at most what it asks the scanned port is limited.
# From the console the same scan is dropped.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 scan critical
router nft
on r ip route add 10.77.0.0/16 via "$S4" dev s
setting max 2048
ordinary c2
flood c1 -r 500 -p tcp -s 10.0.1.66 -d 10.77.0.1 --dests 60000 --sport 40000-40999 \
	--dport 445 --random
export SSH_CONNECTION="10.0.1.66 50000 10.0.1.1 22"
t_found 40 '^10\.0\.1\.66: '
t_only
t_has "session: it is said" "$(said '.findings[0] | .against[].text, .price')" \
	'10\.0\.1\.66.* is where somebody is logged in from'
t_eq "session: no rule meets more than the scanned port" \
	"$(jq -r "$JOINED .findings[] | .now[], .for_good[] | joined" "$JSON" | grep -v '^#' |
	   grep -E '10\.0\.1\.66' | grep -E 'drop|reject|DROP|REJECT' | grep -v 'dport 445 .* limit')" ""
unset SSH_CONNECTION
t_found 10 '^10\.0\.1\.66: '
t_has "console: it is cut off" "$(found_lines now)" 'saddr 10\.0\.1\.66 counter drop'
scenario_end
