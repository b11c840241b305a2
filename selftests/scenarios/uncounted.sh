#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two meet: one source floods the host, and whenever a packet is refused there,
# the kernel kills live connections of a container that did nothing: its table
# is nearly as full. No counter of the kernel shows these.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# The second in which they were killed has to be over, to be in the history
killed()
{
	if [ "${CONNTRIAGE_PLAY:-}" = without ]; then
		[ "$(on xr sysctl -n net.netfilter.nf_conntrack_count)" -le 970 ]
		return
	fi
	[ "$(nsv xr gc_evictions)" -ge 10 ] &&
		[ "$(col history gc_evictions | add_up)" -ge 10 ]
}

scenario 14 flood critical
router nft
setting max 1000
topo_up 1 x
watched xr
gen xc1 -n 980 -s 10.0.1.10 --sources 49 -d "$S4" --sport 10000-10019 --dport 443
ordinary c2 8
flood c1 -r 300 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
t_run "the kernel kills the container's connections" wait_until 100 killed
t_found 40 '^10\.0\.1\.66: .* new connections a second' '^10\.0\.2\.2: '
t_also uncounted
t_eq "its victim is the container" "$(jq -r '.findings[] | select(.cause == "uncounted") |
	.suffers[].text | capture("^namespace ctri[0-9]+-(?<role>[a-z]+) ").role' \
	"$lib_tmp/found.json")" xr
# true of that container: hardly one of its connections is answered, and they wait for long
t_only uncounted oneway timeout
t_fix
t_predicted
t_gone 40
scenario_end
