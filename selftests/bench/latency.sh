#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the module adds to the time that a real-time task waits for the processor: that
# of cyclictest under PREEMPT_RT, beside a flood of new connections on a full table,
# without the module and with it, its probes armed; and the same while somebody reads
# all there is to read, which without the module is what others have for it: the
# kernel's own counters and "conntrack -L".
#
# For a guest that counts instructions (selftests/vm/run -k rt -i): there a virtual
# microsecond is a thousand instructions, for cyclictest as well, whatever else the
# machine does. Caches cost nothing, and interrupts of devices don't come: what differs
# between two rows is what was executed with preemption or interrupts off.
# Runs with and without take turns, so that neither has the better moments.
# QUICK=1: fewer samples.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

SAMPLES=${QUICK:+2000}
SAMPLES=${SAMPLES:-5000}	# wake-ups a run
RUNS=${QUICK:+2}
RUNS=${RUNS:-5}
INTERVAL=200			# us between two
MAX=4000			# entries
LIMIT=50			# virtual us

# flood, calm - pktgen, in its own thread, which never ends by itself
flood()
{
	pg_thread 0 bench0
	pg_flow bench0 11.0.0.0-11.0.39.15 10.2.0.2 1024-60999 7
	pg bench0 "count 0"
	echo start >/proc/net/pktgen/pgctrl &
	flooding=$!
	wait_until 20 full || die "the flood does not fill the table"
}

calm()
{
	put /proc/net/pktgen/pgctrl stop
	wait $flooding
}

full()
{
	[ "$(cat $BENCH_CT/nf_conntrack_count)" -ge $((MAX - 200)) ]
}

# Whoever looks, until it is stopped
looks()
{
	while :; do
		if [ -d $BENCH_FS ]; then
			cat $BENCH_FS/{status,netns,sources,census,history,incidents} >/dev/null
		else
			cat /proc/net/stat/nf_conntrack >/dev/null
			conntrack -L >/dev/null 2>&1
		fi
		sleep 0.1
	done
}

# run ROW - a line "ROW us count" for each latency that was met, in a file
run()
{
	cyclictest -q -m -t 1 -p 95 -i $INTERVAL -l "$SAMPLES" -h 1000 >"$BENCH_TMP/out" 2>&1 ||
		die "cyclictest failed: $(tail -n 1 "$BENCH_TMP/out")"
	awk -v row="$1" '
	/^[0-9]+ [0-9]+$/ && $2 > 0 { print row, $1 + 0, $2 + 0 }
	/^# Histogram Overflows: *[1-9]/ { exit 1 }' "$BENCH_TMP/out" >>"$BENCH_TMP/hist" ||
		die "a latency of more than 1,000 us: nothing can be said"
	[ -z "${V:-}" ] || echo "# $1: $(grep -E '^# (Avg|Max) Lat' "$BENCH_TMP/out" | xargs)"
}

# both KIND - beside the flood, and beside whoever looks as well
both()
{
	local pid

	flood
	[ "$1" = without ] || wait_until 20 armed || die "the probes are not armed: $(probes)"
	run "$1"
	looks &
	pid=$!
	run "$1-looks"
	kill $pid
	wait $pid 2>/dev/null
	[ "$1" = without ] || armed || die "the probes did not stay armed: $(probes)"
	calm
}

armed()
{
	[ "$(probes)" = armed ]
}

# of ROW SHARE - sets ret to the latency that this share of its wake-ups doesn't exceed
of()
{
	ret=$(awk -v row="$1" '$1 == row { print $2, $3 }' "$BENCH_TMP/hist" | sort -n |
		awk -v share="$2" '
		{ us[NR] = $1; nr[NR] = $2; all += $2 }
		END {
			for (i = 1; i <= NR; i++) {
				n += nr[i]
				if (n >= all * share)
					break
			}
			print us[(i > NR) ? NR : i]
		}')
	[ "$ret" ] || die "no wake-up was measured in $1"
}

# row NAME ROW
row()
{
	local share values=()

	for share in 0.5 0.9 0.99 0.999 0.9999 1; do
		of "$2" $share
		values+=("$ret")
	done
	printf '%-44s %6s %6s %6s %6s %6s %6s\n' "$1" "${values[@]}"
}

# added ROW ROW SHARE NAME - a limit for the difference
added()
{
	local before

	of "$1" "$3"
	before=$ret
	of "$2" "$3"
	limit "$4" $((ret - before)) '<=' $LIMIT 'virtual us'
}

bench_init cyclictest
[ "$(cat /sys/kernel/realtime 2>/dev/null)" = 1 ] || die "not a PREEMPT_RT kernel; use selftests/bench/run latency"
bench_conntrack 1024 $MAX
bench_router
# or a real-time task is held back for 50 ms each second
put /proc/sys/kernel/sched_rt_runtime_us -1
: >"$BENCH_TMP/hist"
run alone
for ((i = 0; i < RUNS; i++)); do
	both without
	module_load
	both with
	inserts=$(col netns inserts id=1)
	rmmod conntriage || die "the module does not unload"
	holds "${inserts:-0} > $SAMPLES" || die "the module saw ${inserts:-no} insertions: that was no flood"
done

echo "kernel $(uname -r), one CPU, cyclictest every $INTERVAL us, $RUNS runs of $SAMPLES wake-ups each, virtual us"
printf '%-44s %6s %6s %6s %6s %6s %6s\n' '' 50% 90% 99% 99.9% 99.99% most
row 'nothing else runs' alone
row 'flood, full table' without
row 'flood, module, probes armed' with
row 'flood, conntrack -L and the kernel'"'"'s counters' without-looks
row 'flood, module, all its files read' with-looks
echo
added without with 0.999 'added, 99.9 % of wake-ups'
added without with 1 'added to the worst'
added without-looks with-looks 0.999 'added, 99.9 %, while its files are read'
added without-looks with-looks 1 'added to the worst, while its files are read'
bench_end
