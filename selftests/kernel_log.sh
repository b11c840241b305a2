#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016
#
# Promise: without the module, the kernel's own log is evidence: since when a table
# refuses packets, and how many at least; that another namespace does, where nothing else
# shows it; and what was full once is no alarm. Who may not read the log is told so.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=200
READER=$(realpath "$CTRI_DIR/../userspace/conntriage")

# told OPTION... - what the reader says within the router's namespace, as one line
told()
{
	on r "$READER" "$@" 2>&1 | tr -s ' \n' ' '
}

# Lines "table full" that the kernel has written since the script began
lines()
{
	log_since | grep -c 'nf_conntrack: table full'
}

ktap_print_header
need_tools conntrack setpriv
[ -x "$READER" ] || ktap_skip_all "userspace/conntriage is not built; run make"
[ ! -d /sys/module/conntriage ] || ktap_skip_all "conntriage is loaded; rmmod it first"
modprobe nf_conntrack 2>/dev/null
[ -e /proc/sys/net/netfilter/nf_conntrack_max ] ||
	ktap_skip_all "no nf_conntrack in this kernel"
# what earlier tests have left in it is of no use to anybody
[ -z "${CONNTRIAGE_GUEST:-}" ] || dmesg -C
! dmesg | grep -q 'nf_conntrack: table full' ||
	ktap_skip_all "a table was full already since this host was booted; use selftests/vm/run"
lib_mark="conntriage-selftest $$ $(date +%s)"
echo "$lib_mark" >/dev/kmsg
topo_up 1
ktap_set_plan 18
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
put /proc/sys/kernel/dmesg_restrict 1
# full until it is flushed, however slow the machine is: an entry would go after 30 s
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600

t_has "a table with room: no word of the log" "$(told | grep -c 'kernel: log')" '^0$'

# Far over the maximum, and again after the limit of the log's rate has run out (5 s)
gen c1 -n 2000 -s 10.0.1.50 -d "$S4" --sport 10000-11999
sleep 6
gen c1 -n 2000 -s 10.0.1.50 -d "$S4" --sport 20000-21999
nr=$(lines)
t_num "the kernel has written lines" "$nr" -ge 2
text=$(told)
t_has "the table is full, and the log is evidence" "$text" \
	'CRITICAL .*full.* packets were refused from [0-9]+ seconds to [0-9]+ seconds? ago'
t_has "as many packets at least as there are lines" "$text" \
	" $nr at least: the kernel's log has as many lines \"table full\""
t_has "how many lines were left out" "$text" '\([0-9,]+ lines were left out'
t_has "monitoring is told" "$(told --check; on r "$READER" --check >/dev/null; echo $?)" \
	"^CONNTRACK CRITICAL - .*by the kernel's log.* 2 *$"

# Where it isn't this one's table
"$READER" >"$lib_tmp/out" 2>&1
status=$?
text=$(tr -s ' \n' ' ' <"$lib_tmp/out")
elsewhere=$status
if dmesg | grep -q 'table full in netns'; then
	t_eq "from another namespace: critical" "$elsewhere" 2
	t_has "from another namespace: which one" "$text" \
		"connection table of namespace $(ns_name r) \\($(ns_inode r)\\) is full"
	t_has "from another namespace: where to look" "$(cat "$lib_tmp/out")" \
		"ip netns exec $(ns_name r) conntriage"
else
	t_eq "from another namespace, as it seems: a warning" "$elsewhere" 1
	t_has "from another namespace: not which one" "$text" \
		'connection table of another namespace is full'
	t_has "from another namespace: where to look" "$(cat "$lib_tmp/out")" 'lsns .*nsenter'
fi

# A capture takes what matters along, and nothing else of the log
echo "conntriage-selftest of somebody" >/dev/kmsg
on r "$READER" capture "$lib_tmp/tree" 2>/dev/null
kept=$lib_tmp/tree/conntriage/kernel-log
t_has "a capture has few lines of the log" "$(wc -l <"$kept")" '^[3-5]$'
t_eq "and none of others" "$(grep -cvE '^\[[0-9.]+\] (conntriage: the log |nf_conntrack: table full)' "$kept")" 0
t_has "it tells the same elsewhere" \
	"$("$READER" --root "$lib_tmp/tree" 2>&1 | tr -s ' \n' ' ')" \
	" $nr at least: the kernel's log has as many lines"
{ dmesg -T; } >"$kept"
t_has "so does all of dmesg -T, by the log's clock" \
	"$("$READER" --root "$lib_tmp/tree" 2>&1 | tr -s ' \n' ' ')" \
	"from [A-Z][a-z]+ [A-Z][a-z]+ .* to .* by the log's clock, $nr at least"

# Who may not read it: a guest's root file system may have no way for others to this tree
cp "$READER" "$lib_tmp/reader" && chmod 755 "$lib_tmp" "$lib_tmp/reader"
# The kernel's worker has made room by now, perhaps: down to 95 %, once in a minute
gen c1 -n 400 -s 10.0.1.50 -d "$S4" --sport 30000-30399
t_has "who may not read the log is told so" \
	"$(on r setpriv --reuid=65534 --regid=65534 --clear-groups "$lib_tmp/reader" 2>&1 |
		tr -s ' \n' ' ')" "since when it refuses packets isn't known: the kernel's log can't be read"

# What is over: a warning for a while, then history
on r conntrack -F 2>/dev/null
text=$(told)
t_has "room again: a warning" "$text" 'WARNING The connection table .*was full until'
sleep 3
told -T recent=1 -T spell=2 >"$lib_tmp/out"
on r "$READER" -T recent=1 -T spell=2 >/dev/null 2>&1
t_eq "later: no alarm" $? 0
t_has "but a note" "$(cat "$lib_tmp/out")" 'NOTE The connection table .*was full until [0-9]+ seconds ago'

[ -z "${V:-}" ] || "$READER" --root "$lib_tmp/tree"
t_clean "kernel log"
ktap_finished
