#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: conntriage-delete deletes exactly the entries that its options select,
# of either family, protocol, state and zone, and of a large table as well; what was
# answered stays where the unanswered are asked for.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

DELETE=$(realpath "$CTRI_DIR/../userspace/conntriage-delete")
MANY=20000

# some - entries of all kinds; each address of 10.8/16 and 2001:db8:8::/48 has one
some()
{
	on r conntrack -F >/dev/null 2>&1
	on r conntrack -R - >/dev/null 2>&1 <<-'END' || ktap_exit_fail_msg "conntrack -R: no entries"
	-I -t 600 -s 10.8.0.1 -d 10.9.0.1 -p tcp --sport 1000 --dport 443 --state SYN_SENT
	-I -t 600 -s 10.8.0.2 -d 10.9.0.1 -p tcp --sport 1000 --dport 443 --state SYN_RECV -u SEEN_REPLY
	-I -t 600 -s 10.8.0.3 -d 10.9.0.1 -p tcp --sport 1000 --dport 443 --state ESTABLISHED
	-I -t 600 -s 10.8.0.4 -d 10.9.0.1 -p tcp --sport 1000 --dport 443 --state ESTABLISHED -u SEEN_REPLY,ASSURED
	-I -t 600 -s 10.8.0.5 -d 10.9.0.2 -p tcp --sport 1000 --dport 443 --state TIME_WAIT -u SEEN_REPLY,ASSURED
	-I -t 600 -s 10.8.1.1 -d 10.9.0.1 -p udp --sport 1000 --dport 443
	-I -t 600 -s 10.8.1.2 -d 10.9.0.1 -p udp --sport 1000 --dport 53 -u SEEN_REPLY
	-I -t 600 -s 10.8.1.3 -d 10.9.0.2 -p udp --sport 1000 --dport 53 -u SEEN_REPLY,ASSURED
	-I -t 600 -s 10.8.2.1 -d 10.9.0.1 -p icmp --icmp-type 8 --icmp-code 0 --icmp-id 7
	-I -t 600 -s 10.8.2.2 -d 10.9.0.1 -p sctp --sport 1000 --dport 443 --state CLOSED --orig-vtag 1 --reply-vtag 2
	-I -t 600 -s 10.8.3.1 -d 10.9.0.1 -p udp --sport 1000 --dport 53 -w 7
	-I -t 600 -s 10.8.3.1 -d 10.9.0.1 -p udp --sport 1000 --dport 53 -u SEEN_REPLY,ASSURED -w 8
	-I -t 600 -s 2001:db8:8::1 -d 2001:db8:9::1 -p tcp --sport 1000 --dport 443 --state SYN_SENT
	-I -t 600 -s 2001:db8:8:1::1 -d 2001:db8:9::1 -p udp --sport 1000 --dport 53
	-I -t 600 -s 2001:db8:8:1::2 -d 2001:db8:9::1 -p udp --sport 1000 --dport 53 -u SEEN_REPLY
	END
}

# left - the sources that still have an entry, with what conntrack -L says of the answer
left()
{
	{ on r conntrack -L -f ipv4; on r conntrack -L -f ipv6; } 2>/dev/null |
		awk '{
			source = zone = ""
			for (i = 1; i <= NF; i++) {
				if (!source && $i ~ /^src=/)
					source = substr($i, 5)
				if ($i ~ /^zone=/)
					zone = "%" substr($i, 6)
			}
			print source zone
		}' | sort | xargs
}

# t_deletes NAME LEFT OPTION... - of "some", all but these stay
t_deletes()
{
	local name=$1 want=$2 out

	shift 2
	some
	out=$(on r "$DELETE" "$@" 2>&1)
	t_eq "$name" "$(left)" "$(all_but "$want")"
	t_eq "$name: said" "$out" "$(wc -w <<<"$want") of 15 entries deleted"
}

ALL=
# all_but "SOURCE ..." - the others
all_but()
{
	comm -23 <(tr ' ' '\n' <<<"$ALL") <(tr ' ' '\n' <<<"$1" | sort) | xargs
}

ktap_print_header
need_module conntrack setpriv
[ -x "$DELETE" ] || ktap_skip_all "userspace/conntriage-delete is not built; run make"
ktap_set_plan 40
topo_up 1
module_load
watched r
some
ALL=$(left)
t_eq "15 entries" "$(wc -w <<<"$ALL")" 15

t_deletes "unanswered" \
	"10.8.0.1 10.8.0.3 10.8.1.1 10.8.2.1 10.8.2.2 10.8.3.1%7 2001:db8:8::1 2001:db8:8:1::1" \
	--unanswered
t_deletes "unanswered of TCP, established" 10.8.0.3 -p tcp --state ESTABLISHED --unanswered
t_deletes "established" "10.8.0.3 10.8.0.4" -p tcp --state ESTABLISHED
t_deletes "SYN_SENT of both families" "10.8.0.1 2001:db8:8::1" -p tcp --state SYN_SENT
t_deletes "TIME_WAIT to an address" 10.8.0.5 -p tcp --state TIME_WAIT -d 10.9.0.2
t_deletes "a network" "10.8.1.1 10.8.1.2 10.8.1.3" -s 10.8.1.0/24
t_deletes "a network of odd length" "10.8.2.1 10.8.2.2 10.8.3.1%7 10.8.3.1%8" -s 10.8.2.0/23
t_deletes "a network of IPv6" "2001:db8:8:1::1 2001:db8:8:1::2" -s 2001:db8:8:1::/64
t_deletes "an address" 2001:db8:8::1 --source 2001:db8:8::1
t_deletes "UDP to a port, unreplied" "10.8.3.1%7 2001:db8:8:1::1" -p udp --dport 53 --state UNREPLIED
t_deletes "UDP, a question and its answer" "10.8.1.2 2001:db8:8:1::2" -p udp --state REPLIED
t_deletes "UDP streams" "10.8.1.3 10.8.3.1%8" -p udp --state ASSURED
t_deletes "a number for a protocol" 10.8.2.2 -p 132
t_deletes "ICMP" 10.8.2.1 -p icmp
t_deletes "nothing" "" -s 192.0.2.1

some
on r conntrack -U -p tcp -s 10.8.0.4 -t 300 >/dev/null 2>&1
out=$(on r "$DELETE" --left 200-400)
t_eq "by what is left of the timeout" "$(left)" "$(all_but 10.8.0.4)"
t_eq "by what is left of the timeout: said" "$out" "1 of 15 entries deleted"

some
before=$(left)
on r "$DELETE" 2>/dev/null
t_eq "no option: status" $? 3
on r setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$DELETE" -p tcp 2>"$lib_tmp/err"
t_eq "without CAP_NET_ADMIN: status" $? 3
t_has "without CAP_NET_ADMIN: what it takes" "$(cat "$lib_tmp/err")" 'CAP_NET_ADMIN'
t_eq "and nothing is deleted" "$(left)" "$before"

sysctl -qw net.netfilter.nf_conntrack_max=$((2 * MANY))
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600
some
gen c1 -n $MANY -r 20000 -s 10.0.1.10 --sources 200 -d "$S4" --sport 10000-60000 --dport 600
t_num "a large table" "$(on r sysctl -n net.netfilter.nf_conntrack_count)" -ge $((MANY * 9 / 10))
on r "$DELETE" -p udp --dport 600 --unanswered >"$lib_tmp/said"
t_eq "all of them, and none of the others" "$(left)" "$ALL"
t_clean "kernel log"
ktap_finished
