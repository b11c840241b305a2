#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2015,SC2154 # A && B || C is meant; ktap.sh sets them
# guest.sh - in the guest: the unit sees a flood begin and end, told by the module; the
# module comes and goes; then a flood without it.

# shellcheck source=../lib/booted.sh
. "$(dirname "$0")/booted.sh"

UNIT=conntriage-watch.service
BEGUN=b40608e61de745d9aae71b7a2c08b5cd	# as conntriage-watch(8) has them
ENDED=d50ee4cbfc7f4a1aa370fd82163d1fbe
FLOODER=10.0.1.66			# nobody has it: what is sent there is lost
HOST=10.0.1.1
MAX=1024
MOST=3.0				# of systemd-analyze's "exposure level"

network()
{
	host_behind client 1 &&
	ip neigh replace $FLOODER lladdr 02:00:00:00:01:02 dev client nud permanent &&
	mkdir -p /run/www && busybox httpd -p 80 -h /run/www &&
	nft 'table inet t { chain c { type filter hook input priority 0; ct state new counter; }; }' &&
	echo $MAX >/proc/sys/net/netfilter/nf_conntrack_max
}

# flood SECONDS - handshakes that nobody completes
flood()
{
	ip netns exec client "$here/ctgen" -i eth0 --mac 02:00:00:00:01:01 -r 300 -t "$1" -p tcp \
		-s $FLOODER -d $HOST --sport 10000-60000 --dport 80 >/run/flood 2>&1 &
}

# events KIND - the journal's, a line of JSON each
events()
{
	journalctl -q -o json -u $UNIT "MESSAGE_ID=$1" --no-pager
}

# has KIND NUMBER - so many of them
has()
{
	{
		journalctl -q -n 20 --no-pager -u $UNIT
		cat /run/flood /proc/sys/net/netfilter/nf_conntrack_count
		tail -n 1 /sys/kernel/debug/conntriage/incidents
	} >/run/why 2>&1
	[ "$(events "$1" | wc -l)" = "$2" ]
}

# field KIND NAME - of the last one
field()
{
	events "$1" | tail -n 1 | jq -r --arg name "$2" '.[$name] // ""'
}

has_room()
{
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -lt $((MAX / 2)) ]
}

# hooked NUMBER - the command ran so often, and what it says is in the journal
hooked()
{
	journalctl -q -n 30 -u $UNIT --no-pager >/run/why 2>&1
	[ "$(journalctl -q -u $UNIT -o cat | grep -cx said)" = "$1" ]
}

waits_by_module()
{
	pid=$(systemctl show -P MainPID $UNIT)
	ls -l "/proc/$pid/fd" >/run/why 2>&1
	grep -q /sys/kernel/debug/conntriage/incidents /run/why
}

switches()
{
	grep ctxt_switches "/proc/$pid/status"
}

waits_by_time()
{
	! waits_by_module
}

# --- the unit -------------------------------------------------------------------------

