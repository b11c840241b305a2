#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For how long the module keeps interrupts or preemption off: on a table of 262,144
# entries at its maximum, with full source tables, while packets come, the tick goes,
# the census walks, each file is read, probes are armed and disarmed, and the module
# is loaded and unloaded. Looked at three times:
#
#	tracers		the longest section of all, by irqsoff and preemptoff; whose it
#			is, is where it begins
#	sections	each that the module opens itself (local_bh_disable, spin_lock_bh,
#			local_irq_save, ...), by the events of preemptirq, without the
#			interrupts and softirqs that came meanwhile
#	calls		each call of the module by a kernel that has interrupts, softirqs
#			or preemption off, by function_graph: what a hook, a probe or a timer
#			adds to a section that is another's. With the tracer's own time
#
# For the kernel "latency" in a guest that counts instructions (selftests/vm/run
# -k latency -i): a virtual microsecond is a thousand instructions there, whatever else
# the machine does; caches cost nothing.
# CONNTRIAGE_BENCH_ENTRIES: another number of entries. QUICK=1: 32,768.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ENTRIES=${CONNTRIAGE_BENCH_ENTRIES:-${QUICK:+32768}}
ENTRIES=${ENTRIES:-262144}
PACKETS=${QUICK:+1000}
PACKETS=${PACKETS:-5000}
LIMIT=50		# virtual us
TRACE=/sys/kernel/tracing
FILES="abi status netns classes sources history history_minutes incidents incident_top"
MODULES=$((0xffffffffc0000000))		# where modules are (MODULES_VADDR)
port=1024

# --- what is done -------------------------------------------------------------

# connections N - so many new ones of as many sources, to a port of their own
connections()
{
	port=$((port + 1))
	pg_flow bench0 11.0.0.0-11.15.255.255 10.2.0.2 $port 7
	pg bench0 "count $1"
	pg_go
}

packets()
{
	connections "$PACKETS"
}

# 12 seconds: the end of a window is among them
tick()
{
	sleep 6
	connections 100
	sleep 6
}

census()
{
	sleep 1.2	# or it is the last one
	cat $BENCH_FS/census >/dev/null
}

files()
{
	local f

	for f in $FILES; do
		[ ! -e "$BENCH_FS/$f" ] || cat "$BENCH_FS/$f" >/dev/null
	done
	cat /proc/net/conntriage >/dev/null
}

# 30 seconds without pressure disarm them
arming()
{
	put $BENCH_CT/nf_conntrack_max $((ENTRIES * 2))
	wait_until 90 is idle || die "the probes stay armed"
	put $BENCH_CT/nf_conntrack_max "$ENTRIES"
	connections 10
	wait_until 30 is armed || die "the probes are not armed: $(probes)"
}

is()
{
	[ "$(probes)" = "$1" ]
}

load()
{
	rmmod conntriage || die "the module does not unload"
	module_load
	connections 10
	wait_until 30 is armed || die "the probes are not armed: $(probes)"
}

SCENES="packets tick census files arming load"

# --- tracers ------------------------------------------------------------------

