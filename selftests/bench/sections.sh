#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For how long the module keeps interrupts, softirqs or preemption off: on a table of
# 262,144 entries at its maximum, beside a flood of new connections of as many sources,
# each of which evicts another, its probes armed. Each scene (SCENES, below) is played
# four times, and looked at
#
#	irqsoff, preemptoff
#			by the tracers of these names, which keep the longest section of
#			all, without the flood but in its own scene, as a packet's whole way
#			would be that. It is ours if it begins in the module, and on its
#			behalf if it is in what the module called
#	sections	each that the module opens itself (local_bh_disable,
#			local_irq_save, ...), by the events of preemptirq, without the
#			timer's interrupts and the softirqs that came meanwhile. Those of
#			functions that it calls are told by the tracers alone, for this
#			kernel's events know no caller's caller
#	calls		each call of the module by a kernel that has interrupts, softirqs
#			or preemption off, by function_graph, without interrupts likewise:
#			what a hook, a probe or a timer adds to a section that is another's
#
# For the kernel "latency" in a guest that counts instructions (selftests/vm/run
# -k latency -i): a virtual microsecond is a thousand instructions there, whatever else
# the machine does; caches cost nothing. The tracers' own time is in all of it: about a
# microsecond for each event. Of what was not traced, nothing is said.
#
# CONNTRIAGE_BENCH_ENTRIES: another number of entries. QUICK=1: 32,768.
# CONNTRIAGE_BENCH_SCENES="tick census": these alone. V=1: the longest of each function.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ENTRIES=${CONNTRIAGE_BENCH_ENTRIES:-${QUICK:+32768}}
ENTRIES=${ENTRIES:-262144}
LIMIT=50		# virtual us
LIMIT_BEHALF=200	# register_kprobe() looks through all jump labels, whoever calls it
EVERY=1000000		# ns between two new connections of the flood
SCENES=${CONNTRIAGE_BENCH_SCENES:-flood invalid census resize reads namespaces load unload tick arming}
TRACE=/sys/kernel/tracing
GEN=$BENCH_TOP/selftests/tools/ctgen
MODULES=$((0xffffffffa0000000))		# where modules begin, without RANDOMIZE_BASE
port=1024
flooding=

# --- floods -------------------------------------------------------------------

# connections N - so many new ones, of as many sources, to a port of their own
connections()
{
	port=$((port + 1))
	pg_flow bench0 11.0.0.0-11.15.255.255 10.2.0.2 $port 7
	pg bench0 "delay 0" "count $1"
	pg_go
}

# flood, calm - likewise, in pktgen's own thread, until it is told to end
flood()
{
	[ -z "$flooding" ] || return 0
	port=$((port + 1))
	pg_flow bench0 11.0.0.0-11.15.255.255 10.2.0.2 $port 7
	pg bench0 "delay $EVERY" "count 0"
	echo start >/proc/net/pktgen/pgctrl &
	flooding=$!
	# a stop that comes before it is no stop
	wait_until 10 grep -q '^Running: bench0' /proc/net/pktgen/kpktgend_0 ||
		die "pktgen does not run"
}

calm()
{
	[ -n "$flooding" ] || return 0
	put /proc/net/pktgen/pgctrl stop
	wait $flooding
	flooding=
}

is()
{
	[ "$(probes)" = "$1" ]
}

armed()
{
	wait_until 30 is armed || die "the probes are not armed: $(probes)"
}

# --- scenes: what is done while one looks; before_SCENE and after_SCENE are not seen ---

scene_flood()
{
	flood
	sleep 1
}

# Long packets whose checksum is looked at, by the kernel and by the module
scene_invalid()
{
	"$GEN" -i sections0 --host -n 300 -r 1000 -s 64.0.0.1 --sources 300 -d 10.2.0.2 \
		--mac "$(cat /sys/class/net/sections1/address)" -p tcp --payload 1200 \
		--fault badsum >/dev/null || die "ctgen cannot send"
}

