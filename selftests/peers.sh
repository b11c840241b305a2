#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: INVALID packets, refused packets and evicted entries are counted for
# their original destination, whole whatever makes a source, and for their
# service as well: as often as for their source.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=1000
BUCKETS=16384			# see pressure.sh: evictions and refusals
FLOODER=10.0.1.0/24
FLOODER6=fd00:0:1::/48

# sum_to CLASS - over its destinations, and over its services
sum_to()
{
	echo "$(col sources count "class=$1" "netns=${topo_inode[r]}" family=4 | add_up)" \
		"$(col sources count "class=$1" "netns=${topo_inode[r]}" family=6 | add_up)" \
		"$(col sources count "class=$1" "netns=${topo_inode[r]}" family=0 | add_up)"
}

# read_all - what is compared; fails if the gc worker killed something meanwhile
read_all()
{
	local before

	before=$(nsv r gc_evictions)
	refused=$(src r refused $FLOODER count,err,kinds)
	refused6=$(src r refused $FLOODER6 count,err,kinds)
	refused_to=$(sum_to refused_to)
	refused_tcp=$(src r refused_to tcp/80 count,err,kinds)
	evicted=$(src r evicted $FLOODER count)
	evicted6=$(src r evicted $FLOODER6 count)
	evicted_to=$(sum_to evicted_to)
	lost=$(nsv r refusals,evictions,gc_evictions)
	[ "$(nsv r gc_evictions)" = "$before" ]
}

ktap_print_header
need_module
topo_up 1
module_load prefix4=24 prefix6=48
watched r
need_quiet_host $((MAX / 2))
ktap_set_plan 22

# Nobody has these addresses: without a neighbour, ICMP errors would come back for them,
# and are INVALID as well
for i in 11 12 13; do
	on r ip neigh replace "10.0.100.$i" lladdr 02:00:00:00:fe:03 dev s nud permanent
done

# INVALID
on r sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
gen c1 -n 40 -s 10.0.1.2 -d "$S4" -p tcp --flags A --sport 30000-30039 --dport 80
gen c1 -n 20 -s 10.0.1.3 -d "$S4" -p tcp --flags R --sport 30000-30019 --dport 81
gen c1 -n 30 -s 10.0.1.2 --dests 3 -d 10.0.100.11 -p udp --fault badsum --dport 53
gen c1 -n 10 -s 10.0.1.2 -d "$S4" -p udp --fault short --dport 54
gen c1 -n 15 -s 10.0.1.2 -d "$S4" -p icmp --icmp 0
gen c1 -n 5 -s 10.0.1.2 -d "$S4" -p tcp --flags A --sport 30000-30004 --dport 0
gen c1 -n 25 -s fd00:0:1::2 -d "$S6" -p tcp --flags A --sport 30000-30024 --dport 80
t_eq "INVALID: the destination, and why" "$(src r invalid_to "$S4" count,err,kinds)" \
	"90 0 inv_malformed=10,inv_midstream=45,inv_rstfin=20,inv_icmp=15"
for i in 11 12 13; do
	t_eq "INVALID: another destination, 10.0.100.$i" \
		"$(src r invalid_to 10.0.100.$i count,err,kinds)" "10 0 inv_malformed=10"
done
t_eq "INVALID: an IPv6 destination, whole" "$(src r invalid_to "$S6" count,err,kinds)" \
	"25 0 inv_midstream=25"
t_eq "INVALID: its source is masked" "$(src r invalid $FLOODER6 count)" 25
t_eq "INVALID: a service, of IPv4 and IPv6" "$(src r invalid_to tcp/80 family,count,err)" \
	"0 65 0"
t_eq "INVALID: another service" "$(src r invalid_to tcp/81 kinds)" "inv_rstfin=20"
t_eq "INVALID: a service of packets with a bad checksum" \
	"$(src r invalid_to udp/53 count,err)" "30 0"
t_eq "INVALID: no service has port 0" "$(src r invalid_to tcp/0 count)" ""
t_eq "INVALID: destinations and services add up" "$(sum_to invalid_to)" "120 25 125"
on r sh -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'

# More a second than are looked into
gen c1 -n 6000 -s 10.0.1.99 -d "$S4" -p tcp --flags SF --sport 30000-39999 --dport 99
t_eq "INVALID: only what was looked into" \
	"$(src r invalid_to tcp/99 count) $(src_kind r invalid_to tcp/99 inv_unsampled)" \
	"$((6000 - $(nsv r inv_unsampled))) 0"
t_num "INVALID: and not all was" "$(nsv r inv_unsampled)" -ge 1

# A full table
if grep -q '^probe_.* absent$' "$CTRI_FS/status"; then
	for i in 14 15 16 17 18 19 20 21; do
		ktap_test_skip "refused and evicted" "a probe can't attach on this kernel"
	done
else
	put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
	put /proc/sys/net/netfilter/nf_conntrack_max $MAX
	gen c1 -n $((MAX - 50)) -s 10.0.1.2 -d "$S4" --sport 10000-10999 --dport 53
	t_run "pressure arms the probes" wait_until 10 probes_are armed
	gen c1 -n 2000 -s 10.0.1.2 --dests 4 -d 10.0.100.11 --sport 20000-20499 --dport 123
	gen c1 -n 1500 -s fd00:0:1::2 -d "$S6" -p tcp --sport 20000-21499 --dport 80
	wait_until 10 read_all || ktap_exit_fail_msg "the gc worker never paused"
	read -r refusals evictions gc <<<"$lost"
	read -r n4 err4 kinds4 <<<"$refused"
	read -r n6 err6 kinds6 <<<"$refused6"
	t_num "packets were refused" "$refusals" -ge 100
	t_eq "refused: destinations and services, as often as sources" "$refused_to" \
		"$n4 $n6 $refusals"
	t_eq "refused: by protocol, exactly" "$err4 $err6 $kinds4 $kinds6" \
		"0 0 udp=$n4 tcp=$n6"
	t_eq "refused: the service of the IPv6 packets" "$refused_tcp" "$n6 0 tcp=$n6"
	t_eq "refused: a destination, whole" "$(src r refused_to "$S6" count)" "$n6"
	t_num "entries were evicted" "$evictions" -ge 100
	t_eq "evicted: destinations and services, as often as sources" "$evicted_to" \
		"$evicted ${evicted6:-0} $((evictions + gc))"
fi
module_unload
t_clean "kernel log"
ktap_finished
