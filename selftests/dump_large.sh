#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: without the module, a flood during the reader's lists has its finding; a
# table of a million is counted entry by entry, in memory that doesn't grow with it; and a
# sample of it is off by what it says, or less.
# QUICK=1: a quarter of a million.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/dump.sh
. "$CTRI_DIR/lib/dump.sh"
ENTRIES=${QUICK:+250000}
ENTRIES=${ENTRIES:-1000000}

# holds ROLE ENTRIES - at least
holds()
{
	[ "$(entries "$1")" -ge "$2" ]
}

flood()
{
	local rate

	put /proc/sys/net/netfilter/nf_conntrack_max 40000
	gen_bg c1 -r 10000 -t 60 -p tcp -s 10.0.1.66 -d "$S4" --sport 10000-60000 --dport 443-542
	rate=$BG_PID
	wait_until 30 holds r 30000
	reads r -v --seconds 3
	t_has "a flood during the lists has its finding" "$status $(words)" '^[12] .*10\.0\.1\.66'
	reads r sources --seconds 3 --json
	t_num "and its rate" "$(value per_second | cut -d . -f 1)" -gt 100
	bg_end "$rate"
}

# share CLASS KEY FILE - entries of it
share()
{
	tr -d ' \n' <"$3" | sed 's/},{/\n/g' | sed -n "s|.*\"class\":\"$1\",\"key\":\"$2\".*\"count\":\([0-9]*\),.*|\1|p"
}

# odd - rows of a sample that are off by more than the error that they tell, of the first 16
odd()
{
	tr -d ' \n' <"$lib_tmp/sample" | sed 's/},{/\n/g' |
		sed -n 's|.*"class":"source","key":"\([^"]*\)".*"count":\([0-9]*\),"error":\([0-9]*\),.*|\1 \2 \3|p' |
		head -n 16 | while read -r who count error; do
		n=$(share source "$who" "$lib_tmp/full")
		d=$((count - ${n:-0}))
		[ ${d#-} -le "$error" ] || echo "$who: $count +- $error, of $n"
	done
}

# peak ROLE WORDS... - KiB of memory that the reader took at most
peak()
{
	local role=$1 most='' now

	shift
	bg "$role" "$READER" "$@"
	while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$BG_PID/status" 2>/dev/null) &&
	      kill -0 "$BG_PID" 2>/dev/null; do
		most=${now:-$most}
		sleep 0.05
	done
	bg_wait "$BG_PID"
	echo "$most"
}

large()
{
	local small big

	put /sys/module/nf_conntrack/parameters/hashsize 262144
	put /proc/sys/net/netfilter/nf_conntrack_max 1200000
	ns_add large
	fill large -n 10000 -m 3600
	small=$(peak large census --full --seconds 1)
	fill large -n $((ENTRIES - 10000)) -f 10000 -m 3600
	reads large census --full --seconds 0 --json --all
	cp "$lib_tmp/out" "$lib_tmp/full"
	t_eq "$ENTRIES entries: each is counted" "$(value entries)" "$(entries large)"
	big=$(peak large census --full --seconds 1)
	ktap_print_msg "  at most $small KiB for 10,000 entries, $big KiB for $ENTRIES"
	# 12 MiB for what is counted, and 8 to 16 bytes for each entry tell which were there
	# before, 32 MiB at most
	t_num "in memory that doesn't grow, but by what tells who was there before" "$big" -le \
		$((12288 + ENTRIES / 64))
	reads large census --seconds 0 --json --all
	cp "$lib_tmp/out" "$lib_tmp/sample"
	t_near "a sample stands for all of them" "$(value entries)" "$(entries large)" 1
	# The error is two deviations, so one in twenty is off; of 16 four are with a
	# probability of 1 %
	t_num "shares are as far off as it tells, or less" "$(odd | wc -l)" -le 3
	odd | sed 's/^/#   /'
	t_near "so are the stages" "$(value unanswered)" \
		"$(sed -n 's/.*"unanswered": \([0-9]*\).*/\1/p' "$lib_tmp/full" | head -n 1)" 3
}

ktap_print_header
need_dump
[ "${CONNTRIAGE_GUEST:-}" ] ||
	ktap_skip_all "fills the machine's own table; use selftests/vm/run"
ktap_set_plan 8
dump_begin
topo_up 1
flood
large
t_clean "kernel log"
ktap_finished
