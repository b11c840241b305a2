#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# big.sh cpus|possible|netns|entries|sources SIZE... - what the module costs where there is
# much of something: time and memory of a load, a tick, each file's read, the reader, an
# unload. A line a number, "WHAT SIZE NAME VALUE", which big_table makes a table of.
# "selftests/bench/run big" has the guests: one for each number of CPUs, as that can't be
# changed in one; elsewhere one that grows from size to size.
#
# With one CPU the guest counts instructions: a millisecond is a million of them. Several
# CPUs share one thread of the machine, whose other work is in the guest's time, as is what
# its other CPUs do: the least of several times is taken, which is too much still where the
# machine is busy. "busy" is how much longer a fixed piece of work took than at best
# (../tools/ctcost.c). The module is stripped of what debuggers want, as packages do, and
# read from memory.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

what=${1:?}
shift
size=
TIMES=15
LOADS=${CONNTRIAGE_BIG_LOADS:-7}
COST=$BENCH_TOP/selftests/tools/ctcost
GEN=$BENCH_TOP/selftests/tools/ctgen
# one that loads no libraries: that would be time of the guest's file system
READER=$BENCH_TOP/userspace/build/static/conntriage
KO=${CONNTRIAGE_KO:-$BENCH_TOP/conntriage.ko}
TRACE=/sys/kernel/debug/tracing
FILES=(abi status netns sources classes history history_minutes incidents incident_top)

# say NAME VALUE
say()
{
	printf '%s %s %s %s\n' "$what" "$size" "$1" "$2"
}

# costs [NAME] - from what ctcost prints, in ms
costs()
{
	local name us busy bytes

	while read -r name us busy bytes; do
		[ -z "${V:-}" ] || echo "# $what $size $name $us us, busy $busy, $bytes bytes" >&2
		say "${1:-$name}" "$(calc "$us / 1000" %.3f)"
	done
}

free_kib()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^MemFree/ { print $2 }' /proc/meminfo
}

# Ten connections of each CPU: from 127.0.0.CPU, with a record in its table
few_packets()
{
	local cpu

	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		taskset -c $cpu bash -c "for p in {1000..1009}; do
			echo >/dev/udp/127.0.1.$cpu/\$p; done" 2>/dev/null
	done
}

# The median tick, seen by function_graph
tick()
{
	put $TRACE/set_ftrace_filter ctri_tick
	put $TRACE/trace ''
	put $TRACE/current_tracer function_graph
	sleep 12
	put $TRACE/tracing_on 0
	awk '/ us .*ctri_tick/ { sub(/ us .*/, ""); sub(/.*[^0-9.]/, ""); print }' $TRACE/trace |
		sort -g >"$BENCH_TMP/ticks"
	put $TRACE/current_tracer nop
	put $TRACE/tracing_on 1
	[ -s "$BENCH_TMP/ticks" ] || die "no tick in 12 seconds"
	say tick "$(calc "$(sed -n "$((($(wc -l <"$BENCH_TMP/ticks") + 1) / 2))p" \
		"$BENCH_TMP/ticks") / 1000" %.3f)"
}

# reads_anew FILE [NAME] - a walk, or a sum, each: within a second a reader is given the
# one before
reads_anew()
{
	local n

	for ((n = 0; n < 3; n++)); do
		sleep 1.5
		"$COST" read "$1" || die "$1 can't be read"
	done | sort -g -k 2 | head -n 1 | costs "${@:2}"
}

reads()
{
	"$COST" -n $TIMES read "${FILES[@]/#/$BENCH_FS/}" | costs
}

# Half of the CPUs go and come; what they had counted stays
hotplug()
{
	local cpu half=$(($(nproc) / 2)) all cpus inserts began

	all=$(nproc)
	inserts=$(col classes entries class=insert)
	cpus=$(status cpus)
	began=$EPOCHREALTIME
	for ((cpu = half; cpu < all; cpu++)); do
		put /sys/devices/system/cpu/cpu$cpu/online 0
	done
	"$COST" -n $TIMES read $BENCH_FS/sources | costs sources_half_off
	[ "$(col classes entries class=insert)" = "$inserts" ] && [ "$(status cpus)" = "$cpus" ] ||
		die "counts went with their CPUs"
	for ((cpu = half; cpu < all; cpu++)); do
		put /sys/devices/system/cpu/cpu$cpu/online 1
	done
	say half_off_and_on "$(calc "($EPOCHREALTIME - $began) * 1000")"
	few_packets
	[ "$(status cpus)" = "$cpus" ] && [ "$(status cpus_without)" = 0 ] ||
		die "a CPU that came back has another table, or none"
}

