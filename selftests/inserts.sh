#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: every entry that goes to confirmation is counted once, exactly, for
# its original source in its own namespace; nothing else is counted.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# t_inserts NAME ROLE SOURCE COUNT KIND - all of that kind
t_inserts()
{
	t_eq "$1" "$(src "$2" insert "$3" count,err,kinds)" "$4 0 $5=$4"
}

ktap_print_header
need_module
ktap_set_plan 27
topo_up 2
topo_up 1 x
module_load
watched r

# Forwarded, IPv4: 3 sources send 120 flows each, of which no two are equal
gen c1 -n 360 -s 10.0.1.11 --sources 3 -d "$S4" --sport 10000-10119
for i in 11 12 13; do
	t_inserts "forwarded UDP, IPv4, source $i" r 10.0.1.$i 120 udp
done
gen c1 -n 90 -s 10.0.1.21 -d "$S4" -p tcp --sport 10000-10089 --dport 80
t_inserts "forwarded TCP SYN, IPv4" r 10.0.1.21 90 tcp
gen c1 -n 70 -s 10.0.1.22 -d "$S4" -p icmp --sport 1-70
t_inserts "forwarded ICMP echo, IPv4" r 10.0.1.22 70 icmp
gen c1 -n 50 -s 10.0.1.23 --dests 50 -d "$S4"
t_inserts "one flow each to 50 destinations" r 10.0.1.23 50 udp

# Forwarded, IPv6: sources are /64 unless told otherwise
gen c1 -n 130 -s fd00:0:1:10::5 --step 64 --sources 2 -d "$S6" --sport 10000-10064
t_inserts "forwarded UDP, IPv6, first /64" r fd00:0:1:10::/64 65 udp
t_inserts "forwarded UDP, IPv6, second /64" r fd00:0:1:11::/64 65 udp
gen c1 -n 80 -s fd00:0:1:20::1 --sources 4 -d "$S6" -p tcp --sport 10000-10019
t_inserts "forwarded TCP, IPv6, 4 hosts of one /64" r fd00:0:1:20::/64 80 tcp
gen c1 -n 40 -s fd00:0:1:30::1 -d "$S6" -p icmp --sport 1-40
t_inserts "forwarded ICMPv6 echo" r fd00:0:1:30::/64 40 icmp

# Packets of an entry that stands add nothing, in either direction
before=$(nsv r inserts)
gen c1 -n 360 -s 10.0.1.11 --sources 3 -d "$S4" --sport 10000-10119
gen s -n 120 -s "$S4" -d 10.0.1.11 --sport 9 --dport 10000-10119
gen c1 -n 120 -s 10.0.1.11 -d "$S4" --sport 10000-10119
t_eq "repeated, reply and established packets add nothing" \
	"$(nsv r inserts)" "$before"
t_eq "the replying server is no source" "$(src r insert "$S4" count)" ""

# Real connections
peer_serve s "$S4" 7000 120
server=$BG_PID
on c1 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 40 -t 60 --tcp --wait 5000 >"$lib_tmp/ask"
t_has "40 TCP connections through the router" "$(cat "$lib_tmp/ask")" 'answered=40 '
t_inserts "40 TCP connections are 40 insertions" r 10.0.1.2 40 tcp
on r "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 --sport 20000 -n 30 -t 60 --wait 5000 \
	>"$lib_tmp/ask"
t_has "30 UDP requests by the router itself" "$(cat "$lib_tmp/ask")" 'answered=30 '
t_inserts "local output" r 10.0.100.1 30 udp
bg_end "$server"

# Local input: the router's own ports
gen c1 -n 60 -s 10.0.1.31 -d 10.0.1.1 --sport 10000-10059
t_inserts "local input" r 10.0.1.31 60 udp

# NAT: client 2 leaves with the router's address
on r nft -f - <<-'END'
table ip ctri_nat {
	chain post {
		type nat hook postrouting priority 100;
		ip saddr 10.0.2.0/24 snat to 10.0.100.77
	}
}
END
gen c2 -n 110 -s 10.0.2.2 -d "$S4" --sport 10000-10109
t_inserts "with SNAT: the source before it" r 10.0.2.2 110 udp
t_eq "with SNAT: no row for the address after it" \
	"$(src r insert 10.0.100.77 count)" ""

# The same addresses in another namespace
watched xr
gen xc1 -n 45 -s 10.0.1.11 -d "$S4" --sport 10000-10044
t_inserts "same address in another namespace" xr 10.0.1.11 45 udp
t_inserts "first namespace keeps its own count" r 10.0.1.11 120 udp

# The whole
total=$(nsv r inserts)
t_eq "sources add up to the namespace's inserts" "$(src_sum r insert)" "$total"
t_eq "inserts are the entries in the table" "$total" "$(kstat r entries)"
t_eq "inserts are the entries in the table, other namespace" \
	"$(nsv xr inserts)" "$(kstat xr entries)"
module_unload

# Shorter prefixes
module_load prefix4=24 prefix6=48
gen c1 -n 100 -s 10.0.1.50 --sources 4 -d "$S4" --sport 20000-20024
t_inserts "prefix4=24" r 10.0.1.0/24 100 udp
gen c1 -n 100 -s fd00:0:1:50:: --step 64 --sources 4 -d "$S6" --sport 20000-20024
t_inserts "prefix6=48" r fd00:0:1::/48 100 udp
module_unload
t_clean "kernel log"
ktap_finished
