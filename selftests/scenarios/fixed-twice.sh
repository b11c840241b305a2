#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause flood: our cure is in place, and another one comes. What is in place is
# judged, and its commands aren't printed again. And whoever drops everybody has
# not cured anything.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 24 flood critical
router nft 3
setting max 2048
ordinary c2 10
flood c1 -r 500 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443
t_found 40 '^10\.0\.1\.66: ' '^10\.0\.2\.2: '
t_accuses 10.0.1.66
t_fix
t_predicted
t_gone 40
look
t_eq "in place: isn't printed again" \
	"$(said '.findings[] | .now[]' | grep -v '^#' | naming 10.0.1.66)" ""
t_has "in place: is judged" "$(said '.. | strings')" '10\.0\.1\.66.* drop'
flood c3 -r 500 -p tcp -s 10.0.3.66 -d "$S4" --sport 10000-60000 --dport 443
t_found 40 '^10\.0\.3\.66: '
t_accuses 10.0.3.66
t_eq "another: the first isn't accused again" "$(found_lines now | grep -v '^#' | naming 10.0.1.66 |
	grep -v 10.0.3.66)" ""
t_fix
t_gone 40
on r nft insert rule inet conntriage-flood-10.0.3.66 pre drop || ktap_exit_fail_msg "the cure can't be spoilt"
sleep 8
look
t_eq "a router that drops everybody isn't healthy" "$(said '.summary' | grep -c OK)" 0
scenario_end
