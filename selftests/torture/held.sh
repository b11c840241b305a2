#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: nf_conntrack can't be unloaded while this module holds it, can be when
# it is gone, and is watched again when both are back.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

# What else may hold it on this kernel
USERS="nft_chain_nat nft_ct nft_nat nft_masq nft_redir nft_queue nf_conntrack_netlink nf_nat"

held_by()
{
	awk '$1 == "nf_conntrack" { print $4 }' /proc/modules
}

let_go()
{
	local m

	for m in $USERS; do
		rmmod "$m" 2>/dev/null
	done
	[ "$(held_by)" = - ]
}

ktap_print_header
need_module
held_by | grep -q . || ktap_skip_all "nf_conntrack is built in"
wait_until 30 let_go || ktap_skip_all "nf_conntrack is in use: $(held_by)"
n=$(rounds 10 3)
ktap_set_plan 5
leaks_begin
refused=0 unloaded=0 seen=0
for ((i = 0; i < n; i++)); do
	module_load
	rmmod nf_conntrack 2>"$lib_tmp/err"
	grep -q conntriage "$lib_tmp/err" && refused=$((refused + 1))
	topo_up 1
	watched r
	gen c1 -n 20 -s 10.0.1.11 -d "$S4" --sport 10000-10019
	[ "$(src r insert 10.0.1.11 count)" = 20 ] && seen=$((seen + 1))
	topo_down
	module_unload
	wait_until 60 let_go && wait_until 60 rmmod nf_conntrack && unloaded=$((unloaded + 1))
done
t_eq "nf_conntrack's unload is refused, and says by whom" $refused "$n"
t_eq "it is watched each time" $seen "$n"
t_eq "it can be unloaded after this module" $unloaded "$n"
t_eq "nothing remains" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
