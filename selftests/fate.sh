#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: no packet fares differently because the module watches. The same
# traffic through the same router, without, with and again without the module:
# every packet that arrives, byte by byte, and every counter agrees.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=/proc/sys/net/netfilter/nf_conntrack_max
HELD=60				# connections that no eviction can touch

# ask DIR ROLE CTPEER-OPTIONS... - how many were answered
ask()
{
	local dir=$1 role=$2

	shift 2
	on "$role" "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -t 60 --wait 9000 "$@" |
		sed 's/ seconds=.*//' >>"$dir/connections"
}

raw_packets()
{
	gen c1 -n 500 -s 10.0.1.11 --sources 5 -d "$S4" --sport 10000-10099 --payload 20
	gen c1 -n 500 -s fd00:0:1::11 -d "$S6" -p tcp --sport 10000-10499
	gen c2 -n 200 -s 10.0.2.2 -d "$S4" --sport 10000-10199
	gen c1 -n 100 -s 10.0.1.12 -d "$S4" -p icmp --sport 1-100
	gen c1 -n 100 -s 10.0.1.13 -d "$S4" -p tcp --flags A --sport 10000-10099
	gen c1 -n 100 -s 10.0.1.13 -d "$S4" --fault badsum
	gen c1 -n 100 -s fd00:0:1::13 -d "$S6" -p tcp --flags FSRPAU --sport 10000-10099
	gen c1 -n 100 -s fd00:0:1::13 -d "$S6" -p tcp --fault short
	gen c1 -n 50 -s 10.0.1.14 -d "$S4" -p icmp --icmp 3/3 --inner udp
	gen s -n 100 -s "$S4" -d 10.0.1.11 --sport 9 --dport 10000-10099
}

counters()
{
	local f

	for f in clashres invalid insert_failed drop early_drop icmp_error; do
		echo "$f $(kstat r $f)"
	done
}

# run DIR - everything that the run showed, a file each
run()
{
	local dir=$1 sink4 sink6 out4 out6 server client

	mkdir "$dir"
	topo_up 2
	on r bash -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
	on r nft -f - <<-'END'
	table ip ctri_nat {
		chain post {
			type nat hook postrouting priority 100;
			ip saddr 10.0.2.0/24 snat to 10.0.100.77
		}
	}
	END
	sink s -t 300 -d "$S4" -p udp
	sink4=$BG_PID out4=$BG_OUT
	sink s -t 300 -d "$S6" -p tcp
	sink6=$BG_PID out6=$BG_OUT
	raw_packets
	bg_end "$sink4"
	bg_end "$sink6"
	sed 's/ seconds=.*//' "$out4" "$out6" >"$dir/arrived"
	on r nft list table inet ctri_ct | awk '/counter [a-z]+ {/ { n = $2 }
		$1 == "packets" { print n, $2, $4 }' >"$dir/rules"
	nft_packets s ctri_edge seen >"$dir/server"
	kstat r entries >"$dir/entries"

	peer_serve s "$S4" 7000 300
	server=$BG_PID
	ask "$dir" c1 -n 40 --tcp --sport 20000
	ask "$dir" r -n 40 --sport 20000
	counters >"$dir/kernel"

	# A full table of connections that can't be evicted: all else is refused
	on r conntrack -F 2>/dev/null
	bg c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n $HELD --tcp --hold -t 300 \
		--sport 30000 --wait 9000
	client=$BG_PID
	wait_until 60 grep -q answered "$BG_OUT"
	sed 's/ seconds=.*//' "$BG_OUT" >>"$dir/connections"
	wait_until 10 full
	echo $HELD >$MAX
	drop=$(kstat r drop)
	forwarded=$(nft_packets r ctri_ct forwarded)
	gen c1 -n 300 -s 10.0.1.99 -d "$S4" --sport 10000-10299
	echo "$(($(kstat r drop) - drop)) $(kstat r early_drop)" >"$dir/refused"
	echo "$old_max" >$MAX
	echo "$(($(nft_packets r ctri_ct forwarded) - forwarded))" >"$dir/passed"
	bg_end "$client"
	bg_end "$server"
}

# full - all entries are those of the connections that are held
full()
{
	[ "$(on r conntrack -L 2>/dev/null | grep -c 'ESTABLISHED.*ASSURED')" -eq "$HELD" ] &&
		[ "$(kstat r entries)" -eq "$HELD" ]
}

ktap_print_header
need_module conntrack
module_load
need_quiet_host $((HELD / 2))
module_unload
ktap_set_plan 12
old_max=$(cat $MAX)
put $MAX "$old_max"

run "$lib_tmp/without"
topo_down
module_load
run "$lib_tmp/with"
read -r inserts invalid <<<"$(nsv r inserts,invalid)"
topo_down
module_unload
run "$lib_tmp/again"
topo_down

cd "$lib_tmp" || exit 1
t_num "the module saw the traffic: insertions" "$inserts" -ge 1000
t_num "the module saw the traffic: INVALID" "$invalid" -ge 450
t_eq "the server received something" "$(sed -n 's/^received=\([0-9]*\).*/\1/p' without/arrived | xargs)" "800 700"
same()
{
	t_eq "$1" "$(cat "with/$2")" "$(cat "without/$2")"
	[ "$(cat "again/$2")" = "$(cat "without/$2")" ] ||
		ktap_print_msg "  the two runs without it differ: $(xargs <"again/$2")"
}
same "packets that arrived, byte by byte" arrived
same "packets that the rules saw" rules
same "packets at the server" server
same "entries" entries
same "conntrack's own counters" kernel
same "connections that were answered" connections
same "table full: dropped and evicted" refused
t_eq "table full: nothing passed" "$(<with/passed)" 0
t_clean "kernel log"
ktap_finished
