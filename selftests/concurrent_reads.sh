#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: every file can be read by many at once, in a flood, while the hash
# table is resized and namespaces come and go: each reading is whole, and the
# census misses nothing that stands still.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

READERS=8
SECONDS_OF=$([ "$QUICK" ] && echo 6 || echo 12)
STILL=600
MAX=2000
BUCKETS="4096 32768 16384 65536"

# one FILE - read it once; says what is wrong with it
one()
{
	awk -v file="${1##*/}" '
	!NF { n = 0; next }
	!n {
		n = NF
		for (i = 1; i <= NF; i++)
			at[$i] = i
		next
	}
	NF != n || / $|  |^ / { print file ": row with " NF " columns of " n ": " $0 }
	$1 == "state" && file == "census" {
		split($at["hist"], hist, ",")
		sum = 0
		for (i in hist)
			sum += hist[i]
		if (sum != $5)
			print file ": histogram of " sum " for " $5 " entries"
	}
	END { if (!n) print file ": no header" }' "$1" 2>&1
}

# reader NUMBER - every file, over and over; each reader begins with another one
reader()
{
	local files=("$CTRI_FS"/* /proc/net/conntriage) i=$1

	while [ ! -e "$lib_tmp/stop" ]; do
		one "${files[i % ${#files[@]}]}" >>"$lib_tmp/odd.$1"
		i=$((i + 1))
		echo $((i - $1)) >"$lib_tmp/reads.$1"
	done
}

# counter - what the census says of the namespace that stands still:
# restarts and entries
counter()
{
	while [ ! -e "$lib_tmp/stop" ]; do
		awk -v netns="${topo_inode[xr]}" '
			$1 == "walk" && $4 == "restarts" { restarts = $5 }
			$1 == "netns" && $2 == netns { n = $5 }
			END { print restarts, n + 0 }' "$CTRI_FS/census"
	done >"$lib_tmp/still"
}

resizer()
{
	local n

	while [ ! -e "$lib_tmp/stop" ]; do
		for n in $BUCKETS; do
			echo "$n" >/proc/sys/net/netfilter/nf_conntrack_buckets
			sleep 0.3
		done
		echo resized
	done >"$lib_tmp/resized"
}

ktap_print_header
need_module
topo_up 1
topo_up 1 x
put /proc/sys/net/netfilter/nf_conntrack_buckets 16384
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
module_load
watched r
watched xr
need_quiet_host $((MAX / 2))
ktap_set_plan 12
gen xc1 -n $STILL -s 10.0.1.11 -d "$S4" --sport 10000-$((9999 + STILL))

# The flood: limited in rate and time, but more than the table holds
gen_bg c1 -t $((SECONDS_OF + 130)) -r 3000 -s 10.0.1.2 --sources 200 -d "$S4" \
	--sport 1-60000 --random
flood=$BG_PID
for ((i = 0; i < READERS; i++)); do
	reader $i &
	lib_pids+=($!)
done
counter &
lib_pids+=($!)
resizer &
lib_pids+=($!)

# Namespaces with entries of their own come and go
born=0
end=$((SECONDS + SECONDS_OF))
enough()
{
	[ $SECONDS -ge $end ] && [ $born -ge 3 ] && [ "$(kstat r early_drop)" -ge 1 ] &&
		awk '$1 < 3 { n++ } END { exit !n }' "$lib_tmp/still"
}
until enough || [ $SECONDS -ge $((end + 120)) ]; do
	ns_add brief
	on brief sh -c 'ip link set lo up && nft -f -' <<-'END'
	table inet t {
		chain c {
			type filter hook output priority 0;
			ct state invalid counter
		}
	}
	END
	on brief "$CTRI_TOOLS/ctpeer" ask -a 127.0.0.1 -p 9 -n 3 -t 2 --wait 20 >/dev/null 2>&1
	ns_del brief
	born=$((born + 1))
done
: >"$lib_tmp/stop"
bg_end $flood
wait

reads=$(cat "$lib_tmp"/reads.* | add_up)
ktap_print_msg "$reads readings, $(wc -l <"$lib_tmp/still") censuses counted, $(wc -l <"$lib_tmp/resized") rounds of 4 resizes, $born namespaces"
t_num "all readers read" "$(cat "$lib_tmp"/reads.* | awk '$1 > 0' | wc -l)" -eq $READERS
t_num "every file was read" "$reads" -ge 44
t_eq "every reading is whole" "$(cat "$lib_tmp"/odd.* | head -n 20)" ""
t_num "the table was resized" "$(wc -l <"$lib_tmp/resized")" -ge 1
t_num "namespaces came and went" "$born" -ge 3
t_num "the table was full at times" "$(kstat r early_drop)" -ge 1
# After 3 restarts a walk is finished as it is
t_num "the census was not always late" "$(awk '$1 < 3' "$lib_tmp/still" | wc -l)" -ge 1
t_eq "the census has every entry that stands still" \
	"$(awk -v n=$STILL '$1 < 3 && $2 != n' "$lib_tmp/still" | sort | uniq -c | head -n 5)" ""
t_eq "all of them are there still" "$(kstat xr entries)" $STILL
gone()
{
	[ "$(status namespaces)" = "$1" ]
}
t_run "no namespace is left" wait_until 60 gone "$(lsns -nrt net -o NS 2>/dev/null |
	cat - <(for r in "${!topo_inode[@]}"; do echo "${topo_inode[$r]}"; done) | sort -u | wc -l)"
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
