#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# fuzz.sh BUILD-DIRECTORY SECONDS - fuzz the table, and say how it went in one
# line of TAP. An input that fails is kept in the build directory.
build=${1:?"fuzz.sh BUILD-DIRECTORY SECONDS"}
seconds=${2:?"fuzz.sh BUILD-DIRECTORY SECONDS"}
# shellcheck source=../../lib/ktap.sh
. "$(dirname "$0")/../../lib/ktap.sh"

cd "$build" && mkdir -p corpus || exit 2
./fuzz_table -max_total_time="$seconds" -max_len=2048 -timeout=60 -verbosity=0 \
	-print_final_stats=1 corpus ../corpus >fuzz.log 2>&1
status=$?
ran=$(sed -n 's/^stat::number_of_executed_units: *//p' fuzz.log)
if [ $status -eq 0 ] && [ "${ran:-0}" -gt 0 ]; then
	ktap_test_pass "fuzzing: $ran executions in $seconds s"
	exit 0
fi
why=$(grep -m 1 -E '^fuzz_table: |ERROR: |runtime error: ' fuzz.log)
kept=$(sed -n 's/.*Test unit written to \(.*\)$/\1/p' fuzz.log | tail -n 1)
sed 's/^/# /' fuzz.log | tail -n 30
ktap_test_fail "fuzzing: ${why:-exit status $status}; input kept in ${kept:+$build/}${kept:-no file}; see $build/fuzz.log"
exit 1
