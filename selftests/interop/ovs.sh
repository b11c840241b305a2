#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: connections that Open vSwitch commits are counted for their source where
# confirmation is watched by ftrace; where it is watched by hooks they are not seen,
# and "status" says that it is.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=140

ktap_print_header
need_module conntrack
# and it starts daemons, so nobody installs it for this
command -v ovs-dpctl >/dev/null ||
	ktap_skip_all "no ovs-dpctl; it is in the package openvswitch-switch"
need_kmod openvswitch
topo_up 2
# its ports are 1 and 2: 0 is the switch itself
on r ovs-dpctl add-dp ctri && on r ovs-dpctl add-if ctri c1 && on r ovs-dpctl add-if ctri s &&
	on r ovs-dpctl add-flow ctri 'in_port(1),eth(),eth_type(0x0800),ipv4(frag=no)' \
		'ct(commit,zone=9),2' >"$lib_tmp/ovs" 2>&1 ||
	ktap_skip_all "ovs-dpctl does not work here: $(tail -n 1 "$lib_tmp/ovs")"
ktap_set_plan 4
module_load
watched r
gen c1 -n $N -s 10.0.1.11 -d "$S4" --sport 10000-10139
t_eq "entries that the switch made" \
	"$(on r conntrack -L -s 10.0.1.11 2>/dev/null | grep -c zone=9)" $N
case $(status confirm) in
ftrace)
	t_eq "are counted for their source" \
		"$(src r insert 10.0.1.11 count,err,kinds)" "$N 0 udp=$N" ;;
*)
	t_eq "are not seen by hooks" "$(src r insert 10.0.1.11 count)" "" ;;
esac
on r ovs-dpctl del-dp ctri
t_lossless
t_clean "kernel log"
ktap_finished
