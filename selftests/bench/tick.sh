#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tick costs a second, and for how long it and a reader hold the mutex that
# a namespace's end waits for: with many namespaces, of which 50 have traffic, and as
# many possible CPUs as this guest was given.
#
# For a guest that counts instructions (selftests/vm/run -i -a possible_cpus=256):
# a virtual microsecond is a thousand instructions there, whatever else the machine
# does; caches cost nothing. Measured by function_graph, without the time in which
# the worker waited, and of calls in which no interrupt came. Ten seconds and more are looked at, so that the end of a window
# of the source tables is among them.
# CONNTRIAGE_BENCH_NETNS: another number of namespaces than 1,000.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

NAMESPACES=${CONNTRIAGE_BENCH_NETNS:-${QUICK:+200}}
NAMESPACES=${NAMESPACES:-1000}
BUSY=50
SECS=12
LIMIT=$(calc "$NAMESPACES <= 1000 ? 1 : 3" %d)	# ms a second
LIMIT_HOLD=100					# us
TRACE=/sys/kernel/debug/tracing

names()
{
	seq -f "$1n%g" "$2"
}

# A connection to another port every half second, without a process for each
traffic()
{
	local port=1024

	while :; do
		echo >/dev/udp/127.0.0.1/$port
		port=$((port < 60000 ? port + 1 : 1024))
		read -r -t 0.5 <>"$BENCH_TMP/never"
	done 2>/dev/null
}

# took - "function microseconds" for each call in a trace of function_graph; those in
# which an interrupt came, which isn't theirs to answer for, as "function interrupted"
took()
{
	awk '
	/irq_enter_rcu/ {
		came = 1
	}
	/ctri_(tick|nets_some).*\{$/ {
		outer[++depth] = came
		came = 0
	}
	/ us +\|.*ctri_(tick|nets_some)/ {
		us = $0
		sub(/ us +\|.*/, "", us)
		sub(/.*[^0-9.]/, "", us)
		name = /ctri_tick/ ? "ctri_tick" : "ctri_nets_some"
		if (!/\/\*/) {		# in one line: nothing was seen inside
			print name, us
			next
		}
		print name, came ? "interrupted" : us
		came += outer[depth--]
	}'
}

# watch - sets rate (ms a second), tick (us, the median), hold (us, what 999 of 1,000
# don't exceed) and most (us, the longest: there are interrupts that aren't seen)
watch()
{
	local began

	put $TRACE/trace ''
	put $TRACE/current_tracer function_graph
	put $TRACE/options/funcgraph-tail 1
	put $TRACE/options/sleep-time 0
	began=$(cut -d' ' -f1 /proc/uptime)
	sleep $((SECS / 2))
	# whose holds of the mutex are among them
	cat /sys/kernel/debug/conntriage/{netns,status,census} >/dev/null
	sleep $((SECS / 2))
	put $TRACE/tracing_on 0
	began=$(calc "$(cut -d' ' -f1 /proc/uptime) - $began")
	took <$TRACE/trace >"$BENCH_TMP/took"
	put $TRACE/current_tracer nop
	put $TRACE/tracing_on 1
	[ -z "${V:-}" ] || sed 's/^/# /' "$BENCH_TMP/took"
	[ "$(grep -c interrupted "$BENCH_TMP/took")" -lt $(($(wc -l <"$BENCH_TMP/took") / 2)) ] ||
		die "most calls took so long that an interrupt came: nothing can be said"
	mapfile -t ticks < <(awk '$1 == "ctri_tick" && $2 > 0 { print $2 }' "$BENCH_TMP/took")
	[ ${#ticks[@]} -ge 2 ] || die "${#ticks[@]} ticks in $SECS seconds"
	rate=$(awk -v s="$began" '$1 == "ctri_tick" { all++; clean += $2 > 0; us += $2 }
		END { printf "%.3f", us / clean * all / 1000 / s }' "$BENCH_TMP/took")
	tick=$(printf '%s\n' "${ticks[@]}" | sort -g | sed -n "$(((${#ticks[@]} + 1) / 2))p")
	awk '$1 == "ctri_nets_some" && $2 != "interrupted" { print $2 }' "$BENCH_TMP/took" |
		sort -g >"$BENCH_TMP/holds"
	hold=$(sed -n "$((($(wc -l <"$BENCH_TMP/holds") * 999 + 999) / 1000))p" "$BENCH_TMP/holds")
	most=$(tail -n 1 "$BENCH_TMP/holds")
}

# row NAME
row()
{
	printf '%-26s %8s %12s %12s %9s %9s\n' "$1" "${#ticks[@]}" "$rate" "$tick" "$hold" "$most"
}

bench_init nsenter
mkfifo "$BENCH_TMP/never"
names 'netns add ' "$NAMESPACES" >"$BENCH_TMP/batch"
ip -batch "$BENCH_TMP/batch" || die "cannot make $NAMESPACES namespaces"
module_load
grep -qw ctri_tick $TRACE/available_filter_functions || die "this kernel has no function_graph"
put $TRACE/set_ftrace_filter ctri_tick
echo ctri_nets_some >>$TRACE/set_ftrace_filter
echo irq_enter_rcu >>$TRACE/set_ftrace_filter

echo "kernel $(uname -r), $(($(tr - ' ' </sys/devices/system/cpu/possible | awk '{ print $NF }') + 1)) possible CPUs, $(status namespaces) namespaces"
printf '%-26s %8s %12s %12s %9s %9s\n' '' ticks 'ms a second' 'us a tick' 'us held' 'at most'
sleep 3
watch
row 'nothing happens'
pids=()
for ns in $(names '' $BUSY); do
	nsenter --net="/run/netns/$ns" sh -c 'ip link set lo up &&
		nft "add table t; add chain t c { type filter hook output priority 0; }; add rule t c ct state invalid counter"' ||
		die "cannot switch conntrack on in $ns"
	export -f traffic
	BENCH_TMP=$BENCH_TMP nsenter --net="/run/netns/$ns" bash -c traffic &
	pids+=($!)
done
sleep 3
watch
row "$BUSY have traffic"
busy=$rate held=$hold
kill "${pids[@]}"
wait 2>/dev/null
seen=$(col netns inserts | awk '$1 > 20' | wc -l)
echo
limit 'namespaces with traffic' "$seen" '>=' $BUSY
limit 'ticks, 50 namespaces with traffic' "$busy" '<=' "$LIMIT" 'virtual ms a second'
limit 'the mutex is held, 999 of 1,000 times' "$held" '<=' $LIMIT_HOLD 'virtual us'
bench_end
