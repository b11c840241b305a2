#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: root can switch ftrace and kprobes off while the module is loaded;
# "status" says at once what that leaves unseen and counts the time, and what
# follows is seen again when they are on. Loaded while ftrace is off, the module
# sees new connections by hooks.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

FTRACE=/proc/sys/kernel/ftrace_enabled
KPROBES=/sys/kernel/debug/kprobes/enabled

# pulse - what is on
pulse()
{
	echo "$(status ftrace) $(status kprobes)"
}

# turn FILE 0|1
turn()
{
	echo "$2" >"$1"
}

# seen SOURCE - new connections of it that were counted, of 30
seen()
{
	gen c1 -n 30 -s "$1" -d "$S4" --sport 10000-10029
	src r insert "$1" count
}

lost()
{
	[ "$(status lost_blind)" -gt 0 ]
}

ktap_print_header
need_module
[ -w $FTRACE ] || ktap_skip_all "no ftrace in this kernel"
[ -w $KPROBES ] || ktap_skip_all "no switch for kprobes in this kernel"
put $FTRACE 1
put $KPROBES 1
# some kernels refuse it themselves
refused=
turn $FTRACE 0 2>/dev/null || refused="this kernel doesn't let ftrace be switched off"
turn $FTRACE 1
topo_up 1
ktap_set_plan 17
module_load
watched r
t_eq "both are on" "$(pulse)" "on on"
t_eq "and new connections are seen" "$(seen 10.9.0.1)" 30
t_eq "no time is lost" "$(status lost_blind)" 0

if [ -z "$refused" ]; then
	t_run "root may switch ftrace off" turn $FTRACE 0
	t_has "status says so" "$(status ftrace)" '^off$'
	by=$(status confirm)
	case $by in
	ftrace) want='' ;;
	*) want=30 ;;
	esac
	t_eq "what is watched by $by" "$(seen 10.9.0.2)" "$want"
	t_run "the time is counted" wait_until 5 lost
	turn $FTRACE 1
	t_eq "on again: both are" "$(pulse)" "on on"
	t_eq "and new connections are seen" "$(seen 10.9.0.3)" 30
else
	for ((i = 0; i < 6; i++)); do
		ktap_test_skip "ftrace switched off" "$refused"
	done
fi

t_run "root may switch kprobes off" turn $KPROBES 0
t_eq "status says so" "$(pulse)" "on off"
turn $KPROBES 1
t_eq "on again" "$(pulse)" "on on"

if [ -z "$refused" ]; then
	# Gone and come while ftrace is off
	turn $FTRACE 0
	t_run "unloaded while ftrace is off" module_unload
	module_load
	watched r
	t_eq "loaded then: by hooks" "$(status confirm) $(status ftrace)" "hooks off"
	t_eq "which see new connections" "$(seen 10.9.0.4)" 30
	turn $FTRACE 1
	t_eq "with ftrace on, still" "$(seen 10.9.0.5) $(pulse)" "30 on on"
else
	for ((i = 0; i < 4; i++)); do
		ktap_test_skip "unloaded and loaded while ftrace is off" "$refused"
	done
fi
module_unload
t_clean "kernel log"
ktap_finished
