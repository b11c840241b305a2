#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause invalid: INVALID packets from one source, on a table that others have filled.
# None of them is ever in the table, but each makes the kernel look for room.
# The rules drop INVALID already; only a drop before conntrack helps.

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

scenario 17 invalid critical
router nft
setting max 2048
t_run "an office fills the table" crowd
ordinary c2 10
flood c1 -r 500 -p tcp --flags R -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_found 40 '^10\.0\.1\.66: .* a second' '^10\.0\.2\.2: '
t_sentence 'full, and [0-9,]+ INVALID packets a second make it worse'
t_never timeout stuck untrack clash rules netns buckets persist
t_has "found: says that dropping INVALID in the filter is no cure" \
	"$(jq -r '.findings[0].price' "$lib_tmp/found.json")" 'below -200'
t_fix
on r conntrack -D -s 10.77.0.0 --mask-src 255.255.255.0 >/dev/null 2>&1
t_gone 40
t_check
t_reboot 10
scenario_end
