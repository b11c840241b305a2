#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: the module can be loaded and unloaded hundreds of times under a flood
# that evicts all the time, at any moment of its own life, and nothing adds up.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

ktap_print_header
need_module
topo_up 1
module_load
need_quiet_host 400
module_unload
n=$(rounds 200 20)
ktap_set_plan 8

put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max 1000
flood c1 -r 2000
full()
{
	[ "$(kstat r early_drop)" -gt 0 ]
}
t_run "the table is full" wait_until 30 full
leaks_begin
before=$(percpu)

loaded=0 saw=0 unloaded=0
lib_module=1
for ((i = 0; i < n; i++)); do
	module_insert && loaded=$((loaded + 1))
	# every tenth until it has seen the flood, the others after up to 0.3 s:
	# before the first tick, in the middle of arming, or under way
	if [ $((i % 10)) -eq 0 ]; then
		wait_until 20 sees_traffic && saw=$((saw + 1))
	else
		sleep "0.$((i * 7 % 30 / 10))$((i * 7 % 10))"
	fi
	rmmod conntriage && unloaded=$((unloaded + 1))
done
t_eq "loaded $n times" $loaded "$n"
t_eq "unloaded $n times" $unloaded "$n"
t_eq "saw the flood when it had the time" $saw $(((n + 9) / 10))
t_run "the flood went on" kill -0 "$FLOOD"
bg_end "$FLOOD"
t_eq "nothing remains" "$(remains)" ""
after=$(percpu)
t_num "per-CPU memory is not used up ($before KiB, now $after)" \
	$((after - before)) -le 256
t_no_leaks "no memory is lost"
ktap_finished
