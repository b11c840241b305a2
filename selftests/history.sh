#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: the flight recorder agrees with the clock and with the packet
# generator: no second is lost, none is forged, and a minute is the sum of its
# seconds.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

RATE=2000
SENT=20000
INVALID=500

# look - what is recorded now: its lines, and the time in ms since boot
look()
{
	local up

	mapfile -t seconds <"$CTRI_FS/history"
	read -r up _ </proc/uptime
	look_time=${up/./}0
}

# next_second - look just after a tick
next_second()
{
	local nr end=$((SECONDS + 30))

	look
	nr=${#seconds[@]}
	while [ ${#seconds[@]} -eq "$nr" ]; do
		[ "$SECONDS" -lt $end ] ||
			ktap_exit_fail_msg "the recorder does not tick"
		look
	done
}

# sec COLUMN[,COLUMN...] - of every second that was there when we looked
sec()
{
	local CTRI_FS=$lib_tmp

	printf '%s\n' "${seconds[@]}" >"$lib_tmp/seconds"
	col seconds "$1"
}

# total COLUMN - of these seconds
total()
{
	sec "$1" | add_up
}

minute()
{
	[ "$(col history_minutes span | wc -l)" -ge 1 ]
}

ktap_print_header
need_module
topo_up 1
topo_up 1 x
put /proc/sys/net/netfilter/nf_conntrack_max 100000
module_load
watched r
ktap_set_plan 19

# Something for every series that needs no pressure; namespace xr is less full
gen xc1 -n 100 -s 10.0.1.2 -d "$S4" --sport 10000-10099
next_second
t0=$look_time span0=$(total span) inserts0=$(total inserts)
gen c1 -n $SENT -r $RATE -s 10.0.1.11 --sources 20 -d "$S4" --sport 10000-10999
sent=$GEN_SENT took=$GEN_SECONDS
gen c1 -n $INVALID -s 10.0.1.11 -d "$S4" -p tcp --flags FA --sport 1-$INVALID
next_second
elapsed=$((look_time - t0))

t_eq "inserts are what the generator sent" $(($(total inserts) - inserts0)) "$sent"
t_eq "of all namespaces, since the load" "$(total inserts)" $((sent + 100))
t_eq "INVALID are what the generator sent" "$(total invalid)" $INVALID
t_near "spans add up to the time that passed" $(($(total span) - span0)) $elapsed 1

# The rate while the generator ran, without its first and last second
rate=$(sec span,inserts | awk -v min=$((RATE / 10)) '
	$2 >= min { n++; span[n] = $1; inserts[n] = $2 }
	END {
		for (i = 2; i < n; i++) {
			t += span[i]
			sum += inserts[i]
		}
		print (t ? sum * 1000 / t : 0)
	}')
real=$(awk -v n="$sent" -v s="$took" 'BEGIN { print n / s }')
t_near "the rate is the generator's" "$rate" "$real" 5
t_eq "no second has more than its share" "$(sec span,inserts |
	awk -v rate=$RATE '$2 > rate * ($1 / 1000 + 1) { n++ } END { print n + 0 }')" 0
t_eq "no tick is lost" "$(status lost_ticks)" 0
t_eq "no row is longer than two seconds" "$(sec span | awk '$1 >= 2000' | wc -l)" 0
# the very first tick comes at once
t_eq "no row is much shorter than a second" \
	"$(sec span | awk 'NR > 1 && $1 < 900' | wc -l)" 0
t_eq "the oldest row first" "$(sec ago)" "$(sec ago | sort -rn)"
t_num "the last is of just now" "$(sec ago | tail -n 1)" -le 1
t_eq "fullest namespace, its entries and its limit" \
	"$(sec netns,count,max | tail -n 1)" \
	"$(ns_inode r) $(kstat r entries) 100000"
t_eq "distinct sources: known once a window has ended" \
	"$(sec distinct | head -n 1)" 0
known()
{
	[ "$(col history distinct | tail -n 1)" -ge 20 ]
}
t_run "distinct sources: 21" wait_until 15 known

# A minute
if [ "$QUICK" ]; then
	for name in "least, mean and most of a minute are in order" \
		    "mean times span are the inserts" "the minute's INVALID" \
		    "length and limit"; do
		ktap_test_skip "$name" "QUICK is set"
	done
else
	wait_until 90 minute
	t_eq "least, mean and most of a minute are in order" "$(awk '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				if ($i ~ /_min$/)
					min[n++] = i
			next
		}
		{
			for (i = 0; i < n; i++)
				if ($min[i] > $(min[i] + 1) || $(min[i] + 1) > $(min[i] + 2))
					print $0
		}
		END { print n " series" }' "$CTRI_FS/history_minutes")" "8 series"
	read -r mean length <<<"$(col history_minutes inserts_mean,span | head -n 1)"
	t_near "mean times span are the inserts" \
		"$(awk -v m="$mean" -v s="$length" 'BEGIN { print m * s / 1000 }')" \
		$((sent + 100)) 1
	read -r least most <<<"$(col history_minutes invalid_min,invalid_max | head -n 1)"
	t_eq "the minute's INVALID" "$least $(((most > 0) + (most <= INVALID * 2)))" "0 2"
	t_eq "length and limit" "$(col history_minutes max | head -n 1) $(((length + 1000) / 2000))" \
		"100000 30"
fi
module_unload
t_clean "kernel log"
ktap_finished