# begins - sets who: where the longest section begins, and by whom it was called:
# CALLER <-PARENT of its first event
begins()
{
	who=$(awk '/^#/ || !NF { next }
		/<-/ { sub(/.*: /, ""); print; exit }' $TRACE/trace)
	who=${who:-unknown}
}

# tracer NAME SCENE - sets us and who
tracer()
{
	echo nop >$TRACE/current_tracer
	echo 0 >$TRACE/options/function-trace
	put $TRACE/current_tracer "$1"
	put $TRACE/tracing_max_latency 0
	put $TRACE/tracing_on 1
	$2
	put $TRACE/tracing_on 0
	us=$(cat $TRACE/tracing_max_latency)
	begins
	put $TRACE/current_tracer nop
}

# --- sections -----------------------------------------------------------------

# offset SYMBOL|ADDRESS - as the events have it
offset()
{
	local a=$1

	case $a in
	[0-9-]*) ;;
	*) a=$((16#$(awk -v s="$a" '$3 == s { print $1; exit }' /proc/kallsyms))) ;;
	esac
	echo $((a - stext))
}

# events on|off - of modules alone, and of the one function by which BH is enabled
events()
{
	local kind mod bh

	if [ "$1" = off ]; then
		put $TRACE/events/enable 0
		return
	fi
	stext=0
	stext=$(offset _stext)
	mod=$(offset $MODULES)
	bh=$(offset __local_bh_enable_ip)
	for kind in preempt irq; do
		put $TRACE/events/preemptirq/${kind}_disable/filter \
			"caller_offs >= $mod || parent_offs >= $mod"
		put $TRACE/events/preemptirq/${kind}_enable/filter \
			"caller_offs >= $mod || parent_offs >= $mod || (caller_offs >= $bh && caller_offs < $((bh + 512)))"
		put $TRACE/events/preemptirq/${kind}_disable/enable 1
		put $TRACE/events/preemptirq/${kind}_enable/enable 1
	done
	put $TRACE/events/irq/softirq_entry/enable 1
	put $TRACE/events/irq/softirq_exit/enable 1
	put $TRACE/events/irq_vectors/local_timer_entry/enable 1
	put $TRACE/events/irq_vectors/local_timer_exit/enable 1
}

# ours - of a trace of events: "FUNCTION MICROSECONDS" for each section that the
# module opened; what has no name any more is the module that was unloaded
ours()
{
	awk '
	function is_ours(s)
	{
		return s ~ /\[conntriage\]/ || s ~ /=0xffffffffc/
	}
	{
		for (i = 1; i <= NF && $i !~ /^[0-9]+\.[0-9]+:$/; i++)
			;
		if (i > NF)
			next
		t = $i + 0
		event = $(i + 1)
	}
	event ~ /^(softirq|local_timer)_entry:/ {
		if (!depth++)
			came = t
		next
	}
	event ~ /^(softirq|local_timer)_exit:/ {
		if (depth && !--depth)
			for (k in began)
				theirs[k] += t - came
		next
	}
	event ~ /^(preempt|irq)_disable:/ && is_ours($0) {
		k = event
		sub(/_.*/, "", k)
		name[k] = $0
		if ($0 ~ /parent=[^ ]* \[conntriage\]/)
			sub(/.*parent=/, "", name[k])
		else
			sub(/.*caller=/, "", name[k])
		sub(/[+ ].*/, "", name[k])
		began[k] = t
		theirs[k] = 0
		next
	}
	event ~ /^(preempt|irq)_enable:/ {
		k = event
		sub(/_.*/, "", k)
		if (k in began)
			printf "%s %d\n", name[k], (t - began[k] - theirs[k]) * 1000000 + 0.5
		delete began[k]
	}'
}

# sections SCENE - sets us, who and nr
sections()
{
	put $TRACE/trace ''
	events on
	put $TRACE/tracing_on 1
	$1
	put $TRACE/tracing_on 0
	events off
	ours <$TRACE/trace >"$BENCH_TMP/sections"
	nr=$(wc -l <"$BENCH_TMP/sections")
	read -r who us <<<"$(sort -k2,2n "$BENCH_TMP/sections" | tail -n 1)"
	[ -z "${V:-}" ] || sort -k1,1 -k2,2nr "$BENCH_TMP/sections" | awk '!seen[$1]++ { print "# " $0 }'
}

# --- calls --------------------------------------------------------------------

# called - of a trace of function_graph, one level deep: "FUNCTION MICROSECONDS" for
# each call with interrupts, softirqs or preemption off, but those in which a timer
# came, which are more than a line
called()
{
	awk '
	/^ *[0-9]+\)/ && /\(\);/ {
		flags = $2
		if (flags ~ /^\.\.\.\./)
			next
		us = $0
		sub(/ us +\|.*/, "", us)
		sub(/.*[^0-9.]/, "", us)
		name = $0
		sub(/.*\| */, "", name)
		sub(/[ (].*/, "", name)
		print name, us
	}'
}

# calls SCENE - sets us, who and nr
calls()
{
	put $TRACE/trace ''
	put $TRACE/set_ftrace_filter ':mod:conntriage'
	put $TRACE/max_graph_depth 1
	put $TRACE/options/latency-format 1
	put $TRACE/current_tracer function_graph
	put $TRACE/events/irq_vectors/local_timer_entry/enable 1
	put $TRACE/tracing_on 1
	$1
	put $TRACE/tracing_on 0
	put $TRACE/events/irq_vectors/local_timer_entry/enable 0
	called <$TRACE/trace >"$BENCH_TMP/calls"
	nr=$(wc -l <"$BENCH_TMP/calls")
	read -r who us <<<"$(sort -k2,2g "$BENCH_TMP/calls" | tail -n 1)"
	[ -z "${V:-}" ] || sort -k1,1 -k2,2gr "$BENCH_TMP/calls" | awk '!seen[$1]++ { print "# " $0 }'
	put $TRACE/current_tracer nop
	put $TRACE/options/latency-format 0
	echo >$TRACE/set_ftrace_filter
}

# row SCENE HOW [NR]
row()
{
	printf '%-9s %-22s %8s %8s  %s\n' "$1" "$2" "${3:--}" "${us:--}" "${who:--}"
}

# most HOW - the longest so far that is the module's
most()
{
	[ -n "$us" ] && holds "$us > ${longest[$1]:-0}" && longest[$1]=$us
	return 0
}

bench_init
mountpoint -q $TRACE || mount -t tracefs tracefs $TRACE || die "no tracefs in this kernel"
[ -e $TRACE/events/preemptirq ] && grep -qw preemptoff $TRACE/available_tracers ||
	die "this kernel has no irqsoff and preemptoff; use selftests/bench/run sections"
bench_conntrack $((ENTRIES / 4)) "$ENTRIES"
bench_router
put $TRACE/tracing_on 0
put $TRACE/buffer_size_kb 16384
module_load
pg_thread 0 bench0
connections $((ENTRIES - 100))
connections 10
wait_until 30 is armed || die "the probes are not armed: $(probes)"

declare -A longest
echo "kernel $(uname -r), one CPU, $(cat $BENCH_CT/nf_conntrack_count) entries, $(cat /sys/module/nf_conntrack/parameters/hashsize) buckets, virtual us"
printf '%-9s %-22s %8s %8s  %s\n' '' '' sections longest 'begins in'
for scene in $SCENES; do
	for t in irqsoff preemptoff; do
		tracer $t "$scene"
		row "$scene" "$t, all"
		[[ $who != *'[conntriage]'* ]] || most tracers
	done
	sections "$scene"
	row "$scene" 'opened by the module' "$nr"
	most sections
	[ "$scene" != census ] || walked=$nr
	# function_graph would keep what it has of a module that goes
	if [ "$scene" != load ]; then
		calls "$scene"
		row "$scene" 'calls of the module' "$nr"
		most calls
	fi
done
echo
limit 'sections of the census that were seen' "$walked" '>=' $((ENTRIES / 64))
limit "longest by the tracers that is the module's" "${longest[tracers]:-0}" '<=' $LIMIT 'virtual us'
limit 'longest that the module opens' "${longest[sections]:-0}" '<=' $LIMIT 'virtual us'
limit "longest call in another's section" "${longest[calls]:-0}" '<=' $LIMIT 'virtual us'
bench_end