# 12 seconds: the end of a window is among them
scene_tick()
{
	sleep 12
}

before_census()
{
	sleep 1.2	# or it is the last one
}

scene_census()
{
	cat $BENCH_FS/census >"$BENCH_TMP/census" || die "no census"
}

before_resize()
{
	before_census
}

# The kernel has all locks of the table then; the walk goes on beside it
scene_resize()
{
	cat $BENCH_FS/census >/dev/null &
	put /sys/module/nf_conntrack/parameters/hashsize $((ENTRIES / 2))
	wait $!
	put /sys/module/nf_conntrack/parameters/hashsize $((ENTRIES / 4))
}

scene_reads()
{
	local f

	for f in "$BENCH_FS"/*; do
		case $f in
		*/census) ;;
		*) cat "$f" >/dev/null || die "cannot read $f" ;;
		esac
	done
	cat /proc/net/conntriage >/dev/null || die "cannot read /proc/net/conntriage"
}

# Each has conntrack, and an entry
scene_namespaces()
{
	local n

	for n in 1 2 3; do
		ip netns add sections$n || die "no namespace"
		ip netns exec sections$n sh -c 'ip link set lo up &&
			nft "add table t; add chain t c { type filter hook output priority 0; }; add rule t c ct state new counter"' ||
			die "no conntrack in a namespace"
		ip netns exec sections$n bash -c 'echo >/dev/udp/127.0.0.1/9' 2>/dev/null
		ip netns del sections$n
	done
	sleep 1		# until the last is gone
}

before_arming()
{
	calm
}

# 30 seconds without pressure disarm them
scene_arming()
{
	put $BENCH_CT/nf_conntrack_max $((ENTRIES * 2))
	wait_until 90 is idle || die "the probes stay armed"
	put $BENCH_CT/nf_conntrack_max "$ENTRIES"
	flood
	armed
}

before_load()
{
	rmmod conntriage || die "the module does not unload"
}

scene_load()
{
	module_load
	armed
}

scene_unload()
{
	rmmod conntriage || die "the module does not unload"
}

after_unload()
{
	module_load
	armed
}

# begin SCENE [events], end SCENE - with the trace on in between
begin()
{
	if declare -F "before_$1" >/dev/null; then
		"before_$1"
	fi
	[ -z "${2:-}" ] || events on
	put $TRACE/trace ''
	put $TRACE/tracing_on 1
	"scene_$1"
	put $TRACE/tracing_on 0
}

end()
{
	if declare -F "after_$1" >/dev/null; then
		"after_$1"
	fi
}

# whole - the trace is; what has no room in the buffer is overwritten
whole()
{
	local lost

	lost=$(awk '/^overrun:|^dropped events:/ { n += $NF } END { print n + 0 }' $TRACE/per_cpu/cpu0/stats)
	[ "$lost" -eq 0 ] || die "$lost events of the scene $scene had no room; raise buffer_size_kb"
}

# --- tracers ------------------------------------------------------------------

