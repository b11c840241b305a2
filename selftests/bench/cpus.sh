#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two CPUs against one: what a packet costs while another CPU forwards as well.
#
# For a guest with two CPUs. Instructions can be counted with one CPU only, so
# this measures time, of an emulator: an indication, and only as good as the
# machine is quiet. What it can show is a lock or a counter that both CPUs
# write to, for the emulator's threads share the real machine's cache lines.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

PACKETS=${QUICK:+20000}
PACKETS=${PACKETS:-50000}
RUNS=5

# run_on est|new CPU... - sets ret to ns a packet, the mean of the CPUs
run_on()
{
	local kind=$1 cpu sum=0 n=0

	shift
	conntrack -F 2>/dev/null
	for cpu in 0 1; do
		put /proc/net/pktgen/kpktgend_$cpu rem_device_all
	done
	for cpu; do
		pg_add "$cpu" "bench0@$cpu"
		if [ "$kind" = est ]; then
			pg_flow "bench0@$cpu" "10.1.0.$((2 + cpu))" 10.2.0.2 9 9
		else
			pg_flow "bench0@$cpu" "11.$cpu.0.0-11.$cpu.3.231" \
				10.2.0.2 10000-11001 7
		fi
		pg "bench0@$cpu" "count $PACKETS"
	done
	pg_go
	for cpu; do
		sum=$((sum + $(pg_usec "bench0@$cpu")))
		n=$((n + 1))
	done
	ret=$((sum * 1000 / PACKETS / n))
}

# measure NAME est|new - a row; one CPU and both in turn, so that what else the
# machine does meets both alike
measure()
{
	local i one=() both=()

	for ((i = 0; i <= RUNS; i++)); do
		run_on "$2" 0
		[ $i -eq 0 ] || one+=("$ret")
		run_on "$2" 0 1
		[ $i -eq 0 ] || both+=("$ret")
	done
	one=("$(median "${one[@]}")")
	both=("$(median "${both[@]}")")
	printf '%-34s %-12s %10s %10s %8s\n' "$1" "$2" "${one[0]}" "${both[0]}" \
		"$(calc "${both[0]} / ${one[0]}" %.2f)"
}

bench_init
bench_conntrack 262144 2097152
bench_router
[ "$(nproc)" -ge 2 ] || die "needs two CPUs"

echo "kernel $(uname -r), $PACKETS packets a run and CPU, median of $RUNS runs, ns a packet on an emulator"
printf '%-34s %-12s %10s %10s %8s\n' '' packets 'one CPU' 'two CPUs' ratio
measure 'nothing loaded' est
measure 'nothing loaded' new
module_load
measure conntriage est
measure conntriage new
rmmod conntriage
measure 'nothing loaded, again' est
measure 'nothing loaded, again' new
bench_end
