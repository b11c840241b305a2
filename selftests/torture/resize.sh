#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: while the number of buckets and the maximum change every 50 ms, a
# census is whole, and has every entry that stands still or says that it may
# not.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

STILL=500
BUCKETS="4096 16384 8192 32768"
MAXIMA="2000 300000 3000 250000"

# Each says how often it changed something, when it is told to stop
changer()
{
	local file=$1 values=$2 v n=0

	while [ ! -e "$lib_tmp/stop" ]; do
		for v in $values; do
			echo "$v" >"$file" && n=$((n + 1))
			sleep 0.05
		done
	done
	echo $n
}

# A line a census: restarts, entries of the namespace that stands still, and
# rows that are not whole
counter()
{
	while [ ! -e "$lib_tmp/stop" ]; do
		awk -v netns="${topo_inode[xr]}" '
			NR == 1 { head = NF }
			NF != head { bad++ }
			$1 == "walk" && $4 == "restarts" { restarts = $5 }
			$1 == "netns" && $2 == netns { n = $5 }
			END { print restarts, n + 0, bad + 0 }' "$CTRI_FS/census"
	done
}

ktap_print_header
need_module
topo_up 1
topo_up 1 x
put /proc/sys/net/netfilter/nf_conntrack_buckets 16384
put /proc/sys/net/netfilter/nf_conntrack_max 250000
module_load
watched r
watched xr
ktap_set_plan 9
gen xc1 -n $STILL -s 10.0.1.11 -d "$S4" --sport 10000-$((9999 + STILL))
leaks_begin
flood c1 -r 1000
changer /proc/sys/net/netfilter/nf_conntrack_buckets "$BUCKETS" >"$lib_tmp/buckets" &
lib_pids+=($!)
changer /proc/sys/net/netfilter/nf_conntrack_max "$MAXIMA" >"$lib_tmp/max" &
lib_pids+=($!)
counter >"$lib_tmp/censuses" &
lib_pids+=($!)

sleep "$(rounds 20 6)"
# censuses that no resize kept from being whole
whole()
{
	awk '$1 < 3' "$lib_tmp/censuses" | wc -l
}
counted()
{
	[ "$(wc -l <"$lib_tmp/censuses")" -ge 5 ] && [ "$(whole)" -ge 1 ]
}
wait_until 60 counted
: >"$lib_tmp/stop"
bg_end "$FLOOD"
wait
ktap_print_msg "$(wc -l <"$lib_tmp/censuses") censuses, $(cat "$lib_tmp/buckets") resizes, $(cat "$lib_tmp/max") maxima"
t_num "the table was resized" "$(cat "$lib_tmp/buckets")" -ge 4
t_num "the maximum was changed" "$(cat "$lib_tmp/max")" -ge 4
t_num "censuses were taken" "$(wc -l <"$lib_tmp/censuses")" -ge 5
t_num "not all of them were late" "$(whole)" -ge 1
t_eq "every row of them is whole" "$(awk '$3' "$lib_tmp/censuses")" ""
# after 3 restarts a walk is finished as it is, and says so
t_eq "no entry that stands still is missing, unless it is said" \
	"$(awk -v n=$STILL '$1 < 3 && $2 != n' "$lib_tmp/censuses")" ""
t_eq "all of them are there still" "$(kstat xr entries)" $STILL
module_unload
t_eq "nothing remains" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
