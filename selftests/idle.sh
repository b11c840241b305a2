#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: the silence of an entry is told by the timeout that conntrack chose
# for it, of whatever kind that was; and where it can't be told, that is said.
#
# Every timeout has a value of its own, so what conntrack(8) says is left tells
# which one is in force. Then each is raised by a step of its own: so long an
# entry under it seems to have been silent.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# name, seconds, step: the seconds 100 apart, the steps in different octaves
TIMEOUTS="
tcp_timeout_max_retrans 400 600
tcp_timeout_close 500 300
tcp_timeout_unacknowledged 1300 1200
tcp_timeout_fin_wait 1400 40000
tcp_timeout_close_wait 800 40000
tcp_timeout_last_ack 900 40000
tcp_timeout_syn_sent 1000 10000
tcp_timeout_syn_recv 1100 20000
tcp_timeout_time_wait 1200 80000
tcp_timeout_established 2000 5000
udp_timeout 400 600
udp_timeout_stream 600 1200
icmp_timeout 400 600
generic_timeout 400 600
"
POLICY=5400
OTHERS=90000

# timeouts SUM - set each to its seconds, and to its step as well where SUM is 1
timeouts()
{
	on r awk -v sum="$1" 'NF {
		file = "/proc/sys/net/netfilter/nf_conntrack_" $1
		print $2 + sum * $3 >file
		close(file)
	}' <<<"$TIMEOUTS"
}

# expected FILE - "proto state silent=entries ... unknown=N" by what is left
expected()
{
	awk -v timeouts="$TIMEOUTS" -v policy=$POLICY '
	BEGIN {
		n = split(timeouts, word)
		for (i = 1; i <= n; i += 3) {
			split(word[i], part, "_")
			nr = ++number[part[1]]
			seconds[part[1], nr] = word[i + 1]
			step[part[1], nr] = word[i + 2]
		}
	}
	# the octave of a silence as long as the step, or that there is none
	function octave(proto, left,	i, k)
	{
		if (proto == "gre" || left <= policy && left > policy - 100)
			return "young"
		for (i = 1; i <= number[proto]; i++)
			if (left <= seconds[proto, i] && left > seconds[proto, i] - 100) {
				for (k = 0; 2 ^ (k + 1) <= step[proto, i]; k++)
					;
				return 2 ^ k
			}
		return "unknown"
	}
	{
		proto = $1 == "unknown" ? $2 : $1
		state = /\[ASSURED\]/ ? "ASSURED" : /\[UNREPLIED\]/ ? "UNREPLIED" : "REPLIED"
		if (proto == "tcp")
			state = $4
		kind = proto ~ /^[0-9]+$/ ? "generic" : proto
		print proto, state, octave(kind, $3)
	}' "$1" | sort | uniq -c | awk '{ print $2, $3, $4, $1 }' | sort
}

# counted - the same by the census: silent for less than 256 s, which is less than
# any step, is "young"
counted()
{
	col census proto,name,hist,idle_unknown record=state "netns=${topo_inode[r]}" |
	awk '{
		split($3, n, ",")
		for (k = 0; k <= 8; k++)
			young += n[k + 1]
		if (young - $4)
			print $1, $2, "young", young - $4
		for (k = 9; k < 21; k++)
			if (n[k + 1])
				print $1, $2, 2 ^ (k - 1), n[k + 1]
		if ($4)
			print $1, $2, "unknown", $4
		young = 0
	}' | sort
}

# tcp NR FROM FLAGS CTGEN-OPTIONS... - a packet of each of NR connections, which
# begin at the port that is set
tcp()
{
	local nr=$1 from=$2 flags=$3 ports=$port-$((port + $1 - 1))

	shift 3
	if [ "$from" = c1 ]; then
		gen c1 -n "$nr" -s 10.0.1.21 -d "$S4" -p tcp --sport "$ports" \
			--dport 80 --flags "$flags" "$@"
	else
		gen s -n "$nr" -s "$S4" -d 10.0.1.21 -p tcp --sport 80 \
			--dport "$ports" --flags "$flags" "$@"
	fi
}

