#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: the module loads with its files in place, refuses bad parameters
# with a line that says what to do, and leaves nothing behind.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

KPROBES=/sys/kernel/debug/kprobes/list
FILES="abi status netns sources classes census history history_minutes incidents incident_top"

# t_refused NAME PARAMETER=VALUE LOW HIGH-PATTERN - with name and range in the log
t_refused()
{
	local param=${2%=*} out mark="refuse $2 $RANDOM"

	echo "conntriage-selftest $mark" >/dev/kmsg
	if out=$(module_insert "$2" 2>&1); then
		lib_module=1
		ktap_test_fail "$1"
		ktap_print_msg "  loaded with $2"
		rmmod conntriage
		return
	fi
	t_has "$1" "$(dmesg | awk -v m="$mark" 'on; index($0, m) { on = 1 }')" \
		"conntriage: .*$param=${2#*=}.* $3 to $4"
	if [ -d /sys/module/conntriage ] || [ -d "$CTRI_FS" ]; then
		ktap_print_msg "  and something of it was left behind"
	fi
}

probes_of_module()
{
	grep -cE '__nf_conntrack_alloc|early_drop|nf_ct_helper_destroy|gc_worker|__nf_conntrack_confirm' $KPROBES
}

ktap_print_header
need_module
ktap_set_plan 34

probes_before=$(probes_of_module)
module_load
taint=$(cat /proc/sys/kernel/tainted)

missing=$(for f in $FILES; do [ -f "$CTRI_FS/$f" ] || echo "$f"; done)
t_eq "no file is missing" "$missing" ""
t_eq "files have mode 0444" "$(stat -c %a "$CTRI_FS"/* | sort -u)" 444
t_eq "abi" "$(cat "$CTRI_FS/abi")" $'schema\n2'
t_eq "header of status" "$(head -n 1 "$CTRI_FS/status")" "name value"
t_has "header of netns" "$(head -n 1 "$CTRI_FS/netns")" \
	'^netns id conntrack count max inserts( [a-z_0-9]+)*$'
t_has "header of sources" "$(head -n 1 "$CTRI_FS/sources")" \
	'^class netns id family source count err( [a-z_0-9]+)*$'
t_has "header of classes" "$(head -n 1 "$CTRI_FS/classes")" \
	'^class distinct entries( [a-z_0-9]+)*$'
t_has "header of census" "$(head -n 1 "$CTRI_FS/census")" \
	'^record netns proto name entries( [a-z_0-9]+)*$'
t_has "header of history" "$(head -n 1 "$CTRI_FS/history")" \
	'^ago at span count max( [a-z_0-9]+)*$'
for f in $FILES; do
	awk 'NR == 1 { n = NF } NF != n || / $|  |^ / { exit 1 }' "$CTRI_FS/$f" ||
		ktap_print_msg "$f: row with other columns than the header's"
done >"$lib_tmp/rows"
t_eq "every row has the header's columns" "$(cat "$lib_tmp/rows")" ""

# 512 KiB a CPU, or its share of 32 MiB; memory.sh has the other cases
cpus=$(status cpus)
memory=$(status memory)
t_num "status: memory is at most 512 KiB a CPU" "$memory" -le $((cpus * 524288))
t_eq "status: memory is that of each CPU" "$memory" $((cpus * $(status memory_cpu)))
t_num "status: the cap is not above 32 MiB, up to 384 CPUs" \
	"$(status memory_cap)" -le $((32 * 1048576))
t_num "status: namespaces" "$(status namespaces)" -ge 1
t_eq "status: prefixes" \
	"$(status prefix4) $(status prefix6) $(status census_prefix4) $(status census_prefix6)" \
	"32 64 24 48"
t_has "status: probes are idle or absent" \
	"$(for p in alloc early_drop delete gc; do status probe_$p; done | xargs)" \
	'^(idle ?|absent ?){4}$'
t_eq "status: nothing lost" "$(grep '^lost_' "$CTRI_FS/status" | grep -cv ' 0$')" 0

t_run "unload" module_unload
t_run "no debugfs directory is left" test ! -e "$CTRI_FS"
t_run "no ftrace callback is left" \
	sh -c '! grep -s "^__nf_conntrack_confirm" /sys/kernel/debug/tracing/enabled_functions'
t_eq "no kprobe is left" "$(probes_of_module)" "$probes_before"
t_eq "no CPU hotplug state is left" \
	"$(grep -c conntriage /sys/devices/system/cpu/hotplug/states)" 0

t_refused "prefix4=33 is refused" prefix4=33 1 32
t_refused "prefix4=0 is refused" prefix4=0 1 32
t_refused "prefix6=129 is refused" prefix6=129 1 128
t_refused "census_prefix4=33 is refused" census_prefix4=33 1 32
t_refused "census_prefix6=0 is refused" census_prefix6=0 1 128
t_refused "memory_kib=1 is refused" memory_kib=1 '[0-9]+' '[0-9]+'
t_refused "memory_kib=4000000 is refused" memory_kib=4000000 '[0-9]+' '[0-9]+'
t_refused "memory_mib=0 is refused" memory_mib=0 1 1048576
t_refused "memory_mib=4000000 is refused" memory_mib=4000000 1 1048576

rounds=$([ "$QUICK" ] && echo 3 || echo 10)
again()
{
	local i

	for ((i = 0; i < rounds; i++)); do
		module_insert && cat "$CTRI_FS/status" && module_unload || return
	done
}
t_run "load and unload again and again" again
t_eq "taint is what the first insmod made it" \
	"$(cat /proc/sys/kernel/tainted)" "$taint"
t_clean "kernel log"
ktap_finished
