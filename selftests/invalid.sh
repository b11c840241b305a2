#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: every INVALID packet is counted once, for the source in its header,
# with the reason; what can't be looked into is counted as that.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

N=30			# packets of each kind; far below the sampling limit

# t_invalid NAME SOURCE KIND CTGEN-OPTIONS... - from client 1, N of them
t_invalid()
{
	local name=$1 source=$2 kind=$3 shown=$2

	shift 3
	case $source in
	*:*)
		shown=${source%::*}::/64
		set -- -d "$S6" "$@"
		;;
	*)
		set -- -d "$S4" "$@"
		;;
	esac
	gen c1 -n $N -s "$source" --sport 30000-30999 "$@"
	sent=$((sent + N))
	t_eq "$name" "$(src r invalid "$shown" count,err,kinds)" \
		"$N 0 inv_$kind=$N"
}

# handshake ADDR-PREFIX SERVER - client 1's connection from port 20000 to 80
handshake()
{
	gen c1 -n 1 -s "$1" -d "$2" -p tcp --sport 20000 --dport 80 --flags S --seq 1000
	gen s -n 1 -s "$2" -d "$1" -p tcp --sport 80 --dport 20000 --flags SA \
		--seq 5000 --ack 1001
	gen c1 -n 1 -s "$1" -d "$2" -p tcp --sport 20000 --dport 80 --flags A \
		--seq 1001 --ack 5001
}

ktap_print_header
need_module
ktap_set_plan 50
topo_up 1
module_load
watched r
on r sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
k_invalid=$(kstat r invalid)
k_error=$(kstat r icmp_error)
sent=0
errors=0

for v in 4 6; do
	if [ $v = 4 ]; then
		a=10.0.1.
		b=
		err=3/3
		reply=0
	else
		a=fd00:0:1:
		b=::1
		err=1/4
		reply=129
	fi
	t_invalid "IPv$v TCP, bad checksum" "${a}11$b" malformed -p tcp --fault badsum
	t_invalid "IPv$v TCP, header cut off" "${a}12$b" malformed -p tcp --fault short
	t_invalid "IPv$v UDP, bad checksum" "${a}13$b" malformed -p udp --fault badsum
	t_invalid "IPv$v UDP, header cut off" "${a}14$b" malformed -p udp --fault short
	t_invalid "IPv$v ICMP, bad checksum" "${a}15$b" malformed -p icmp --fault badsum
	errors=$((errors + N))
	t_invalid "IPv$v TCP, no flags" "${a}21$b" flags -p tcp --flags -
	t_invalid "IPv$v TCP, SYN and FIN" "${a}22$b" flags -p tcp --flags SF
	t_invalid "IPv$v TCP, all flags" "${a}23$b" flags -p tcp --flags FSRPAU
	t_invalid "IPv$v TCP, ACK from nowhere" "${a}31$b" midstream -p tcp --flags A
	t_invalid "IPv$v TCP, data from nowhere" "${a}32$b" midstream -p tcp --flags PA --payload 100
	t_invalid "IPv$v TCP, RST from nowhere" "${a}33$b" rstfin -p tcp --flags R
	t_invalid "IPv$v TCP, FIN from nowhere" "${a}34$b" rstfin -p tcp --flags FA
	t_invalid "IPv$v TCP, SYN-ACK from nowhere" "${a}35$b" synack -p tcp --flags SA
	t_invalid "IPv$v ICMP error about no connection" "${a}41$b" icmp \
		-p icmp --icmp "$err" --inner udp
	errors=$((errors + N))
	t_invalid "IPv$v ICMP echo reply to no request" "${a}42$b" icmp \
		-p icmp --icmp "$reply"
done

# Of a connection that stands, but a gigabyte ahead of its window
handshake 10.0.1.51 "$S4"
gen c1 -n $N -s 10.0.1.51 -d "$S4" -p tcp --sport 20000 --dport 80 --flags PA \
	--seq 1000000000 --ack 5001 --payload 10
handshake fd00:0:1:51::1 "$S6"
gen c1 -n $N -s fd00:0:1:51::1 -d "$S6" -p tcp --sport 20000 --dport 80 --flags PA \
	--seq 1000000000 --ack 5001 --payload 10
sent=$((sent + 2 * N))
t_eq "IPv4 TCP, out of window" "$(src r invalid 10.0.1.51 kinds)" inv_window=$N
t_eq "IPv6 TCP, out of window" "$(src r invalid fd00:0:1:51::/64 kinds)" inv_window=$N

