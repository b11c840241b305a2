#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: while the hash table is resized without a pause, back and forth, a
# census counts every entry that stays exactly once, or says that it may not.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

STILL=2000
READS=$([ "$QUICK" ] && echo 8 || echo 20)
BUCKETS="65536 2048"		# the second while the first is being walked

resizer()
{
	local n

	while [ ! -e "$lib_tmp/stop" ]; do
		for n in $BUCKETS; do
			echo "$n" >/proc/sys/net/netfilter/nf_conntrack_buckets
		done
		echo resized
	done >"$lib_tmp/resized"
}

# count - restarts, unplaced and entries of the namespace that stands still
count()
{
	awk -v netns="${topo_inode[r]}" '
		$1 == "walk" && $4 == "restarts" { restarts = $5 }
		$1 == "walk" && $4 == "unplaced" { unplaced = $5 }
		$1 == "netns" && $2 == netns { n = $5 }
		$1 == "source" && $2 == netns && $4 == "10.0.1.11" { held = $5 }
		END { print restarts, unplaced, n + 0, held + 0 }' "$CTRI_FS/census"
}

ktap_print_header
need_module
topo_up 1
put /proc/sys/net/netfilter/nf_conntrack_buckets 65536
module_load
watched r
ktap_set_plan 7
on r sh -c 'echo 600 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout'
gen c1 -n $STILL -s 10.0.1.11 -d "$S4" --sport 10000-$((9999 + STILL))
sleep 1.1
t_eq "at rest: restarts, unplaced, entries, held by their source" "$(count)" \
	"0 0 $STILL $STILL"

anew=0
resizer &
lib_pids+=($!)
# About one walk in three is begun anew: of eight, now and then none
for ((i = 0; i < READS || (i < 40 && !anew); i++)); do
	sleep 1.1	# or the walk of the reader before is shown
	line=$(count)
	echo "$line"
	[ "${line%% *}" = 0 ] || anew=1
done >"$lib_tmp/counts"
: >"$lib_tmp/stop"
wait

ktap_print_msg "$(wc -l <"$lib_tmp/resized") times two resizes; censuses, restarts, unplaced, entries, held: $(
	sort "$lib_tmp/counts" | uniq -c | awk '{ $1 = $1; print }' | paste -sd ';')"
t_num "the table was resized" "$(wc -l <"$lib_tmp/resized")" -ge "$READS"
t_num "walks were begun anew" "$(awk '$1 > 0' "$lib_tmp/counts" | wc -l)" -ge 1
t_eq "a walk that says so has every entry once" \
	"$(awk -v n=$STILL '$1 <= 3 && $3 $4 != n n' "$lib_tmp/counts")" ""
t_eq "no walk is begun anew more than 3 times, nor without room" \
	"$(awk '$1 > 4 || $2' "$lib_tmp/counts")" ""
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