t_eq "installed, and not enabled" "$(systemctl is-enabled $UNIT)" disabled
exposure=$(systemd-analyze security --no-pager $UNIT 2>/dev/null |
	sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
ktap_print_msg "exposure level $exposure"
t_run "its cage is tight: $MOST at most" awk -v e="$exposure" -v most=$MOST \
	'BEGIN { exit !(e != "" && e + 0 <= most) }'
# A command as an administrator adds it: what is in its environment, and its input
mkdir -p /run/hook /etc/systemd/system/$UNIT.d
cat >/etc/systemd/system/$UNIT.d/hook.conf <<-'END'
	[Service]
	ExecStart=
	ExecStart=/usr/sbin/conntriage watch --journal --on-incident "f=/run/hook/$$CONNTRIAGE_EVENT-$$CONNTRIAGE_INCIDENT; env | grep ^CONNTRIAGE_ >$$f; cat >>$$f; echo said"
	ReadWritePaths=/run/hook
END
systemctl daemon-reload
t_run "the module" sh -c "modprobe nf_conntrack && insmod $here/conntriage.ko"
t_run "a network" network
t_run "a service that connects" systemd-run -q --unit=caller busybox sh -c \
	'while :; do busybox wget -q -O /dev/null http://127.0.0.1/; sleep 1; done'
t_run "and one in a namespace of its own" systemd-run -q --unit=client ip netns exec client \
	busybox sh -c "while :; do busybox wget -q -O /dev/null http://$HOST/; sleep 1; done"
t_run "enabled and started" systemctl enable --now $UNIT
t_wait "it waits by the module's file" 20 waits_by_module

# --- a flood ----------------------------------------------------------------------------

sleep 3	# the look that follows
before=$(switches)
sleep 12
t_eq "while it waits, nothing wakes it" "$(switches)" "${before:-of a process}"
flood 50
t_wait "begun: the journal has it" 60 has $BEGUN 1
t_eq "begun: the incident" "$(field $BEGUN CONNTRIAGE_INCIDENT)" 1
t_eq "begun: which" "$(field $BEGUN CONNTRIAGE_EVENT)" begun
t_eq "begun: how bad" "$(field $BEGUN CONNTRIAGE_SEVERITY),$(field $BEGUN PRIORITY)" critical,2
t_eq "begun: why" "$(field $BEGUN CONNTRIAGE_CAUSE)" flood
t_has "begun: who" "$(field $BEGUN CONNTRIAGE_WHO)" $FLOODER
t_has "begun: in a sentence" "$(field $BEGUN MESSAGE)" "$FLOODER"
t_eq "begun: by whom" "$(field $BEGUN SYSLOG_IDENTIFIER)" conntriage
t_wait "begun: the hook ran" 20 hooked 1
t_has "begun: its environment" "$(cat /run/hook/begun-1)" "^CONNTRIAGE_CAUSE=flood$"
t_has "begun: its input" "$(cat /run/hook/begun-1)" "^CRITICAL  *The connection table is full"
sleep 2
before=$(switches)
sleep 6
t_eq "while it lasts, nothing wakes it" "$(switches)" "${before:-of a process}"
# What is found in the cage is what root finds outside: rules, who lives in a namespace,
# which program a cgroup is. Numbers differ, as time goes on.
cage=()
while read -r line; do
	cage+=(-p "$line")
done < <(sed -n '/^CapabilityB/,/^UMask/{/^[A-Z]/p}' /usr/lib/systemd/system/$UNIT)
caged()
{
	systemd-run --wait --pipe -q "${cage[@]}" "$@"
}
for how in "" caged; do
	{
		$how conntriage --json | jq -S '[.findings[] | {cause, severity, certainty,
			said: [.steps[].text, .against[].text, (.who[] | .name, .who)] |
				map(tostring | gsub("[0-9][0-9.,]*"; "N"))}], .faults'
		$how conntriage sources --json | jq '.rows | map(select(.source == "10.0.1.2") | .name) | unique'
		$how conntriage programs --json | jq '.rows | map(.unit) | sort'
	} >"/run/seen${how:+.}$how" 2>&1
done
diff /run/seen /run/seen.caged >/run/why 2>&1
t_status "in its cage as outside of it" $? /run/why
t_has "with who lives in a namespace" "$(cat /run/seen)" '"namespace client'
t_has "and which program connects" "$(cat /run/seen)" 'caller.service'
systemctl stop caller client
wait
t_wait "ended: the journal has it" 150 has $ENDED 1
t_eq "ended: the incident" "$(field $ENDED CONNTRIAGE_INCIDENT),$(field $ENDED CONNTRIAGE_EVENT)" 1,ended
t_has "ended: the story" "$(field $ENDED MESSAGE)" "^At .*$FLOODER opened .*refused"
t_num "ended: what was refused" "$(field $ENDED CONNTRIAGE_REFUSED)" -gt 100
t_num "ended: how long it took" "$(field $ENDED CONNTRIAGE_SECONDS)" -gt 20
t_eq "ended: why it was" "$(field $ENDED CONNTRIAGE_CAUSE),$(field $ENDED PRIORITY)" flood,5
t_wait "ended: the hook ran" 70 hooked 2
t_has "ended: its input" "$(cat /run/hook/ended-1)" "^ENDED "

# --- the module goes and comes --------------------------------------------------------

tries=0
until rmmod conntriage 2>/run/why; do
	tries=$((tries + 1))
	[ $tries -lt 20 ] || break
	sleep 0.1
done
t_eq "unloaded while it is watched" "$([ -d /sys/module/conntriage ] || echo gone)" gone
ktap_print_msg "refused $tries times, for at most 0.1 s each"
t_wait "it waits by time then" 20 waits_by_time
t_wait "the table has room" 150 has_room
flood 20
t_wait "begun, told without the module" 40 has $BEGUN 2
t_eq "without a number" "$(events $BEGUN | tail -n 1 | jq -r .CONNTRIAGE_INCIDENT)" ""
wait
t_run "loaded again" insmod "$here/conntriage.ko"
t_wait "it waits by the module again" 20 waits_by_module
t_eq "still the same process" "$(systemctl show -P NRestarts $UNIT)" 0
t_run "stopped" systemctl stop $UNIT
t_eq "stopped well" "$(systemctl show -P Result,ExecMainStatus $UNIT | xargs)" "success 0"
[ "$ktap_fail" -gt 0 ] && journalctl -q -u $UNIT --no-pager | tail -n 40 | sed 's/^/# /'
[ "$ktap_fail" -gt 0 ] || echo "done"