load()
{
	local before

	"$COST" -n $LOADS load "$BENCH_TMP/conntriage.ko" conntriage | costs
	before=$(free_kib)
	CONNTRIAGE_KO=$BENCH_TMP/conntriage.ko module_load
	say memory_taken "$((before - $(free_kib)))"
	few_packets
}

measure()
{
	reads
	reads_anew $BENCH_FS/census
	reads_anew /proc/self/net/conntriage proc
	"$COST" -n 5 run "$READER" | costs reader
	"$COST" -n 5 run "$READER" --check | costs reader_check
	tick
	say memory_told "$((($(status memory) + $(status memory_records) +
		$(status namespaces) * $(status memory_netns)) / 1024))"
}

# Ends where the module is not there
at_size()
{
	load
	measure
	rmmod conntriage
}

grow_netns()
{
	seq -f 'netns add n%g' "$made" $((size - 1)) >"$BENCH_TMP/batch"
	ip -batch "$BENCH_TMP/batch" || die "cannot make $size namespaces"
	made=$size
}

# In pieces of up to a million: 1,000 sources and 1,001 ports count up together (pktgen ends
# before the last port), each piece has a destination port of its own
grow_entries()
{
	local count

	while [ "$made" -lt "$size" ]; do
		count=$((size - made < 1000000 ? size - made : 1000000))
		pg_thread 0 bench0
		pg_flow bench0 11.0.0.0-11.0.3.231 10.2.0.2 10000-11001 $((port++))
		pg bench0 "count $count"
		pg_go
		made=$((made + count))
	done
	[ "$(cat "$BENCH_CT/nf_conntrack_count")" -ge "$size" ] || die "fewer than $size entries"
}

# A packet each: an ACK of no connection
invalid_sources()
{
	local seen

	"$GEN" -i big0 --host -n "$size" -s 64.0.0.1 --sources "$size" -d 10.2.0.2 \
		--mac "$(cat /sys/class/net/big1/address)" -p tcp --flags A >/dev/null ||
		die "cannot send $size packets"
	sleep 1
	seen=$(col netns invalid "netns=$(stat -Lc %i /proc/self/ns/net)")
	[ "$seen" -ge "$size" ] || die "$seen INVALID packets instead of $size"
	say distinct_by_estimate "$(col classes distinct class=invalid)"
}

bench_init taskset strip
[ -x "$COST" ] || die "no $COST; make -C selftests"
[ -x "$READER" ] || die "no $READER; make -C userspace static"
cp "$KO" "$BENCH_TMP/conntriage.ko" && strip --strip-debug "$BENCH_TMP/conntriage.ko" ||
	die "no $KO; run make first"
cp "$READER" "$COST" "$BENCH_TMP"/ && READER=$BENCH_TMP/conntriage COST=$BENCH_TMP/ctcost
buckets=65536
[ "$what" != entries ] || buckets=1048576
bench_conntrack $buckets 4200000
bench_router
ip link set lo up
put /proc/sys/net/ipv4/conf/lo/rp_filter 0
nft 'add chain inet bench out { type filter hook output priority 0; }' || die "no chain"
made=0 port=7

case $what in
cpus)
	size=$(nproc)
	[ "$size" -eq "$1" ] || die "$size CPUs came up of $1"
	load
	measure
	[ "$size" -lt 2 ] || hotplug
	rmmod conntriage
	;;
possible)
	size=$1
	at_size
	;;
netns | entries)
	for size; do
		grow_"$what"
		at_size
	done
	;;
sources)
	ip link add big0 type veth peer name big1 && ip link set big0 up && ip link set big1 up ||
		die "cannot make a pair of interfaces"
	put /proc/sys/net/ipv4/conf/big1/rp_filter 0
	put "$BENCH_CT/nf_conntrack_tcp_loose" 0
	for size; do
		load
		invalid_sources
		measure
		rmmod conntriage
	done
	;;
*)
	die "$what is nothing that there is much of"
	;;
esac
rm -rf "$BENCH_TMP"
