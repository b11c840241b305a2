#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: live entries that the gc worker kills after a refusal, which no
# counter of the kernel's shows, are counted and named as evictions of its own.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=1000
BUCKETS=16384			# see pressure.sh: refusals, which wake it

port=30000

# vanished - entries that are gone, and that no counter of the kernel's shows: none
# expires during the test
vanished()
{
	echo $(($(nsv r inserts) - $(kstat r early_drop) - $(kstat r entries)))
}

# gc_came - refuses some packets, and looks. gc_worker() (nf_conntrack_core.c)
# kills live entries only where a packet was refused since its last run.
gc_came()
{
	gen c1 -n 20 -s 10.0.1.2 -d "$S4" --sport $port-$((port + 19))
	port=$((port + 20))
	[ "$(vanished)" -ge 1 ]
}

# look - read all that is compared; fails if the worker killed something meanwhile
look()
{
	local before

	before=$(nsv r gc_evictions)
	stands=$(kstat r entries)
	early_drop=$(kstat r early_drop)
	read -r gc early inserts <<<"$(nsv r gc_evictions,evictions,inserts)"
	went=$((inserts - early_drop - stands))
	victims=$(($(src_kind r evicted 10.0.1.2 gc_) + $(src_kind r evicted 10.0.2.2 gc_)))
	held=$(on r conntrack -L -s 10.0.2.2 2>/dev/null | wc -l)
	lost=$(src r evicted 10.0.2.2 count)
	[ "$(nsv r gc_evictions)" = "$before" ]
}

ktap_print_header
need_module conntrack
topo_up 2
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 8
put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
put /proc/sys/net/netfilter/nf_conntrack_max $MAX

# The probes have to be armed before the first packet is refused
gen c1 -n 600 -s 10.0.1.2 -d "$S4" --sport 10000-10599
gen c2 -n 300 -s 10.0.2.2 -d "$S4" --sport 10000-10299
t_run "pressure arms the probes" wait_until 10 probes_are armed
gen c1 -n 500 -s 10.0.1.2 -d "$S4" --sport 20000-20499
refused=$(nsv r refusals)
t_num "packets were refused" "$refused" -ge 1

# It runs within a minute; on 5.10 within two
wait_until 140 gc_came
wait_until 10 look || ktap_exit_fail_msg "it does not stop to kill"
t_num "the gc worker came" $went -ge 1
t_eq "its kills are counted" "$gc" $went
t_eq "and the kernel's early_drop does not have them" "$early_drop" \
	"$((early + $(nsv r evictions_unattr)))"
t_eq "its victims are named" "$victims" "$gc"
t_eq "a victim's loss is what it doesn't hold any more" "${lost:-0}" "$((300 - held))"
module_unload
t_clean "kernel log"
ktap_finished
