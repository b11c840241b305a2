#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: others may listen at the very functions the module listens at,
# before it or after it, by kprobes, the function tracer or BPF: all see every
# call, the module's counts stay exact, and no packet fares differently.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

TRACEFS=/sys/kernel/tracing
FUNCTIONS="__nf_conntrack_confirm __nf_conntrack_alloc early_drop nf_ct_delete"
N=300

cleanup_tracing()
{
	echo nop >$TRACEFS/current_tracer
	: >$TRACEFS/set_ftrace_filter
	[ ! -d $TRACEFS/events/ctri_test ] || echo 0 >$TRACEFS/events/ctri_test/enable
	: >$TRACEFS/kprobe_events
} 2>/dev/null

kprobes_on()
{
	local f

	for f in $FUNCTIONS; do
		echo "p:ctri_test/p_$f nf_conntrack:$f"
		echo "r:ctri_test/r_$f nf_conntrack:$f"
	done >>$TRACEFS/kprobe_events && echo 1 >$TRACEFS/events/ctri_test/enable
}

# hits EVENT - of a kprobe
hits()
{
	awk -v e="$1" '$1 == e { print $2 }' $TRACEFS/kprobe_profile
}

# all_exact NAME - under the maximum, then over it
round=0
all_exact()
{
	local name=$1

	round=$((round + 1))
	gen c1 -n $N -s "10.0.1.$((10 + round))" -d "$S4" --sport 10000-10299
	t_flows "$name: insertions" "10.0.1.$((10 + round))" $N
	gen c1 -n 2000 -s "10.0.1.$((100 + round))" -d "$S4" --sport 10000-11999
	t_eq "$name: evictions and refusals are the kernel's" \
		"$(nsv r evictions,refusals)" "$(nsv r k_early_drop,k_drop)"
	t_eq "$name: victims and refused are all known" \
		"$(src_sum r refused) $(status lost_no_cause)" "$(nsv r refusals) 0"
	on r conntrack -D -s 10.0.1.0/24 >/dev/null 2>&1
}

ktap_print_header
need_module conntrack
mountpoint -q $TRACEFS || mount -t tracefs tracefs $TRACEFS 2>/dev/null ||
	ktap_skip_all "no tracefs in this kernel"
trap 'cleanup_tracing; lib_cleanup' EXIT
topo_up 2
ktap_set_plan 16

# They were there first
kprobes_on || ktap_skip_all "no kprobe events: $(tail -n 1 $TRACEFS/error_log)"
watch
need_probes
put /sys/module/nf_conntrack/parameters/hashsize 16384
before=$(hits p___nf_conntrack_confirm)
was=$(nsv r inserts)
all_exact "kprobes, first"
t_eq "kprobes: they saw every confirmation" \
	"$(($(hits p___nf_conntrack_confirm) - before))" "$(($(nsv r inserts) - was))"
t_eq "kprobes: as many returns as calls" "$(hits r___nf_conntrack_confirm)" \
	"$(hits p___nf_conntrack_confirm)"
cleanup_tracing

# The function tracer, later
printf '%s\n' $FUNCTIONS >$TRACEFS/set_ftrace_filter &&
	echo function >$TRACEFS/current_tracer ||
	ktap_print_msg "no function tracer"
all_exact "function tracer"
t_num "function tracer: it saw them" \
	"$(grep -c '__nf_conntrack_confirm <-' $TRACEFS/trace)" -ge $N
cleanup_tracing

# BPF
if ! command -v bpftrace >/dev/null; then
	for t in insertions "evictions and refusals are the kernel's" \
		 "victims and refused are all known" "it saw every confirmation"; do
		ktap_test_skip "BPF: $t" "no bpftrace"
	done
else
	bg r bpftrace -e 'kprobe:__nf_conntrack_confirm { @kprobe = count(); }
		kprobe:nf_ct_delete { @delete = count(); }
		kretprobe:early_drop { @drop = count(); }
		BEGIN { printf("ready\n"); }'
	bpf=$BG_PID bpf_out=$BG_OUT
	wait_until 90 grep -q ready "$bpf_out" ||
		ktap_print_msg "bpftrace: $(head -n 3 "$bpf_out" | xargs)"
	was=$(nsv r inserts)
	all_exact "BPF"
	now=$(nsv r inserts)
	kill -INT "$bpf"
	bg_wait "$bpf"
	t_eq "BPF: it saw every confirmation" \
		"$(sed -n 's/^@kprobe: //p' "$bpf_out")" $((now - was))
fi

# The module goes while others stay
kprobes_on
t_run "unload, beside kprobes" module_unload
t_eq "they stay" "$(grep -c ctri_test/p_ $TRACEFS/kprobe_events)" 4
cleanup_tracing
t_clean "kernel log"
ktap_finished
