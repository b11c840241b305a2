#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: an entry that a socket of this host makes is counted for the cgroup of
# its program, once; what is forwarded or received is nobody's, also where a
# socket of this host is its packet's.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

CGROUPS=/run/ctri$$-cgroup
GROUPS_MADE=

cgroups_end()
{
	local dir

	for dir in $GROUPS_MADE; do
		rmdir "$dir"
	done 2>/dev/null
	umount "$CGROUPS" 2>/dev/null
	rmdir "$CGROUPS" 2>/dev/null
}

trap 'lib_cleanup; cgroups_end' EXIT

# cgroup_add NAME - sets ret to its id
cgroup_add()
{
	mkdir "$CGROUPS/$1" || ktap_exit_fail_msg "can't make a cgroup"
	GROUPS_MADE="$CGROUPS/$1 $GROUPS_MADE"
	ret=$(stat -c %i "$CGROUPS/$1")
}

# by CGROUP ROLE COMMAND... - a program of that cgroup
by()
{
	local group=$CGROUPS/$1 role=$2

	shift 2
	on "$role" bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}

# by_bg CGROUP ROLE COMMAND... - in the background, as bg
by_bg()
{
	local group=$CGROUPS/$1 role=$2

	shift 2
	bg "$role" bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}

# ask CGROUP ROLE OPTIONS... - requests from there; "answered" in $lib_tmp/ask
ask()
{
	local group=$1 role=$2

	shift 2
	by "$group" "$role" "$CTRI_TOOLS/ctpeer" ask -t 60 --wait 5000 "$@" >"$lib_tmp/ask"
}

# program ROLE ID COLUMNS
program()
{
	src "$1" program "$2" "$3"
}

port_of_connected()
{
	port=$(on r ss -Hun | awk '$NF == "10.0.1.2:5555" { sub(/.*:/, "", $(NF - 1)); print $(NF - 1) }')
	[ "$port" ]
}

ktap_print_header
need_module ss
need_config CONFIG_SOCK_CGROUP_DATA "cgroup of its sockets' programs"
mkdir -p "$CGROUPS" && mount -t cgroup2 none "$CGROUPS" 2>/dev/null ||
	ktap_skip_all "this kernel has no cgroup v2"
topo_up 1
topo_up 1 x
module_load
watched r
watched xr
ktap_set_plan 18
cgroup_add ctri$$-a
a=$ret
cgroup_add ctri$$-b
b=$ret
A=ctri$$-a
B=ctri$$-b

peer_serve s "$S4" 7000 120
server=$BG_PID
ask $A r -a "$S4" -p 7000 --sport 20000 -n 30
t_has "30 UDP requests by one program" "$(cat "$lib_tmp/ask")" 'answered=30 '
t_eq "they are its" "$(program r "$a" id,family,count,err,kinds)" \
	"$(nsv r id) 0 30 0 udp=30"
t_eq "and once their source's" "$(src r insert 10.0.100.1 count,err)" "30 0"
ask $B r -a "$S4" -p 7000 -n 20 --tcp
t_has "20 TCP connections by another" "$(cat "$lib_tmp/ask")" 'answered=20 '
t_eq "they are the other's" "$(program r "$b" family,count,err,kinds)" "0 20 0 tcp=20"
ask $A c1 -a "$S4" -p 7000 -n 25 --tcp
t_has "25 forwarded TCP connections of one's sockets" "$(cat "$lib_tmp/ask")" 'answered=25 '
t_eq "are its source's" "$(src r insert 10.0.1.2 count,err)" "25 0"
t_eq "and no program's" "$(program r "$a" count) $(program r "$b" count)" "30 20"
bg_end "$server"

peer_serve s "$S6" 7000 120
server=$BG_PID
ask $A r -a "$S6" -p 7000 -n 10 --tcp
ask $A r -a "$S6" -p 7000 --sport 20000 -n 5
t_eq "IPv6" "$(program r "$a" count,err,kinds)" "45 0 tcp=10,udp=35"
bg_end "$server"

# Received: a server's, and packets that early demux gives to a connected socket
by_bg $B r "$CTRI_TOOLS/ctpeer" serve -a 10.0.1.1 -p 7001 -t 60
wait_until 10 grep -q ready "$BG_OUT" || ktap_exit_fail_msg "ctpeer does not serve"
ask $A c1 -a 10.0.1.1 -p 7001 -n 15 --tcp
t_has "15 connections to a program of this host" "$(cat "$lib_tmp/ask")" 'answered=15 '
t_eq "are no program's" "$(program r "$a" count) $(program r "$b" count)" "45 20"
by_bg $B r bash -c 'exec 3<>/dev/udp/10.0.1.2/5555; exec sleep 60'
wait_until 10 port_of_connected || ktap_exit_fail_msg "no connected socket"
gen c1 -n 1 -s 10.0.1.2 -d 10.0.1.1 --sport 5555 --dport "$port"
t_eq "a packet that early demux gives to a program's socket is inserted" \
	"$(src r insert 10.0.1.2 count)" 41
t_eq "and no program's" "$(program r "$b" count,err)" "20 0"

# The same program in another namespace
peer_serve xs "$S4" 7000 60
ask $A xr -a "$S4" -p 7000 --sport 20000 -n 7
t_eq "in another namespace" "$(program xr "$a" count,err)" "7 0"
t_eq "it is another row" "$(program r "$a" count,err)" "45 0"
t_num "they are counted as distinct" "$(col classes distinct class=program)" -ge 3
t_run "they are in /proc, too" grep -q "^program .* $a 45 - " <(on r cat /proc/net/conntriage)
module_unload
t_clean "kernel log"
ktap_finished
