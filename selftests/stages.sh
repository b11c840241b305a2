#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: the census tells at which stage each entry is, in every protocol state
# and on both sides of every limit of silence, as docs/ABI/testing/debugfs-conntriage
# describes the stages; by source, destination, service, prefix and pair as well.
#
# conntrack(8) makes the entries: with the state, the flags and what is left of
# the timeout, which is silence where it is less than the timeout in force. Each
# stage has a number of entries of its own.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# Above all that is used, so that no shorter timeout than the state's is in force
ABOVE=1000000
ESTABLISHED=432000
OTHER=10000

# make_entries NR PROTO SOURCE CONNTRACK-OPTIONS... - so many, source ports from 1000 on
make_entries()
{
	local nr=$1 proto=$2 from=$3 i

	shift 3
	for ((i = 0; i < nr; i++)); do
		on r conntrack -I -p "$proto" -s "$from" --sport $((1000 + i)) "$@" >/dev/null 2>"$lib_tmp/err" ||
			ktap_exit_fail_msg "conntrack -I $*: $(tail -n 1 "$lib_tmp/err")"
	done
}

# tcp NR STATE SILENT FLAGS - of 10.1.0.1, to 10.2.0.1:443
tcp()
{
	local remains=$((OTHER - $3)) flags=()

	[ "$2" != ESTABLISHED ] || remains=$((ESTABLISHED - $3))
	[ -z "$4" ] || flags=(-u "$4")
	make_entries "$1" tcp 10.1.0.$((++host)) -d 10.2.0.1 --dport 443 --state "$2" \
		-t $remains "${flags[@]}"
}

# udp NR SILENT FLAGS - of an address of its own, to 10.2.0.2:53
udp()
{
	local remains=$((OTHER - $2)) flags=()

	[ -z "$3" ] || flags=(-u "$3")
	make_entries "$1" udp 10.1.1.$((++host)) -d 10.2.0.2 --dport 53 -t $remains \
		"${flags[@]}"
}

# stages_of RECORD PROTO NAME - of one row; or of several, by zone and address family
stages_of()
{
	col census stages "record=$1" "netns=${topo_inode[r]}" "proto=$2" "name=$3"
}

# odd_sums RECORD... - rows whose entries are not the sum of their stages
odd_sums()
{
	local record

	for record; do
		col census name,entries,stages "record=$record"
	done | awk '{
		n = split($3, part, ",")
		sum = 0
		for (i = 1; i <= n; i++) {
			split(part[i], s, "=")
			sum += s[2]
		}
		if (sum != $2)
			print
	}'
}

ktap_print_header
need_module conntrack
ktap_set_plan 20
ns_add r
on r nft -f - <<-'END'
table ip ctri_ct {
	chain pre {
		type filter hook prerouting priority 0;
		ct state new counter
	}
}
END
on r bash -c "cd /proc/sys/net/netfilter &&
	for f in nf_conntrack_*_timeout*; do
		[ ! -f \$f ] || echo $OTHER >\$f
	done
	for f in max_retrans unacknowledged; do
		echo $ABOVE >nf_conntrack_tcp_timeout_\$f
	done
	echo $ESTABLISHED >nf_conntrack_tcp_timeout_established"
module_load
watched r
host=0
# How long all this takes makes them silent as well: nobody is close below a limit
tcp 1 SYN_SENT 0 ''
tcp 2 SYN_SENT 61 ''
tcp 3 SYN_RECV 0 SEEN_REPLY
tcp 1 LISTEN 0 SEEN_REPLY			# which is SYN_SENT2
tcp 5 ESTABLISHED 0 ''
tcp 6 ESTABLISHED 0 SEEN_REPLY,ASSURED
tcp 7 ESTABLISHED 61 SEEN_REPLY,ASSURED
tcp 1 ESTABLISHED 301 SEEN_REPLY,ASSURED
tcp 2 ESTABLISHED 1801 SEEN_REPLY,ASSURED
tcp 3 ESTABLISHED 7201 SEEN_REPLY,ASSURED
tcp 4 ESTABLISHED 86401 SEEN_REPLY,ASSURED
tcp 1 ESTABLISHED 86000 SEEN_REPLY,ASSURED
tcp 2 FIN_WAIT 0 SEEN_REPLY,ASSURED
tcp 1 CLOSE_WAIT 0 SEEN_REPLY,ASSURED
tcp 1 LAST_ACK 0 SEEN_REPLY,ASSURED
tcp 2 TIME_WAIT 0 SEEN_REPLY,ASSURED
tcp 3 TIME_WAIT 121 SEEN_REPLY,ASSURED
tcp 1 CLOSE 0 SEEN_REPLY
tcp 3 FIN_WAIT 0 ''
tcp 4 TIME_WAIT 121 ''
udp 4 0 ''
udp 3 61 ''
udp 2 0 SEEN_REPLY
udp 5 61 SEEN_REPLY
udp 1 0 SEEN_REPLY,ASSURED
udp 2 301 SEEN_REPLY,ASSURED
sctp=
if on r conntrack -I -p sctp -s 10.1.2.1 --sport 999 -d 10.2.0.3 --dport 5000 \
	--state COOKIE_WAIT --orig-vtag 1 --reply-vtag 2 -t $OTHER >/dev/null 2>&1; then
	sctp=y
	make_entries 2 sctp 10.1.2.1 -d 10.2.0.3 --dport 5000 --state COOKIE_WAIT \
		--orig-vtag 1 --reply-vtag 2 -t $OTHER -u SEEN_REPLY
	make_entries 3 sctp 10.1.2.2 -d 10.2.0.3 --dport 5000 --state COOKIE_ECHOED \
		--orig-vtag 1 --reply-vtag 2 -t $OTHER -u SEEN_REPLY
	make_entries 4 sctp 10.1.2.3 -d 10.2.0.3 --dport 5000 --state ESTABLISHED \
		--orig-vtag 1 --reply-vtag 2 -t $OTHER -u SEEN_REPLY,ASSURED
	make_entries 5 sctp 10.1.2.4 -d 10.2.0.3 --dport 5000 --state SHUTDOWN_SENT \
		--orig-vtag 1 --reply-vtag 2 -t $OTHER -u SEEN_REPLY,ASSURED
