#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: the module comes and goes at any moment under traffic, with its
# probes armed and readers in its files, and leaves nothing behind.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

ktap_print_header
need_module
topo_up 1
module_load
need_quiet_host 400
module_unload
taint=$(cat /proc/sys/kernel/tainted)
ktap_set_plan 8

# A full table, so that every packet asks for an eviction. Not at full speed: an
# emulated machine would have no time for anything else
put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max 1000
gen_bg c1 -n 20000000 -t 900 -r 8000 -s 10.0.1.11 --sources 200 -d "$S4" \
	--sport 10000-60000 --dport 1-1000
flood=$BG_PID

rounds=$([ "$QUICK" ] && echo 4 || echo 20)
loaded=0 saw=0 unloaded=0 wrong=0
for ((i = 0; i < rounds; i++)); do
	module_insert && loaded=$((loaded + 1))
	lib_module=1
	# In turns: at once, after the first packet, with a reader inside
	case $((i % 3)) in
	0)
		saw=$((saw + 1))
		;;
	1)
		wait_until 20 sees_traffic && saw=$((saw + 1))
		;;
	2)
		wait_until 20 sees_traffic && saw=$((saw + 1))
		(while cat "$CTRI_FS/sources"; do sleep 0.05; done) >/dev/null 2>&1 &
		reader=$!
		;;
	esac
	# an open file keeps the module, as any module: until it is closed
	wait_until 30 rmmod conntriage && unloaded=$((unloaded + 1))
	[ $((i % 3)) -ne 2 ] || wait "$reader"
	[ ! -e "$CTRI_FS" ] || wrong=$((wrong + 1))
done
t_eq "loaded under a flood" $loaded "$rounds"
t_eq "saw the flood" $saw "$rounds"
t_eq "unloaded under the flood" $unloaded "$rounds"
t_eq "no files left" $wrong 0
t_eq "no probe left" \
	"$(grep -cE '__nf_conntrack_alloc|early_drop|nf_ct_helper_destroy|gc_worker' /sys/kernel/debug/kprobes/list)" 0
t_run "the flood went on" kill -0 "$flood"
bg_end "$flood"
t_eq "taint is what the first insmod made it" "$(cat /proc/sys/kernel/tainted)" "$taint"
t_clean "kernel log"
ktap_finished
