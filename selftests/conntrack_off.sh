#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: where conntrack is not enabled the module reports nothing, and it
# never enables it.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

traffic()
{
	gen c1 -n 200 -s 10.0.1.11 -d "$S4" --sport 10000-10199
	gen c1 -n 200 -s fd00:0:1::11 -d "$S6" -p tcp --sport 10000-10199
	gen c1 -n 200 -s 10.0.1.11 -d "$S4" -p tcp --flags FA --sport 10000-10199
	gen c1 -n 200 -s 10.0.1.11 -d "$S4" -p tcp --fault badsum
	gen c1 -n 20 -s 10.0.1.11 -d 10.0.1.1 --sport 10000-10019
	on r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 20 -t 30 --wait 5000 >/dev/null
}

# seen ROLE - what the module says of it
seen()
{
	nsv "$1" conntrack,inserts,invalid
}

hooked()
{
	[ "$(status hooked_namespaces)" -ge 1 ]
}

ktap_print_header
need_module
ktap_set_plan 16
topo_up 1 "" noct
peer_serve s "$S4" 7000 120
module_load

traffic
t_eq "router without conntrack: no insertion, nothing INVALID" "$(seen r)" "0 0 0"
t_eq "the packets went through it" "$(nft_packets s ctri_edge seen)" 800
t_eq "client" "$(seen c1)" "0 0 0"
t_eq "server" "$(seen s)" "0 0 0"
t_eq "no source of it has a row" "$(src_sum r insert) $(src_sum r invalid)" "0 0"
t_eq "the kernel has no entry of it" "$(kstat r entries)" 0
t_eq "the kernel counted nothing INVALID in it" "$(kstat r invalid)" 0

# Enabled by a rule: from then on the module sees it
topo_conntrack r
t_run "conntrack enabled later is noticed" wait_until 10 nsv_is r conntrack 1
t_run "and gets hooks" wait_until 10 hooked
gen c1 -n 50 -s 10.0.1.12 -d "$S4" --sport 10000-10049
gen c1 -n 40 -s 10.0.1.12 -d "$S4" -p tcp --flags SF
t_eq "and its packets are counted" \
	"$(src r insert 10.0.1.12 count) $(src r invalid 10.0.1.12 count)" "50 40"
t_eq "client and server still say nothing" "$(seen c1), $(seen s)" "0 0 0, 0 0 0"

# And disabled again: no packet is counted any more
on r nft delete table inet ctri_ct
before=$(nsv r inserts,invalid)
traffic
t_run "conntrack disabled again is noticed" wait_until 10 nsv_is r conntrack 0
t_eq "and nothing is counted any more" "$(nsv r inserts,invalid)" "$before"

# A namespace born after the module
ns_add late
t_eq "a later namespace has a row" "$(seen late)" "0 0 0"
inode=$(ns_inode late)
ns_del late
gone()
{
	[ -z "$(col netns id "netns=$inode")" ]
}
t_run "which goes with it" wait_until 30 gone
module_unload
t_clean "kernel log"
ktap_finished