fi
make_entries 3 tcp fd00:1:1:1::1 -d fd00:2::1 --dport 443 --state SYN_SENT -t $OTHER
make_entries 2 tcp fd00:1:1:2::1 -d fd00:2::1 --dport 443 --state SYN_SENT -t $OTHER
make_entries 4 tcp fd00:1:2:1::1 -d fd00:2::1 --dport 80 --state SYN_SENT -t $OTHER

t_eq "TCP: SYN_SENT, of both families" "$(stages_of state tcp SYN_SENT)" \
	unanswered=10,unanswered_60=2
t_eq "TCP: SYN_RECV" "$(stages_of state tcp SYN_RECV)" half_open=3
t_eq "TCP: both sent a SYN" "$(stages_of state tcp SYN_SENT2)" half_open=1
t_eq "TCP: established, by silence and whether anybody answered" \
	"$(stages_of state tcp ESTABLISHED)" \
	midstream=5,talking=6,talking_60=7,silent_300=1,silent_1800=2,silent_7200=4,silent_86400=4
t_eq "TCP: closing, and whether anybody answered" "$(for s in FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE; do
		stages_of state tcp $s; done | xargs)" \
	"midstream=3,closing=2 closing=1 closing=1 midstream=4,closing=2,closing_120=3 closing=1"
t_eq "UDP: unanswered, answered, a stream" \
	"$(for s in UNREPLIED REPLIED ASSURED; do stages_of state udp $s; done | xargs)" \
	"unanswered=4,unanswered_60=3 once=2,once_60=5 talking=1,silent_300=2"
if [ "$sctp" ]; then
	t_eq "SCTP: unanswered or answered, half open, talking, closing" \
		"$(stages_of service sctp 5000)" unanswered=1,half_open=5,talking=4,closing=5
else
	ktap_test_skip "SCTP: unanswered or answered, half open, talking, closing" \
		"no SCTP in this kernel"
fi
t_eq "by source" "$(stages_of source - 10.1.0.7)" talking_60=7
t_eq "by destination" "$(stages_of dest - 10.2.0.2)" \
	unanswered=4,unanswered_60=3,once=2,once_60=5,talking=1,silent_300=2
t_eq "by service" "$(stages_of service udp 53)" "$(stages_of dest - 10.2.0.2)"
t_eq "by pair" "$(stages_of pair udp 10.2.0.2:53)" "$(stages_of dest - 10.2.0.2)"
t_eq "by pair, IPv6" "$(stages_of pair tcp '[fd00:2::1]:443') $(stages_of pair tcp '[fd00:2::1]:80')" \
	"unanswered=5 unanswered=4"
t_eq "by prefix" "$(stages_of prefix - 10.1.1.0/24)" "$(stages_of dest - 10.2.0.2)"
t_eq "by prefix, IPv6" "$(stages_of prefix - fd00:1:1::/48) $(stages_of prefix - fd00:1:2::/48)" \
	"unanswered=5 unanswered=4"
t_eq "every entry has one stage" \
	"$(odd_sums netns zone state source dest service prefix pair)" ""

# The kernel's own worker may come by at any time, and takes what has expired
expired()
{
	make_entries 6 udp 10.1.3.1 -d 10.2.0.4 --dport 53 -t 1
	another_walk
	sleep 1
	stages_of source - 10.1.3.1 >"$lib_tmp/expired"
	[ "$(cat "$lib_tmp/expired")" = expired=6 ]
}
t_run "what has expired" wait_until 60 expired
t_has "is part of the state's, and of nothing else" \
	"$(stages_of state udp UNREPLIED)" '^expired=6,unanswered=[0-9]+,unanswered_60=[0-9]+$'
module_unload

module_load census_prefix4=16 census_prefix6=64
cat "$CTRI_FS/census" >"$lib_tmp/census"
CTRI_FS=$lib_tmp
t_eq "census_prefix4=16" \
	"$(col census entries record=prefix "netns=${topo_inode[r]}" name=10.1.0.0/16)" \
	"$(col census entries record=netns "netns=${topo_inode[r]}" | awk '{ print $1 - 9 }')"
t_eq "census_prefix6=64" "$(col census name,entries record=prefix "netns=${topo_inode[r]}" |
	grep : | sort)" $'fd00:1:1:1::/64 3\nfd00:1:1:2::/64 2\nfd00:1:2:1::/64 4'
module_unload
t_clean "kernel log"
ktap_finished
