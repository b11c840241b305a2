#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2015,SC2154 # A && B || C is meant; ktap.sh sets them
# exporter.sh - in the guest: conntriage-exporter.socket starts the service when somebody
# asks; with the one right that it has it finds what root finds, before a flood and in it.

# shellcheck source=../lib/booted.sh
. "$(dirname "$0")/booted.sh"

UNIT=conntriage-exporter.service
SOCKET=conntriage-exporter.socket
AT=/dev/tcp/127.0.0.1/9997
FLOODER=10.0.1.66			# nobody has it: what is sent there is lost
HOST=10.0.1.1
MOST=1.4				# of systemd-analyze's "exposure level"

fetch()		# PATH - the page of an answer of 200
{
	{
		printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&4
		timeout 10 cat <&4
	} 4<>"$AT" >/run/answer
	grep -q '^HTTP/1.1 200 ' /run/answer && sed '1,/^\r$/d' /run/answer
}

network()
{
	host_behind client 1 &&
	ip neigh replace $FLOODER lladdr 02:00:00:00:01:02 dev client nud permanent &&
	# what nobody listens for would be forgotten with its RST
	mkdir -p /run/www && busybox httpd -p 80 -h /run/www &&
	nft 'table inet t { chain c { type filter hook input priority 0; ct state new counter; }; }' &&
	echo 1024 >/proc/sys/net/netfilter/nf_conntrack_max
}

flood()		# SECONDS
{
	ip netns exec client "$here/ctgen" -i eth0 --mac 02:00:00:00:01:01 -r 300 -t "$1" -p tcp \
		-s $FLOODER -d $HOST --sport 10000-60000 --dport 80 >/run/flood 2>&1 &
}

# has_series SECONDS PATTERN - by then
has_series()
{
	local end=$((SECONDS + $1))

	until fetch /metrics | tee /run/why | grep -qE -- "$2"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 1
	done
}

# Names with their labels, but what comes and goes with events and time
series()
{
	sed -n 's/^\([a-z][^ ]*\) .*/\1/p' | grep -v 'source_events\|finding\|by_stage' | sort
}

t_eq "installed, and not enabled" "$(systemctl is-enabled $SOCKET)" disabled
exposure=$(systemd-analyze security --no-pager $UNIT 2>/dev/null |
	sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
ktap_print_msg "exposure level $exposure"
t_run "its cage is tight: $MOST at most" awk -v e="$exposure" -v most=$MOST \
	'BEGIN { exit !(e != "" && e + 0 <= most) }'
t_run "its user" systemd-sysusers
t_run "the module" sh -c "modprobe nf_conntrack && insmod $here/conntriage.ko"
t_run "a network" network
echo 'OPTIONS=--census --top 3' >/etc/default/conntriage-exporter
t_run "enabled" systemctl enable --now $SOCKET
t_eq "nothing runs until somebody asks" "$(systemctl show -P MainPID $UNIT)" 0
t_eq "it is well" "$(fetch /healthz)" ok
pid=$(systemctl show -P MainPID $UNIT)
t_eq "as a user of its own" "$(stat -c %U "/proc/$pid")" conntriage
t_eq "with one right" "$(sed -n 's/^CapEff:[[:space:]]*0*//p' "/proc/$pid/status")" 4
fetch /metrics >/run/metrics
t_has "debugfs is read" "$(cat /run/metrics)" '^conntriage_module_up 1$'
t_has "and the census" "$(cat /run/metrics)" '^conntriage_status 0$'
conntriage metrics --census --top 3 | series >/run/root
series </run/metrics >/run/caged
diff /run/root /run/caged >/run/why 2>&1
t_status "the series that root has" $? /run/why
t_has "among them its own counters" "$(cat /run/metrics)" '^conntriage_entries\{netns="host"\}'

flood 100
t_run "a flood: the finding is there within a minute" has_series 90 \
	'^conntriage_finding_info\{cause="flood",severity="critical"'
t_has "and who" "$(cat /run/why)" "^conntriage_finding_culprit_info.*culprit=\"$FLOODER\""
t_has "and that packets are refused" "$(cat /run/why)" '^conntriage_refused_total\{netns="host"\} [1-9]'
fetch /findings.json >/run/findings
t_eq "as JSON, too" "$(jq -r '.findings[0].cause' /run/findings)" flood
t_eq "still the same process" "$(systemctl show -P MainPID $UNIT)" "$pid"
wait

t_run "the module goes" rmmod conntriage
t_run "which is told" has_series 5 '^conntriage_module_up 0$'
t_eq "and no ailment" "$(fetch /healthz)" ok
t_run "stopped" systemctl stop $UNIT
t_eq "stopped well" "$(systemctl show -P Result,ExecMainStatus $UNIT | xargs)" "success 0"
t_eq "somebody asks again" "$(fetch /healthz)" ok

mkdir -p /etc/systemd/system/$UNIT.d
sed -n '/^#[[:space:]]*\[Service\]/,/^\[Unit\]/s/^#[[:space:]]//p' /usr/lib/systemd/system/$UNIT \
	>/etc/systemd/system/$UNIT.d/rights.conf
systemctl daemon-reload
systemctl restart $UNIT
fetch /findings.json >/run/findings
pid=$(systemctl show -P MainPID $UNIT)
t_eq "a drop-in gives it more rights" \
	"$(sed -n 's/^CapEff:[[:space:]]*0*//p' "/proc/$pid/status")" 81004
[ "$ktap_fail" -gt 0 ] && journalctl -q -u $UNIT --no-pager | tail -n 40 | sed 's/^/# /'
[ "$ktap_fail" -gt 0 ] || echo "done"
