#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: who else attaches to the functions that the module watches, before it
# or after it, and even puts return addresses of its own on the stack, hides no
# victim: evictions are early_drop's, each has its source, and what the gc worker
# kills is told apart.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

TRACEFS=/sys/kernel/tracing
# where deletions begin and end, and what the module watches of them
FUNCTIONS="nf_ct_delete early_drop gc_worker nf_ct_helper_destroy __nf_conntrack_alloc"
# 5.10: what is left of it when the test of IPS_DYING is inlined into its callers
SPLIT=nf_ct_delete.part.0
MAX=1000
BUCKETS=16384			# see pressure.sh: evictions and refusals
N=400

port=10000

alone()
{
	echo nop >$TRACEFS/current_tracer
	: >$TRACEFS/set_graph_function
	: >$TRACEFS/set_ftrace_filter
	[ ! -d $TRACEFS/events/ctri_test ] || echo 0 >$TRACEFS/events/ctri_test/enable
	: >$TRACEFS/dynamic_events || : >$TRACEFS/kprobe_events
} 2>/dev/null

# probes_at p|r - kprobes at the entries, kretprobes at the returns
probes_at()
{
	local f

	for f in $FUNCTIONS; do
		echo "$1:ctri_test/$1_${f//./_} nf_conntrack:$f"
	done >>$TRACEFS/kprobe_events && echo 1 >$TRACEFS/events/ctri_test/enable
}

# fprobes_at - at entries and returns, by ftrace
fprobes_at()
{
	local f

	for f in $FUNCTIONS; do
		echo "f:ctri_test/f_${f//./_} $f"
		echo "f:ctri_test/fr_${f//./_} $f%return"
	done >>$TRACEFS/dynamic_events && echo 1 >$TRACEFS/events/ctri_test/enable
} 2>/dev/null

# tracer NAME
tracer()
{
	# shellcheck disable=SC2086 # a list
	printf '%s\n' $FUNCTIONS >$TRACEFS/set_ftrace_filter &&
		{ [ "$1" = function ] || printf '%s\n' $FUNCTIONS >$TRACEFS/set_graph_function; } &&
		: >$TRACEFS/trace && echo "$1" >$TRACEFS/current_tracer
}

