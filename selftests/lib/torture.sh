# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What the scripts of torture/ begin with, instead of lib.sh. They are for a
# guest with a debug kernel (see ../vm/debug), but run on any.

# shellcheck source=../lib/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

KMEMLEAK=/sys/kernel/debug/kmemleak

# rounds FULL QUICK
rounds()
{
	if [ "$QUICK" ]; then echo "$2"; else echo "$1"; fi
}

# flood ROLE [CTGEN-OPTION...] - new connections without end, from FLOOD on
FLOOD=
flood()
{
	gen_bg "$1" -n 100000000 -t 900 -r 8000 -s "10.0.${1##*c}.11" \
		--sources 200 -d "$S4" --sport 10000-60000 --dport 1-1000 "${@:2}"
	FLOOD=$BG_PID
}

# remains - what an unloaded module has left in the kernel, by name
remains()
{
	local dir=/sys/kernel/debug

	[ ! -d /sys/module/conntriage ] || echo "the module"
	[ ! -e "$CTRI_FS" ] || echo "$CTRI_FS"
	[ ! -e /proc/net/conntriage ] || echo "/proc/net/conntriage"
	grep -E '__nf_conntrack_alloc|early_drop|nf_ct_helper_destroy|gc_worker|__nf_conntrack_confirm' \
		$dir/kprobes/list
	grep -s '^__nf_conntrack_confirm' $dir/tracing/enabled_functions
	grep conntriage /sys/devices/system/cpu/hotplug/states /proc/vmallocinfo \
		/proc/slabinfo
}

# percpu - KiB of per-CPU memory in use
percpu()
{
	awk '$1 == "Percpu:" { print $2 }' /proc/meminfo
}

# leaks_begin - forget what leaked before the test
leaks_begin()
{
	[ ! -w $KMEMLEAK ] || echo clear >$KMEMLEAK
}

# t_no_leaks NAME - kmemleak finds no memory that nothing points to. It reports
# objects that are older than 5 s only (MSECS_MIN_AGE, mm/kmemleak.c), and its
# first scan may still see a pointer that is on its way out.
t_no_leaks()
{
	if [ ! -w $KMEMLEAK ]; then
		ktap_test_skip "$1" "no kmemleak in this kernel"
		return
	fi
	sleep 6
	echo scan >$KMEMLEAK
	echo scan >$KMEMLEAK
	t_eq "$1" "$(head -n 40 $KMEMLEAK)" ""
}
