#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the acceptance table of the heavy-source table: item, limit, measured,
# verdict. Exit 1 where a row falls short. QUICK=1: a part of it, shorter.
# Needs valgrind and objdump, besides what the Makefile builds in $1.
build=${1:?"bench.sh BUILD-DIRECTORY"}
short=0

row() {	# row GOOD ITEM LIMIT MEASURED
	verdict=ok
	if [ "$1" != 1 ]; then
		verdict="FALLS SHORT"
		short=1
	fi
	printf '%-44s %-40s %-40s %s\n' "$2" "$3" "$4" "$verdict"
}

collected() {	# instructions below ctri_table_account() in one run
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect=ctri_table_account \
		"$build/bench_instr" "$1" "$2" 2>&1 |
		sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

instr() {	# instr WHAT EVENTS LIMIT ITEM; the set-up's share is taken off
	with=$(collected "$1" "$2")
	without=$(collected "$1" 0)
	if [ -z "$with" ] || [ -z "$without" ]; then
		row 0 "$4" "<= $3 instructions" "valgrind failed"
		return
	fi
	n=$(((with - without) / $2))
	row $((n <= $3)) "$4" "<= $3 instructions" "$n"
}

# Every function that ctri_table_account() can reach, by the jumps and calls in
# the disassembly. Prints: functions, locked or fencing instructions, names of
# anything called that is not part of the table.
reach() {
	objdump -d --no-show-raw-insn "$build/bench_instr" | awk '
	/^[0-9a-f]+ <.*>:$/ { name = $2; gsub(/[<>:]/, "", name); next }
	name == "" { next }
	$2 ~ /^(lock|[mls]fence)$/ || ($2 == "xchg" && /\(/) { locked[name]++ }
	$2 !~ /^(call|j[a-z]+)q?$/ { next }
	/</ {
		target = $0
		sub(/.*</, "", target); sub(/[+>].*/, "", target)
		if (target != name) edge[name] = edge[name] " " target
		next
	}
	{ edge[name] = edge[name] " indirect" }
	END {
		todo[1] = "ctri_table_account"; n = 1; seen[todo[1]] = 1
		for (i = 1; i <= n; i++) {
			f = todo[i]
			bad += locked[f]
			if (f !~ /^(ctri_|siphash_)/) other = other " " f
			m = split(edge[f], to, " ")
			for (j = 1; j <= m; j++)
				if (!(to[j] in seen)) { seen[to[j]] = 1; todo[++n] = to[j] }
		}
		print n, bad + 0, other
	}'
}

hot_path() {
	# shellcheck disable=SC2046 # three words are wanted
	set -- $(reach)
	functions=$1 locked=$2
	shift 2
	others=none
	good=1
	for name; do	# memset() of a new record is all that may be called
		case $name in
		memset@plt | memset) ;;
		*) good=0 others="$others $name" ;;
		esac
	done
	[ "$locked" = 0 ] && [ "${functions:-0}" -gt 5 ] || good=0
	row $good "hot path, by the disassembly" \
		"0 atomics, fences, locks, allocations" \
		"$locked in $functions functions; calls out: $others"
}

printf '%-44s %-40s %-40s %s\n' item limit measured verdict
instr another 30000 250 "hit, another source than the last"
instr again 30000 250 "hit, the last source again"
instr six 30000 290 "hit, IPv6 /64 (two words to hash)"
instr first-of-second 30000 400 "hit, the source's first in a second"
instr new 300 430 "first event of a source, way free"
instr miss 30000 320 "miss, rejected"
hot_path
"$build/bench_table" || short=1

rows=$("$build/test_bounds")
good=$?
counted=$(echo "$rows" | sed -n 's/^# .*: \([0-9]*\) rows compared.*/\1/p' |
	awk '{ n += $1 } END { print n }')
row $((good == 0)) "bounds, saturation included" \
	"0 violations in >= 100,000 rows" "$counted rows, exit status $good"
exit $short
