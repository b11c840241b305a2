#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2015,SC2154 # A && B || C is meant; ktap.sh sets them
# guest.sh NAME SHARE - in the guest: the host of that name, a router between a client
# and a server, with its exporters. It does what it is told by files in SHARE: "begin"
# with what is wrong with it, "cure", "end"; and says there how far it is.

# shellcheck source=../lib/booted.sh
. "$(dirname "$0")/booted.sh"

me=$1 share=$2
SERVER=10.0.9.2
OTHER=10.0.2.2
FLOODER=198.51.100.66
LASTS=1200			# s: what is begun here ends by itself, whatever happens

# client, who is honest, and "other", who may not be
network()
{
	host_behind client 1 && host_behind other 2 && host_behind server 9 &&
	echo 1 >/proc/sys/net/ipv4/ip_forward &&
	nft -f - <<-'END'
	table inet filter {
		chain input {
			type filter hook input priority filter;
			ct state established,related accept
			ct state invalid drop
		}
		chain forward {
			type filter hook forward priority filter;
			ct state established,related accept
			ct state invalid drop
		}
	}
	END
}

# setting KEY VALUE - as an administrator does it: now and for good
setting()
{
	echo "$2" >"/proc/sys/net/netfilter/nf_conntrack_$1" &&
	echo "net.netfilter.nf_conntrack_$1 = $2" >>/etc/sysctl.d/10-host.conf
}

# background WHO COMMAND... - its output in /run/out.PID, at $out
background()
{
	ip netns exec "$@" >/run/out 2>&1 &
	pid=$!
	mv /run/out "/run/out.$pid"
	out=/run/out.$pid
}

# asks WHO RATE - over UDP, and over TCP a tenth as often
asks()
{
	background "$1" "$here/ctpeer" ask -a $SERVER -p 7000 -n 60000 -r "$2" -t $LASTS --wait 300 &&
	background "$1" "$here/ctpeer" ask -a $SERVER -p 7000 -n 60000 -r $((($2 + 9) / 10)) \
		-t $LASTS --tcp --wait 500
}

# holds WHO NR [CTPEER-OPTION...] - so many connections that stay open and say nothing
holds()
{
	background "$1" "$here/ctpeer" ask -a $SERVER -p 7001 -n "$2" -r 200 --open 50 -t $LASTS \
		--tcp --hold --wait 3000 "${@:3}" &&
	wait_until 60 grep -q "asked=$2 answered=$2" "$out"
}

serves()
{
	background server "$here/ctpeer" serve -a 0.0.0.0 -p "$1" -t $LASTS &&
	wait_until 20 grep -q ready "$out"
}

# t_answered NAME - every one of sixty requests is, over UDP; and of ten over TCP
t_answered()
{
	local got

	got=$(ip netns exec client "$here/ctpeer" ask -a $SERVER -p 7000 -n 60 -r 30 -t 20 --wait 1000
		ip netns exec client "$here/ctpeer" ask -a $SERVER -p 7000 -n 10 -r 5 -t 20 --tcp --wait 3000)
	t_eq "$1" "$(grep -o 'asked=.* answered=[0-9]*' <<<"$got" | xargs)" \
		"asked=60 answered=60 asked=10 answered=10"
}

sent()
{
	ip netns exec other cat /sys/class/net/eth0/statistics/tx_packets
}

# found CAUSE - by the reader, first of all
found()
{
	conntriage --json >/run/found.json 2>/run/why
	jq -r '.summary, .findings[].cause' /run/found.json >>/run/why
	[ "$(jq -r '.findings[0].cause' /run/found.json)" = "$1" ]
}

# told WORD - outside, somebody says so
told()
{
	[ -e "$share/$1" ]
}

# says WORD - to outside
says()
{
	: >"$share/$me.$1"
}

# --- the three hosts ---------------------------------------------------------------

# Somebody far away, behind "other", opens handshakes that he never completes
flooded_settings()
{
	ip route add default via $OTHER dev other && ip -n other route add blackhole $FLOODER/32 &&
	setting max 2048 && asks client 4
}

flooded_begins()
{
	background other "$here/ctgen" -i eth0 --mac 02:00:00:00:2:01 -r 400 -t $LASTS -p tcp \
		-s $FLOODER -d $SERVER --sport 10000-60000 --dport 7000
	wait_until 60 found flood
}

# A client has gone away without a word, a day ago, and left its connections
leaking_settings()
{
	setting max 1024 && setting udp_timeout 5 && setting tcp_timeout_time_wait 5 &&
	asks client 1
}

leaking_begins()
{
	local timeout=/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established

	echo $((432000 - 92000)) >$timeout && holds other 850 &&
	echo 432000 >$timeout && wait_until 60 found leak
}

# Much to do, and room for it
healthy_settings()
{
	setting max 2048 && setting udp_timeout 20 && setting tcp_timeout_time_wait 20 &&
	holds client 450 && holds other 450 && asks client 4
}

healthy_begins()
{
	conntriage --json >/run/found.json 2>/run/why
}

# --- the host ------------------------------------------------------------------------

up()
{
	echo nf_conntrack >/etc/modules-load.d/nf_conntrack.conf
	modprobe nf_conntrack hashsize=16384 && insmod "$here/conntriage.ko" && network &&
	serves 7000 && serves 7001 && "${me}_settings"
}

answers()
{
	curl -sS -m 20 "http://$1/metrics" >/run/answer 2>/run/why &&
	grep "$2" /run/answer
}

ktap_print_msg "booted after $(cut -d. -f1 /proc/uptime) s"
t_run "a router with ordinary traffic" up
t_run "the exporter's socket" systemctl start conntriage-exporter.socket
t_run "the timer" systemctl start conntriage-metrics.timer
t_wait "the exporter answers" 60 answers 192.0.2.15:9997 '^conntriage_module_up 1'
t_wait "the node exporter does, with conntriage's metrics" 120 \
	answers 127.0.0.1:9100 '^conntriage_module_up 1'
ktap_print_msg "up after $(cut -d. -f1 /proc/uptime) s"
says up
wait_until 300 told begin
"${me}_begins"
t_status "what it is here for has begun" $? /run/why
ktap_print_msg "$(jq -r .summary /run/found.json)"
says begun
if [ "$me" = flooded ]; then
	wait_until 300 told cure
	conntriage fix >/run/fix
	sh /run/fix >/run/why 2>&1
	t_status "conntriage fix | sh" $? /run/fix /run/why
	says cured
	before=$(sent)
	t_answered "cured: the client is served"
	t_num "cured: the flood goes on" "$(($(sent) - before))" -gt 100
fi
wait_until 600 told end
t_answered "at the end: the client is served"
ktap_print_msg "$(conntriage 2>&1 | head -n 1)"
[ "$ktap_fail" -gt 0 ] || echo "done"
