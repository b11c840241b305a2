#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: times are absolute as well, so that a row is known again and has a date;
# and files that were opened in one second of the recorder say so.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=300
TABLES="netns sources classes census history history_minutes incidents incident_top"

# said FILE - the generations of its rows in the copy, once each
said()
{
	if [ "$1" = status ]; then
		status generation
	else
		col "$1" generation | sort -u
	fi
}

# tied - all files say one generation; $lib_tmp/tied has what they say
tied()
{
	local CTRI_FS=$CTRI_FS file

	another_walk
	rm -rf "$lib_tmp/copy"
	mkdir "$lib_tmp/copy"
	(cd "$CTRI_FS" && cp -- * "$lib_tmp/copy")
	CTRI_FS=$lib_tmp/copy
	for file in status $TABLES; do
		echo "$file $(said "$file" | xargs)"
	done >"$lib_tmp/tied"
	# a minute that isn't over has no row
	awk 'NF > 2 { exit 1 } NF > 1 && seen++ && $2 != last { exit 1 } { last = NF > 1 ? $2 : last }' \
		"$lib_tmp/tied"
}

# row_counted - it is 1 and the rows of history, where both files say the same one
row_counted()
{
	local CTRI_FS=$CTRI_FS

	rm -rf "$lib_tmp/copy"
	mkdir "$lib_tmp/copy"
	(cd "$CTRI_FS" && cp status history "$lib_tmp/copy")
	CTRI_FS=$lib_tmp/copy
	[ "$(status generation)" = "$(said history)" ] &&
		[ "$(status generation)" -eq $(($(col history at | wc -l) + 1)) ]
}

later_than()
{
	[ "$(status generation)" -gt "$1" ]
}

uptime_s()
{
	cut -d. -f1 /proc/uptime
}

# same A B SECONDS - they are, or are not further apart
same()
{
	[ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ]
}

# clock - seconds of CLOCK_BOOTTIME and since 1970 by status
clock()
{
	echo "$(status boottime) $(status realtime)"
}

spell_begun()
{
	[ "$(col incidents worst_at)" ] && [ "$(col incidents worst_at)" != - ]
}

ktap_print_header
need_module conntrack
topo_up 1
module_load
watched r
need_quiet_host $((MAX / 2))
ktap_set_plan 22
put /proc/sys/net/netfilter/nf_conntrack_max $MAX

# A flood, so that every file has rows
on r sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0
gen c1 -n $((2 * MAX)) -s 10.0.1.66 -d "$S4" --sport 10000-$((9999 + 2 * MAX))
t_run "a spell of pressure began" wait_until 20 spell_begun
now=$(status generation)
wait_until 5 later_than $((now + 2))

for file in $TABLES; do
	awk '!n { n = NF; last = $NF } NF != n || / $|  |^ |^$/ { print }
	END { if (last != "generation") print "no generation" }' "$CTRI_FS/$file" >"$lib_tmp/odd"
	t_eq "$file: every row has its header's columns, generation the last" \
		"$(cat "$lib_tmp/odd")" ""
done
t_run "files of one second have one generation" wait_until 40 tied
t_num "by all that have rows" "$(awk 'NF > 1' "$lib_tmp/tied" | wc -l)" -ge 8
t_run "it is 1 and the seconds recorded" wait_until 20 row_counted

# Rows are known again
col history at,span,inserts >"$lib_tmp/first"
first=$(status generation)
wait_until 10 later_than $((first + 2))
t_eq "the next read has the same rows" \
	"$(col history at,span,inserts | head -n "$(wc -l <"$lib_tmp/first")")" "$(cat "$lib_tmp/first")"
col history at >"$lib_tmp/at"	# once: a second later there is a row more
t_eq "none is before the one above it" "$(sort -n "$lib_tmp/at")" "$(cat "$lib_tmp/at")"
boot=$(uptime_s)
t_eq "at and ago are one time" "$(col history at,ago |
	awk -v boot="$boot" '{ off = $1 + $2 - boot } off < -1 || off > 2 { print }')" ""

# They have dates
read -r boot real < <(clock)
t_run "boottime is that of /proc/uptime" same "$boot" "$(uptime_s)" 2
t_run "realtime is now" same "$real" "$(date +%s)" 2
t_run "the spell's beginning has the date that it says" \
	same "$(($(col incidents begin_at) - boot + real))" "$(col incidents begin)" 2
read -r end end_at < <(col incidents end,end_at)
if [ "$end" = 0 ]; then
	t_eq "and goes on" "$end_at" -
else	# on a machine that takes a minute for the above
	t_run "and ended" same $((end_at - boot + real)) "$end" 2
fi

# A source's
on r conntrack -F 2>/dev/null
sent=$(uptime_s)
gen c1 -n 1 -s 10.0.1.7 -d "$S4" --sport 7
at=$(src r insert 10.0.1.7 last_at)
t_num "a source's last event was then" $((at - sent)) -ge -1
t_num "not later" $((at - $(uptime_s))) -le 1
wait_until 10 later_than $(($(status generation) + 2))
again=$(src r insert 10.0.1.7 last_at)
t_run "and stays then" same "$again" "$at" 1
ktap_finished