# established NR - so many more; what follows is of these
established()
{
	port=$((port + 100))
	tcp "$1" c1 S
	tcp "$1" s SA --ack 1001
	tcp "$1" c1 A --seq 1001 --ack 1001
}

ktap_print_header
need_module conntrack
topo_up 1
timeouts 0
on r nft -f - <<-END
table ip ctri_policy {
	ct timeout slow {
		protocol udp
		l3proto ip
		policy = { unreplied : $POLICY, replied : $POLICY }
	}
	chain pre {
		type filter hook prerouting priority -150;
		ip saddr 10.0.1.50 ct timeout set "slow"
	}
}
END
module_load
watched r
ktap_set_plan 16

# UDP: unanswered, answered, a stream
gen c1 -n 7 -s 10.0.1.11 -d "$S4" --sport 10000-10006
gen c1 -n 8 -s 10.0.1.12 -d "$S4" --sport 10000-10007
gen s -n 8 -s "$S4" -d 10.0.1.12 --sport 9 --dport 10000-10007
gen c1 -n 8 -s 10.0.1.12 -d "$S4" --sport 10000-10007
gen c1 -n 9 -s 10.0.1.13 -d "$S4" --sport 10000-10008
gen s -n 9 -s "$S4" -d 10.0.1.13 --sport 9 --dport 10000-10008
gen c1 -n 10 -s 10.0.1.50 -d "$S4" --sport 10000-10009
gen c1 -n 11 -s 10.0.1.31 -d "$S4" -p icmp --sport 1-11

port=10000
tcp 3 c1 S				# no ACK yet: its window counts as zero
port=10100
tcp 5 c1 S
tcp 5 s SA --ack 1001
established 1
established 2
tcp 2 c1 PA --seq 1001 --ack 1001 --payload 10		# not acknowledged
established 4
tcp 4 c1 A --seq 1001 --ack 1001 --window 0
established 8
for _ in 1 2 3; do
	tcp 8 c1 A --seq 1001 --ack 1001		# again and again
done
established 16
tcp 16 s R --seq 1100					# perhaps a reset
established 32
tcp 32 c1 FA --seq 1001 --ack 1001			# the FIN is unacknowledged
established 33
tcp 33 c1 FA --seq 1001 --ack 1001
tcp 33 s A --seq 1001 --ack 1002
established 34
tcp 34 c1 FA --seq 1001 --ack 1001
tcp 34 s FA --seq 1001 --ack 1002
tcp 34 c1 A --seq 1002 --ack 1002
established 35
tcp 35 s R --seq 1001					# a reset
port=15000
tcp 64 c1 A --seq 1 --ack 1				# picked up in the middle
port=15100
tcp 65 c1 A --seq 1 --ack 1
tcp 65 s A --seq 1 --ack 1				# and answered, once
port=15200
tcp 66 c1 A --seq 1 --ack 1
tcp 66 s A --seq 1 --ack 1
tcp 66 c1 A --seq 1 --ack 2				# and so on
# Protocols of which conntrack knows little or nothing
for mode in gre ipip; do
	on c1 ip tunnel add "t$mode" mode $mode local 10.0.1.2 remote "$S4" 2>/dev/null &&
		on c1 ip -batch - <<-END
		link set t$mode addrgenmode none
		addr add 192.0.2.1 peer 192.0.2.2 dev t$mode
		link set t$mode up
		END
	on c1 "$CTRI_TOOLS/ctpeer" ask -a 192.0.2.2 -p 9 -n 1 -t 1 --wait 1 >/dev/null 2>&1
	on c1 ip link del "t$mode" 2>/dev/null
done
# Entries that others make
on r conntrack -I -p udp -s 10.0.1.60 -d "$S4" --sport 1 --dport 2 -t $OTHERS 2>/dev/null
on r conntrack -I -p udp -s 10.0.1.61 -d "$S4" --sport 1 --dport 2 -t 390 \
	-u FIXED_TIMEOUT >/dev/null 2>&1
streams()
{
	gen c1 -n 9 -s 10.0.1.13 -d "$S4" --sport 10000-10008
	[ "$(on r conntrack -L -s 10.0.1.13 2>/dev/null | grep -c ASSURED)" -eq 9 ]
}
wait_until 20 streams || ktap_exit_fail_msg "no UDP entry became ASSURED"

