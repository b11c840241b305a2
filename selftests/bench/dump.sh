#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What it costs to know a table without the module: conntriage's list of it, and its two
# lists with all that a diagnosis reads, beside "conntrack -L | wc -l", "conntrack -L -o
# xml | wc -l" and a script of the usual kind, which counts sources by awk, sort and uniq.
#
# CPU time in user space, with all that a command starts, and the most memory that one
# process of it takes. For a guest that counts instructions (selftests/vm/run -i -m 3072):
# a virtual microsecond is a thousand instructions there. Ticks tell user space from the
# kernel, so lists of small tables are repeated.
# QUICK=1: no table of a million.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

SIZES="10000 100000"
[ "$QUICK" ] || SIZES="$SIZES 1000000"
LIMIT_RATIO=5
LIMIT_KIB=49152			# 16 MiB, and 32 MiB at most of what was there before
READER=$BENCH_TOP/userspace/conntriage
FILL=$BENCH_TOP/selftests/tools/ctfill

# what is measured, by number
say=('conntriage census, one list' 'conntriage, two lists' 'conntrack -L | wc -l'
	'conntrack -L -o xml | wc -l' 'awk, sort, uniq')

work()
{
	case $1 in
	0) "$READER" census --full --seconds 0 ;;
	1) "$READER" --full --seconds 1 ;;
	2) conntrack -L | wc -l ;;
	3) conntrack -L -o xml | wc -l ;;
	4) conntrack -L | awk '{
		for (i = 1; i <= NF; i++)
			if ($i ~ /^src=/) {
				print $i
				break
			}
		}' | sort | uniq -c | sort -rn | head ;;
	esac
}

# cost NR TIMES - sets user and sys to ms of CPU time that it takes once
cost()
{
	local TIMEFORMAT='%3U %3S' i

	{ time for ((i = 0; i < $2; i++)); do
		work "$1" >"$BENCH_TMP/out" 2>/dev/null
	done; } 2>"$BENCH_TMP/time"
	[ -s "$BENCH_TMP/out" ] || die "${say[$1]}: nothing came"
	user=$(awk -v n="$2" '{ print $1 * 1000 / n }' "$BENCH_TMP/time")
	sys=$(awk -v n="$2" '{ print $2 * 1000 / n }' "$BENCH_TMP/time")
}

# memory NR - sets kib: of the process that took most
memory()
{
	export READER
	command time -f %M -o "$BENCH_TMP/kib" bash -c "$(declare -f work); work $1" >/dev/null 2>&1
	kib=$(tail -n 1 "$BENCH_TMP/kib")
}

# measure SIZE - rows of a table of so many; what the limits are of goes to files
measure()
{
	local size=$1 k times users=()

	times=$((500000 / size > 10 ? 10 : 500000 / size + 1))
	"$FILL" -n "$size" -m 100000 >/dev/null || die "the table can't be filled"
	for k in "${!say[@]}"; do
		cost "$k" "$times"
		kib=-
		[ "$k" -gt 1 ] || memory "$k"
		users[k]=$user
		printf '%9d %-30s %10.1f %10.1f %8s %9.1f\n' "$size" "${say[k]}" "$user" "$sys" \
			"$kib" "$(calc "$user / ${users[0]}")"
		[ "$k" -gt 1 ] || echo "$kib" >>"$BENCH_TMP/kibs"
	done
	echo "$size $(calc "${users[2]} / ${users[0]}") $(calc "${users[2]} / ${users[1]}")" \
		>>"$BENCH_TMP/ratios"
}

# in a namespace of its own, as below
if [ "${1:-}" = measure ]; then
	BENCH_TMP=$3
	measure "$2"
	exit
fi

bench_init time
bench_conntrack 1048576 1200000
[ -x "$READER" ] && [ -x "$FILL" ] || die "not built; run make all selftests"
[ ! -d /sys/module/conntriage ] || die "the module is loaded; it would be asked instead"
echo "kernel $(uname -r), one CPU, $(cat /sys/module/nf_conntrack/parameters/hashsize) buckets"
printf '%9s %-30s %10s %10s %8s %9s\n' entries '' 'user ms' 'system ms' KiB 'times as' \
	'' '' '' '' '' much
for size in $SIZES; do
	unshare -n "$0" measure "$size" "$BENCH_TMP" || die "$size entries could not be measured"
done
echo
while read -r size one two; do
	limit "user space of conntrack -L, to one list's, $size" "$one" '>=' $LIMIT_RATIO
	[ "$size" -lt 100000 ] ||
		limit "likewise to that of two lists, $size" "$two" '>=' $LIMIT_RATIO
done <"$BENCH_TMP/ratios"
limit 'memory at most' "$(sort -n "$BENCH_TMP/kibs" | tail -n 1)" '<=' $LIMIT_KIB KiB
bench_end
