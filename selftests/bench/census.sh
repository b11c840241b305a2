#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How long it takes to know what is in a table of a million connections: the
# census against "conntrack -L | wc -l" and "conntrack -L -o xml | wc -l", and
# the longest time that the census keeps the CPU without a scheduling point.
#
# For a guest that counts instructions (selftests/vm/run -i -m 3072): a virtual
# microsecond is a thousand instructions there, so times are comparable with
# each other and from run to run, and are not those of real hardware. What is
# compared is CPU time: while the guest waits for its host's files, its clock
# leaps ahead.
# QUICK=1: 100,000 connections.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ENTRIES=${CONNTRIAGE_BENCH_ENTRIES:-${QUICK:+100000}}
ENTRIES=${ENTRIES:-1000000}
READS=3
LIMIT_RATIO=40
LIMIT_STALL=2000

# 1,000 sources and 1,001 ports count up together: 1,001,000 connections
fill()
{
	conntrack -F 2>/dev/null
	pg_thread 0 bench0
	pg_flow bench0 11.0.0.0-11.0.3.231 10.2.0.2 10000-11001 7
	pg bench0 "count $ENTRIES"
	pg_go
	have=$(cat "$BENCH_CT/nf_conntrack_count")
	[ "$have" -ge "$ENTRIES" ] || die "$have entries instead of $ENTRIES"
}

# msec COMMAND... - sets ret to the CPU time it takes, user and system
msec()
{
	local TIMEFORMAT='%3U %3S'

	{ time "$@" >"$BENCH_TMP/out" 2>/dev/null; } 2>"$BENCH_TMP/time" ||
		die "$* failed"
	ret=$(awk '{ print ($1 + $2) * 1000 }' "$BENCH_TMP/time")
}

list()
{
	conntrack -L "$@" 2>/dev/null | wc -l
}

# row NAME MSEC COUNT
row()
{
	printf '%-34s %12s %10s %9s\n' "$1" \
		"$2" "$3" "$(calc "$2 / $census")"
}

bench_init
bench_conntrack 1048576 $((ENTRIES + 100000))
bench_router
module_load
fill

stall=0
runs=()
for ((i = 0; i < READS; i++)); do
	# within a second a reader is given the walk of the one before
	sleep 1.5
	msec cat "$BENCH_FS/census"
	runs+=("$ret")
	walk=$(awk '$1 == "walk" && $4 == "max_usec" { print $5 }' "$BENCH_TMP/out")
	holds "$walk > $stall" && stall=$walk
done
census=$(median "${runs[@]}")
seen=$(awk '$1 == "netns" { n += $5 } END { print n + 0 }' "$BENCH_TMP/out")

echo "kernel $(uname -r), one CPU, $have entries, $(cat /sys/module/nf_conntrack/parameters/hashsize) buckets"
printf '%-34s %12s %10s %9s\n' '' 'virtual ms' found 'times as'
printf '%-34s %12s %10s %9s\n' '' '' '' long
row "census (median of $READS)" "$census" "$seen"
msec list
text=$ret
row 'conntrack -L | wc -l' "$text" "$(cat "$BENCH_TMP/out")"
msec list -o xml
xml=$ret
row 'conntrack -L -o xml | wc -l' "$xml" "$(cat "$BENCH_TMP/out")"
echo
[ "$seen" = "$have" ] || die "the census found $seen of $have entries"
limit 'conntrack -L takes times as long' "$(calc "$text / $census")" '>=' $LIMIT_RATIO
limit 'conntrack -L -o xml takes times as long' "$(calc "$xml / $census")" '>=' $LIMIT_RATIO
limit 'longest walk without a scheduling point' "$stall" '<' $LIMIT_STALL 'virtual us'
bench_end