# of_trace - sets who: where it begins and where it ends; a section of the module has
# "ours" behind it, one on its behalf "for it". Its functions have no names where it is
# gone.
of_trace()
{
	who=$(awk '
	/=> started at: / { began = $5 }
	/=> ended at: / { ended = $5 }
	/=> started at: .*(ctri_|0xffffffff[a-f])/ { its = ", ours" }
	/ctri_|0xffffffff[a-f]/ && !its { its = ", for it" }
	/^ => / && !by && !/ _raw_| __local_bh/ { by = $2 }
	END { print began " to " ended, "by " by its }' $TRACE/trace)
}

# tracer NAME SCENE - sets us and who
tracer()
{
	put $TRACE/current_tracer "$1"
	put $TRACE/options/function-trace 0
	put $TRACE/tracing_max_latency 0
	calm
	begin "$2"
	us=$(cat $TRACE/tracing_max_latency)
	of_trace
	[ -z "${V:-}" ] || sed 's/^/# /' $TRACE/trace
	put $TRACE/current_tracer nop
	end "$2"
	flood
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

# of_module - sets low and high: where it is, as the events have it; all modules if it
# isn't loaded
of_module()
{
	local size at

	low=$(offset $MODULES) high=$((0x7fffffff))
	read -r size at <<<"$(awk '$1 == "conntriage" { print $2, $6 }' /proc/modules)"
	[ -z "$at" ] || { low=$(offset $((at))); high=$((low + size)); }
}

# events on|off - of the module, and of the one function by which BH is enabled
events()
{
	local kind bh low high its

	if [ "$1" = off ]; then
		put $TRACE/events/enable 0
		return
	fi
	stext=0
	stext=$(offset _stext)
	of_module
	bh=$(offset __local_bh_enable_ip)
	its="(caller_offs >= $low && caller_offs < $high)"
	for kind in preempt irq; do
		put $TRACE/events/preemptirq/${kind}_disable/filter "$its"
		put $TRACE/events/preemptirq/${kind}_enable/filter \
			"$its || (caller_offs >= $bh && caller_offs < $((bh + 512)))"
		put $TRACE/events/preemptirq/${kind}_disable/enable 1
		put $TRACE/events/preemptirq/${kind}_enable/enable 1
	done
	interrupts 1
}

# interrupts 0|1 - the events of what comes in between
interrupts()
{
	local event

	for event in irq/softirq_entry irq/softirq_exit \
		irq_vectors/local_timer_entry irq_vectors/local_timer_exit; do
		put $TRACE/events/$event/enable "$1"
	done
}

# opened - of a trace of events: "FUNCTION MICROSECONDS" for each section that the
# module opened; what has no name any more is the module that was unloaded
opened()
{
	awk '
	function is_ours(s)
	{
		return s ~ /\[conntriage\]/ || s ~ /=0xffffffff[a-f]/
	}
	/^#/ { next }
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
	begin "$1" events
	events off
	whole
	opened <$TRACE/trace >"$BENCH_TMP/found"
	longest_found
	end "$1"
}

# longest_found - of lines "FUNCTION MICROSECONDS", sets us, who and nr
longest_found()
{
	nr=$(wc -l <"$BENCH_TMP/found")
	who='' us=''
	read -r who us <<<"$(sort -k2,2g "$BENCH_TMP/found" | tail -n 1)"
	[ -z "${V:-}" ] || sort -k1,1 -k2,2gr "$BENCH_TMP/found" | awk '!seen[$1]++ { print "# " $0 }'
}

# --- calls --------------------------------------------------------------------

# called - of a trace of function_graph, one level deep: "FUNCTION MICROSECONDS" for
# each call with interrupts, softirqs or preemption off
called()
{
	awk '
	# "TIME | CPU) FLAGS | US | FUNCTION": irqs and BH, resched, hardirq or softirq, preemption
	!/^ *[0-9]+\.[0-9]+ \|/ { next }
	{ t = $1 + 0 }
	/(softirq|local_timer)_entry:/ {
		if (!depth++)
			came = t
		next
	}
	/(softirq|local_timer)_exit:/ {
		if (depth && !--depth)
			theirs += t - came
		next
	}
	/\(\) *\{/ {
		open = $0
		sub(/.*\| */, "", open)
		sub(/[ (].*/, "", open)
		theirs = 0
		next
	}
	/\(\);|\}/ {
		flags = $0
		sub(/^[^)]*\) */, "", flags)
		# the tracer itself has preemption off when a call begins, not when it ends
		preempt = substr(flags, 4, 1)
		if (/\(\);/ && preempt == 1)
			preempt = "."
		flags = substr(flags, 1, 1) substr(flags, 3, 1) preempt
		us = $0
		sub(/ us +\|.*/, "", us)
		sub(/.*[^0-9.]/, "", us)
		name = $0
		sub(/.*\| */, "", name)
		sub(/^\} */, "", name)
		sub(/^\/\* */, "", name)
		sub(/[ (].*/, "", name)
		if (/\(\);/)
			theirs = 0
		if (flags != "...")
			print (name ? name : open), us - theirs * 1000000
		theirs = 0
	}'
}

# calls SCENE - sets us, who and nr
calls()
{
	put $TRACE/set_ftrace_filter ':mod:conntriage'
	put $TRACE/max_graph_depth 1
	put $TRACE/options/latency-format 1
	put $TRACE/current_tracer function_graph
	put $TRACE/options/funcgraph-abstime 1
	interrupts 1
	begin "$1"
	interrupts 0
	whole
	called <$TRACE/trace >"$BENCH_TMP/found"
	longest_found
	put $TRACE/current_tracer nop
	put $TRACE/options/latency-format 0
	echo >$TRACE/set_ftrace_filter
	end "$1"
}

# --- the table ----------------------------------------------------------------

# row SCENE HOW [NR]
row()
{
	printf '%-10s %-21s %8s %8.0f  %s\n' "$1" "$2" "${3:--}" "${us:-0}" "${who:--}"
}

# most HOW - the longest so far that is the module's
most()
{
	[ -n "$us" ] && holds "$us > ${longest[$1]:-0}" && longest[$1]=$(calc "$us" %.0f)
	return 0
}

bench_init
[ -x "$GEN" ] || die "no $GEN; make -C selftests"
mountpoint -q $TRACE || mount -t tracefs tracefs $TRACE || die "no tracefs in this kernel"
[ -e $TRACE/events/preemptirq ] && grep -qw preemptoff $TRACE/available_tracers ||
	die "this kernel has no irqsoff and preemptoff; use selftests/bench/run sections"
bench_conntrack $((ENTRIES / 4)) "$ENTRIES"
bench_router
ip link add sections0 mtu 65535 type veth peer name sections1 mtu 65535 &&
	ip link set sections0 up && ip link set sections1 up || die "no veth"
put /proc/sys/net/ipv4/conf/sections1/rp_filter 0
put $TRACE/tracing_on 0
put $TRACE/buffer_size_kb 16384
module_load
pg_thread 0 bench0
connections $((ENTRIES - 100))
connections 10
armed
flood

declare -A longest
echo "kernel $(uname -r), one CPU, $(cat $BENCH_CT/nf_conntrack_count) entries, $(cat /sys/module/nf_conntrack/parameters/hashsize) buckets, virtual us"
printf '%-10s %-21s %8s %8s  %s\n' '' '' number longest 'of them'
walked=0
for scene in $SCENES; do
	for t in irqsoff preemptoff; do
		tracer $t "$scene"
		row "$scene" "$t, all"
		case $who in
		*', ours') most tracers ;;
		*', for it') most behalf ;;
		esac
	done
	sections "$scene"
	row "$scene" 'opened by the module' "$nr"
	most sections
	[ "$scene" != census ] || walked=$(grep -c '^ctri_census_walk ' "$BENCH_TMP/found")
	# function_graph would keep what it has of a module that goes
	case $scene in
	load | unload) ;;
	*)
		calls "$scene"
		row "$scene" 'calls of the module' "$nr"
		most calls ;;
	esac
done
calm
echo
[[ " $SCENES " != *' census '* ]] ||
	limit 'sections of the census that were seen' "$walked" '>=' $((ENTRIES / 64))
limit "longest by the tracers that is the module's" "${longest[tracers]:-0}" '<=' $LIMIT 'virtual us'
limit "likewise of the kernel on its behalf" "${longest[behalf]:-0}" '<=' $LIMIT_BEHALF 'virtual us'
limit 'longest that the module opens' "${longest[sections]:-0}" '<=' $LIMIT 'virtual us'
limit "longest call in another's section" "${longest[calls]:-0}" '<=' $LIMIT 'virtual us'
bench_end
