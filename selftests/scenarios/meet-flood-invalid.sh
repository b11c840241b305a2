#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A flood and INVALID packets meet, of the same source: one culprit, one story,
# and one rule that ends both. A second source of INVALID packets is told behind
# it, as what makes the full table worse.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

complains_of()
{
	look
	[[ " $LOOK_CAUSES " == *" $1 "* ]]
}

scenario 21 flood critical
router nft 3
setting max 2048
ordinary c2 10
flood c1 -r 400 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
flood c1 -r 200 -p tcp --flags R -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 80
t_found 40 '^10\.0\.1\.66: .*; [0-9,]+ INVALID packets a second besides' '^10\.0\.2\.2: '
t_sentence 'full: 10\.0\.1\.66 alone has [0-9,]+ of its [0-9,]+ entries, connections that it opens'
# Until the table was full, the INVALID packets were all there was to complain of
t_eq "found: one story" "$(jq -r '[.findings[] | select(.severity != "ok").cause] | join(" ")' \
	"$lib_tmp/found.json")" flood
t_never timeout stuck memory buckets rules clash netns untrack uncounted persist blind
flood c3 -r 400 -p tcp --flags R -s 10.0.3.66 -d "$S4" --sport 10000-60000 --dport 80
t_run "a second source of INVALID packets is seen" wait_until 40 complains_of invalid
t_found 10 '^10\.0\.1\.66: '
t_eq "found: the second source isn't taken for a victim" \
	"$(jq -r '.findings[0].suffers[].text' "$lib_tmp/found.json" | grep '^10\.0\.3\.66')" ""
t_also invalid
t_has "found: refers to the full table" \
	"$(jq -r '.findings[] | select(.cause == "invalid").sentence' "$lib_tmp/found.json")" \
	'^10\.0\.3\.66 sends .* which makes the full table worse'
t_fix
t_predicted
t_gone 40
scenario_end