# hits EVENT... - of kprobes, the least; without any: lines in the trace
hits()
{
	if [ $# -eq 0 ]; then
		grep -c early_drop $TRACEFS/trace
	else
		awk -v events="$*" 'index(" " events " ", " " $1 " ") { print $2 }' \
			$TRACEFS/kprobe_profile | sort -n | head -n 1
	fi
}

read_all()
{
	early=$(kstat r early_drop)
	read -r evictions gc <<<"$(nsv r evictions,gc_evictions)"
	victims=$(src_sum r evicted)
}

# evict NAME [HITS...] - over the maximum, beside NAME, which has to see it as well
evict()
{
	local name=$1 early0 evictions0 gc0 victims0 early evictions gc victims

	shift
	read_all
	early0=$early evictions0=$evictions gc0=$gc victims0=$victims
	gen c1 -n $N -s 10.0.1.66 -d "$S4" --sport $port-$((port + N - 1)) --dport 9
	port=$((port + N))
	read_all
	t_num "$name: entries were evicted" $((early - early0)) -ge 50
	t_eq "$name: evictions are early_drop" $((evictions - evictions0)) $((early - early0))
	t_eq "$name: every victim is one of its source" $((victims - victims0)) \
		$((evictions - evictions0 + gc - gc0))
	[ $# -eq 0 ] || t_num "$name: they saw it as well" "$("$@")" -ge 1
}

# vanished - entries that are gone, and that no counter of the kernel's shows
vanished()
{
	echo $(($(nsv r inserts) - $(kstat r early_drop) - $(kstat r entries)))
}

# gc_came - see gc.sh
gc_came()
{
	gen c1 -n 20 -s 10.0.1.2 -d "$S4" --sport $port-$((port + 19)) --dport 9
	port=$((port + 20))
	[ "$(vanished)" -gt "$vanished" ]
}

# look - read all that is compared; fails if the worker killed something meanwhile
look()
{
	local before

	before=$(nsv r gc_evictions)
	went=$(vanished)
	by_gc=$(col sources kinds class=evicted "netns=${topo_inode[r]}" | tr , '\n' |
		sed -n 's/^gc_.*=//p' | add_up)
	[ "$(nsv r gc_evictions)" = "$before" ]
}

ktap_print_header
need_module
mountpoint -q $TRACEFS || mount -t tracefs tracefs $TRACEFS 2>/dev/null ||
	ktap_skip_all "no tracefs in this kernel"
trap 'alone; lib_cleanup' EXIT
! grep -q " $SPLIT" /proc/kallsyms || FUNCTIONS="$FUNCTIONS $SPLIT"
probes_at p && probes_at r || ktap_skip_all "no kprobe events: $(tail -n 1 $TRACEFS/error_log)"
topo_up 1
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 37
put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
gen c1 -n 900 -s 10.0.1.2 -d "$S4" --sport 20000-20899
t_run "pressure arms the probes" wait_until 10 probes_are armed
gen c1 -n $N -s 10.0.1.2 -d "$S4" --sport 30000-$((30000 + N - 1))

unattr=$(nsv r evictions_unattr)

evict "probes before" hits p_early_drop r_early_drop
alone
evict "nobody"
probes_at p
evict "kprobes after" hits p_early_drop
alone
probes_at r
evict "kretprobes after" hits r_early_drop
alone
tracer function || ktap_print_msg "no function tracer"
evict "function" hits
alone
tracer function_graph || ktap_print_msg "no function_graph tracer"
evict "function_graph" hits
alone
if fprobes_at; then
	evict "fprobes"
else
	for t in "entries were evicted" "evictions are early_drop" \
		 "every victim is one of its source"; do
		ktap_test_skip "fprobes: $t" "none in this kernel"
	done
fi
alone
bpf=
if command -v bpftrace >/dev/null && [ -e /sys/kernel/btf/nf_conntrack ]; then
	bg r bpftrace -e 'kretfunc:nf_ct_delete { @delete = count(); }
		kretfunc:early_drop { @drop = count(); }
		BEGIN { printf("ready\n"); }'
	wait_until 60 grep -q -e ready -e ERROR "$BG_OUT"
	grep -q ready "$BG_OUT" && bpf=$BG_PID
fi
if [ "$bpf" ]; then
	evict "fexit"
	kill -INT "$bpf"
	bg_wait "$bpf"
	t_num "fexit: it saw it as well" "$(sed -n 's/^@drop: //p' "$BG_OUT")" -ge 50
else
	for t in "entries were evicted" "evictions are early_drop" \
		 "every victim is one of its source" "it saw it as well"; do
		ktap_test_skip "fexit: $t" "no bpftrace that knows functions of modules"
	done
fi

# The gc worker, with all of them at once. Its kills are those that no counter of the
# kernel's shows; it comes within a minute, on 5.10 within two.
probes_at p && probes_at r && tracer function_graph
vanished=$(vanished)
if [ "$QUICK" ]; then
	ktap_test_skip "the gc worker came" "QUICK is set"
else
	t_run "the gc worker came" wait_until 140 gc_came
fi
wait_until 10 look || ktap_exit_fail_msg "it does not stop to kill"
t_eq "its kills are counted" "$(nsv r gc_evictions)" "$went"
t_eq "its victims are named" "$by_gc" "$went"
alone

t_eq "nothing is unattributed but what came before" "$(nsv r evictions_unattr)" "$unattr"
t_eq "nothing was lost" "$(grep '^lost_' "$CTRI_FS/status" | grep -cv ' 0$')" 0
module_unload
t_clean "kernel log"
ktap_finished
