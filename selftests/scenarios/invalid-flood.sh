#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Causes growth and invalid: INVALID packets from one source, on a table that others have
# filled. None of them is ever in the table, but each makes the kernel look for room. The
# office is what fills it: that is told first, and this behind it. The rules drop INVALID
# already; only a drop before conntrack would spare the kernel that.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# Ninety clients of an office with 22 connections each
crowd()
{
	local i j

	for i in {1..90}; do
		for j in {1..22}; do
			echo "-I -p tcp -s 10.77.0.$i -d $S4 --sport $((20000 + j)) --dport 443" \
				"--state ESTABLISHED -u ASSURED,SEEN_REPLY -t 432000"
		done
	done >"$lib_tmp/crowd"
	on r conntrack -R "$lib_tmp/crowd"
}

scenario 15 growth critical
router nft
setting max 2048
t_run "an office fills the table" crowd
ordinary c2 10
flood c1 -r 500 -p tcp --flags R -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '' '^10\.0\.2\.2: '
t_sentence 'full with real work'
t_also invalid
t_never timeout leak chatter clash rules netns buckets persist
t_has "found: says that dropping INVALID in the filter is no cure" \
	"$(jq -r '.findings[] | select(.cause == "invalid").price' "$lib_tmp/found.json")" 'below -200'
t_fix
t_gone 40
t_check
scenario_end