# listed - every entry, but the one that is fixed, which looks like any other
listed()
{
	on r conntrack -L 2>/dev/null | grep -v 'src=10.0.1.61 ' >"$lib_tmp/listed"
}

young=$(col census idle_300 record=netns "netns=${topo_inode[r]}")
t_eq "nothing has been silent for long, whatever its timeout" "$young" 0
t_eq "what others made can't be known" \
	"$(col census idle_unknown record=netns "netns=${topo_inode[r]}")" \
	"$(on r conntrack -L 2>/dev/null | grep -cE 'src=10.0.1.6[01] ')"
listed
timeouts 1
expected "$lib_tmp/listed" >"$lib_tmp/expected"
another_walk
counted >"$lib_tmp/counted"
# the fixed one
fixed=$(on r conntrack -L -s 10.0.1.61 2>/dev/null | wc -l)
awk -v fixed="$fixed" '$1 " " $2 " " $3 == "udp UNREPLIED unknown" { $4 += fixed } 1' \
	"$lib_tmp/expected" >"$lib_tmp/expected.all"

# kind NAME PATTERN - these rows, of which there must be some
kind()
{
	t_eq "$1" "$(grep -E "$2" "$lib_tmp/counted")" \
		"$(grep -E "$2" "$lib_tmp/expected.all" || echo "a row like $2")"
}

kind "TCP: SYN seen, or SYN and SYN-ACK" '^tcp SYN_'
kind "TCP: established, under each of its timeouts" '^tcp ESTABLISHED'
# the fourth, "close", in some kernels alone
t_eq "which are at least three" \
	"$(awk '$2 == "ESTABLISHED" && $3 != 256 { print $3 }' "$lib_tmp/expected" | xargs)" \
	"1024 4096 512"
kind "TCP: closing" '^tcp (FIN_WAIT|CLOSE_WAIT|LAST_ACK|TIME_WAIT|CLOSE)'
kind "UDP: unanswered, answered, streams, of a policy, others'" '^udp '
kind "ICMP" '^icmp '
if grep -qE '^(gre|4) ' "$lib_tmp/listed" "$lib_tmp/expected"; then
	kind "protocols of which nothing is known" '^(gre|[0-9]+) '
else
	ktap_test_skip "protocols of which nothing is known" "no tunnels in this kernel"
fi
# below STEP - of the eight, for the ICMP entries: the longest silence below it
below()
{
	col census idle_below record=state proto=icmp "netns=${topo_inode[r]}" | cut -d, -f "$1"
}

# All were raised by 600 s, to 1000
icmp_silent()
{
	echo $((1000 - $(on r conntrack -L -p icmp 2>/dev/null | awk '{ print $3 }' | sort -n | head -n 1)))
}

least=$(icmp_silent)
another_walk
longest=$(below 6)
t_num "the longest silence below an hour" "$longest" -ge $((least - 1))
t_num "is no longer than it is" "$longest" -le "$(icmp_silent)"
t_eq "the longest below 600 s, where none is" "$(below 4)" 0
on r sh -c 'cd /proc/sys/net/netfilter &&
	echo 250 >nf_conntrack_icmp_timeout && echo 9000 >nf_conntrack_tcp_timeout_close'
another_walk
t_eq "a timeout that was lowered tells nothing" \
	"$(col census entries,idle_unknown,idle_60 record=state proto=icmp \
		"netns=${topo_inode[r]}")" "11 11 0"
# An RST may now have led to "unacknowledged" as well, which was 2500 s at most
t_eq "of two timeouts that are possible, the one that makes less of the silence" \
	"$(col census idle_3600 record=state name=ESTABLISHED "netns=${topo_inode[r]}")" \
	"$(awk '$2 == "ESTABLISHED" && $3 == 4096 { print $4 }' "$lib_tmp/expected")"
t_eq "what is unknown adds up to the namespace's" \
	"$(col census idle_unknown record=netns "netns=${topo_inode[r]}")" \
	"$(col census idle_unknown record=state "netns=${topo_inode[r]}" | add_up)"
module_unload
t_clean "kernel log"
ktap_finished