# The same where a rule puts both directions into a zone
on r nft -f - <<-'END'
table inet ctri_zone {
	chain raw {
		type filter hook prerouting priority -300;
		ip saddr { 10.0.1.61, 10.0.1.62 } ct zone set 5
		ip daddr { 10.0.1.61, 10.0.1.62 } ct zone set 5
		ip6 saddr fd00:0:1:61::1 ct zone set 6
		ip6 daddr fd00:0:1:61::1 ct zone set 6
		ip saddr 10.0.1.65 ct zone set numgen inc mod 100 offset 100
	}
}
END
for a in 10.0.1.61 fd00:0:1:61::1; do
	[ "$a" = 10.0.1.61 ] && to=$S4 || to=$S6
	handshake "$a" "$to"
	gen c1 -n $N -s "$a" -d "$to" -p tcp --sport 20000 --dport 80 --flags PA \
		--seq 1000000000 --ack 5001 --payload 10
	sent=$((sent + N))
done
t_eq "IPv4 TCP in a zone, out of window" "$(src r invalid 10.0.1.61 kinds)" inv_window=$N
t_eq "IPv6 TCP in a zone, out of window" "$(src r invalid fd00:0:1:61::/64 kinds)" inv_window=$N
t_invalid "TCP in a zone, ACK from nowhere" 10.0.1.62 midstream -p tcp --flags A

# A bad checksum is none where conntrack was told not to look
put_checksum()
{
	on r sh -c "echo $1 >/proc/sys/net/netfilter/nf_conntrack_checksum"
}
put_checksum 0
t_invalid "checksums off: TCP, ACK from nowhere" 10.0.1.71 midstream -p tcp --flags A --fault badsum
t_invalid "checksums off: IPv6" fd00:0:1:71::1 midstream -p tcp --flags A --fault badsum
t_invalid "checksums off: TCP, header cut off" 10.0.1.72 malformed -p tcp --fault short
gen c1 -n $N -s 10.0.1.73 -d "$S4" --sport 30000-30999 -p udp --fault badsum
t_eq "checksums off: UDP is not INVALID" "$(src r invalid 10.0.1.73 count)" ""
put_checksum 1

# nor of what this host sends: a bare ACK, with a checksum that is wrong
ack='\x9c\x40\x00\x50\0\0\0\x01\0\0\0\x01\x50\x10\x04\0\xde\xad\0\0'
if command -v socat >/dev/null; then
	for i in 1 2 3; do
		# shellcheck disable=SC2059
		printf "$ack" | on r socat -u - IP4-SENDTO:"$S4":6
	done
	sent=$((sent + 3))
	t_eq "sent by this host: TCP, ACK from nowhere" "$(src r invalid 10.0.100.1 count,kinds)" \
		"3 inv_midstream=3"
else
	ktap_test_skip "sent by this host: no socat"
fi

# What belongs to a connection is not INVALID: an error about that one
gen s -n 5 -s "$S4" -d 10.0.1.51 -p icmp --icmp 3/3 --inner tcp --sport 20000 --dport 80
t_eq "an ICMP error about a connection is none" "$(src r invalid "$S4" count)" ""

# The sums, and the kernel's own: an ICMP error counts as error, not invalid
t_eq "namespace's sum" "$(nsv r invalid)" "$sent"
t_eq "sources' sum" "$(src_sum r invalid)" "$sent"
t_eq "kernel's invalid" "$(($(kstat r invalid) - k_invalid))" $((sent - errors))
t_eq "kernel's error" "$(($(kstat r icmp_error) - k_error))" "$errors"
t_eq "k_invalid and k_error show the same" \
	"$(nsv r k_invalid) $(nsv r k_error)" "$((sent - errors)) $errors"

# More a second than are looked into: all counted, the rest as not sampled
gen c1 -n 6000 -s 10.0.1.99 -d "$S4" -p tcp --flags A --sport 30000-39999
t_eq "a burst: every packet is counted" "$(src r invalid 10.0.1.99 count)" 6000
t_eq "a burst: not looked into is counted as that" "$(status lost_unsampled)" \
	"$(nsv r inv_unsampled)"

# In one of more zones than are tried: nobody can tell, which is counted
gen c1 -n 50 -s 10.0.1.65 -d "$S4" --sport 30000-30049
sleep 1.1	# of this second's budget nothing is left
unsampled=$(status lost_unsampled)
t_invalid "many zones: an ACK from nowhere may be known" 10.0.1.66 unsampled -p tcp --flags A
t_eq "many zones: which is counted as lost" "$(status lost_unsampled)" $((unsampled + N))
module_unload
ktap_finished
