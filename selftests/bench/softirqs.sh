#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For how long a census keeps softirqs off, which is the longest section that the module
# opens: on a table of 65,536 entries, each with a source of its own, in a quarter as many
# buckets, which is as dense as nf_conntrack's defaults let a table become.
#
# A section is from the first bucket that is locked to the end of BH off, by the function
# tracer, whose own time is in it: some 0.5 us for each bucket. For a guest that counts
# instructions (selftests/vm/run -i): a virtual microsecond is a thousand instructions
# there; caches cost nothing. QUICK=1: a quarter of the entries.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

ENTRIES=${QUICK:+16384}
ENTRIES=${ENTRIES:-65536}
LIMIT=50
TRACE=/sys/kernel/tracing

# sections - of the trace: microseconds and buckets of each
sections()
{
	awk '
	/nf_conntrack_lock <-/ {
		if (!n++)
			began = $4 + 0
		next
	}
	/__local_bh_enable_ip <-/ {
		if (n)
			printf "%d %d\n", ($4 - began) * 1000000 + 0.5, n
		n = 0
	}'
}

bench_init
bench_conntrack $((ENTRIES / 4)) $((ENTRIES + 1000))
bench_router
module_load
pg_thread 0 bench0
pg_flow bench0 11.0.0.0-11.15.255.255 10.2.0.2 1025 7
pg bench0 "count $ENTRIES"
pg_go

put $TRACE/buffer_size_kb 30000
put $TRACE/set_ftrace_filter nf_conntrack_lock
echo __local_bh_enable_ip >>$TRACE/set_ftrace_filter
put $TRACE/current_tracer function
sleep 2
sh -c "echo \$\$ >$TRACE/set_ftrace_pid; exec cat $BENCH_FS/census" >"$BENCH_TMP/census"
put $TRACE/tracing_on 0
sections <$TRACE/trace | sort -n >"$BENCH_TMP/sections"
seen=$(awk '$1 == "netns" { n += $5 } END { print n + 0 }' "$BENCH_TMP/census")
walked=$(awk '{ n += $2 } END { print n + 0 }' "$BENCH_TMP/sections")
buckets=$(cat /sys/module/nf_conntrack/parameters/hashsize)

echo "kernel $(uname -r), one CPU, $seen entries, $buckets buckets"
awk '{ us[NR] = $1 }
	END { printf "%d sections with softirqs off, virtual us: median %d, 99 %% %d, longest %d\n",
	NR, us[int((NR + 1) / 2)], us[int((NR * 99 + 99) / 100)], us[NR] }' "$BENCH_TMP/sections"
echo
limit 'entries found' "$seen" '>=' "$ENTRIES"
limit 'buckets whose section was seen' "$walked" '>=' "$buckets"
limit 'longest that a census keeps softirqs off' "$(awk 'END { print $1 }' "$BENCH_TMP/sections")" '<=' $LIMIT 'virtual us'
bench_end
