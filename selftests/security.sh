#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: nothing of the module can be written to, no unprivileged user reads
# it, and nothing that it prints is a kernel address. What /proc/net/conntriage
# shows to whom is in proc.sh, lockdown in security_lockdown.sh.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

PARAMETERS=/sys/module/conntriage/parameters
TRACEFS=/sys/kernel/tracing
MAX=500

as_nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all -- "$@" 2>&1
}

# written FILE... - those that took a write, of this root or of its threads
written()
{
	local f

	for f; do
		if echo 1 2>/dev/null >"$f"; then
			echo "$f"
		fi
	done 2>/dev/null
}

# everything - all that the module prints anywhere
everything()
{
	tail -n +1 "$CTRI_FS"/* /proc/net/conntriage $PARAMETERS/* \
		$TRACEFS/events/conntriage/*/format $TRACEFS/trace
	log_since | grep -i conntriage
	tail -n +1 /sys/module/conntriage/{version,taint,initstate,refcnt,coresize}
}

# addresses - what could be one: 16 hexadecimal digits, and the same as decimal
addresses()
{
	grep -oiE '\b(0x)?[0-9a-f]{16}\b|\b1844[0-9]{16}\b|\(____ptrval____\)'
}

# crowd ROUND - more than the table holds: evictions, refusals; and INVALID
crowd()
{
	gen c1 -n $((MAX * 3)) -s "10.0.1.$((60 + $1))" -d "$S4" --sport 10000-$((9999 + MAX * 3))
	gen c1 -n 50 -s "10.0.1.$((80 + $1))" -d "$S4" -p tcp --flags FSRPAU --sport 1-50
}

# attributed - evictions and refusals that the probes saw are the kernel's
attributed()
{
	[ "$(nsv r evictions,refusals)" = "$(nsv r k_early_drop,k_drop)" ]
}

ktap_print_header
need_module setpriv
mountpoint -q $TRACEFS || mount -t tracefs tracefs $TRACEFS 2>/dev/null
topo_up 2
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 16
put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
gen c2 -n $((MAX * 85 / 100)) -s 10.0.2.9 -d "$S4" --sport 10000-20000
wait_until 10 probes_are armed || ktap_exit_fail_msg "the probes were not armed"
echo 1 >$TRACEFS/events/conntriage/enable 2>/dev/null

# Writing
t_eq "no file has a bit for writing" \
	"$(find "$CTRI_FS" /proc/net/conntriage $PARAMETERS -type f -perm /222)" ""
t_eq "no file has one for executing, setuid or others" \
	"$(find "$CTRI_FS" /proc/net/conntriage $PARAMETERS -type f -perm /7111)" ""
t_eq "root's writes are refused" \
	"$(written "$CTRI_FS"/* /proc/net/conntriage $PARAMETERS/*)" ""
t_eq "all is root's" "$(find "$CTRI_FS" /proc/net/conntriage $PARAMETERS ! -user root)" ""

# Reading
t_has "nobody but root finds the files" "$(as_nobody ls "$CTRI_FS")" 'Permission denied'
t_has "nor reads /proc/net/conntriage" "$(as_nobody cat /proc/net/conntriage)" 'not permitted'
t_has "nor the tracepoints" "$(as_nobody ls $TRACEFS/events/conntriage)" 'Permission denied'
t_has "nor does root of a user namespace" "$(as_nobody unshare -rn cat "$CTRI_FS/netns")" \
	'Permission denied|not permitted'

# Addresses: with kptr_restrict off, one that the module printed would show
put /proc/sys/kernel/kptr_restrict 0
crowd 0
everything >"$lib_tmp/everything"
t_num "there is something to look at" "$(wc -l <"$lib_tmp/everything")" -ge 300
t_num "evictions are in the trace" "$(grep -c ' conntriage_evict: ' "$lib_tmp/everything")" -ge 10
t_eq "an address would be found" "$(echo "x ffff888012345678 0x00000000deadbeef" | addresses | wc -l)" 2
t_eq "no kernel address in any output" "$(addresses <"$lib_tmp/everything" | sort -u | head -n 5)" ""
t_eq "nothing but printable ASCII" "$(LC_ALL=C grep -c '[^ -~	]' "$lib_tmp/everything")" 0
t_run "evictions and refusals are all attributed" attributed
echo 0 >$TRACEFS/events/conntriage/enable 2>/dev/null

module_unload
t_eq "gone" "$(ls -d "$CTRI_FS" /proc/net/conntriage $PARAMETERS 2>/dev/null)" ""
t_clean "kernel log"
ktap_finished
