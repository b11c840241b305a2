#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: where a compiler has given nf_conntrack's functions other names (clang's LTO
# does: early_drop.llvm.123) or inlined them, so that there is nothing to attach to, the
# log and status name what is missing, and all the rest works: what the kernel counts is
# shown as unattributed.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# those that are static, which a compiler is free to rename
RENAMED="__nf_conntrack_alloc early_drop gc_worker nf_ct_resolve_clash"
MAX=500

# unload MODULE - and what stands on it
unload()
{
	local user

	for user in "/sys/module/$1/holders/"*; do
		[ ! -e "$user" ] || unload "${user##*/}" || return
	done
	rmmod "$1" 2>/dev/null
}

# Whoever comes next has to find the kernel's own
restore()
{
	lib_cleanup
	[ "$renamed" ] || return
	# namespaces go in the background
	wait_until 30 unload nf_conntrack ||
		echo "Bail out! the renamed nf_conntrack can't be unloaded; reboot"
	modprobe nf_conntrack
}

renamed=
ktap_print_header
need_module conntrack objcopy
[ -d /sys/module/nf_conntrack/holders ] && file=$(modinfo -n nf_conntrack) && [ -f "$file" ] ||
	ktap_skip_all "nf_conntrack is built into this kernel"
case $file in
*.xz) unpack="xz -dc" ;;
*.zst) unpack="zstd -dc" ;;
*) unpack="cat" ;;
esac
names=()
for f in $RENAMED; do
	names+=(--redefine-sym "$f=$f.llvm.123")
done
$unpack "$file" >"$lib_tmp/own.ko" &&
	objcopy "${names[@]}" "$lib_tmp/own.ko" "$lib_tmp/nf_conntrack.ko" ||
	ktap_exit_fail_msg "$file: can't rename its functions"
unload nf_conntrack ||
	ktap_skip_all "nf_conntrack is in use; run where it is not"
trap restore EXIT
renamed=1
out=$(insmod "$lib_tmp/nf_conntrack.ko" 2>&1) || {
	renamed=
	modprobe nf_conntrack
	ktap_skip_all "this kernel takes no changed module: $out"
}
ktap_set_plan 15
topo_up 2
module_load
watched r

for f in $RENAMED; do
	t_has "the log names $f" "$(log_since)" \
		"conntriage: cannot attach to nf_conntrack:$f \(-[0-9]+\): .* (unknown|unseen) on this kernel"
done
t_eq "status: they are absent, and with them the victims" \
	"$(for p in alloc early_drop gc clash delete; do status probe_$p; done | xargs)" \
	"absent absent absent absent absent"
t_eq "status: what has its name is attached to" "$(status probe_confirm)" idle

gen c1 -n 100 -s 10.0.1.66 -d "$S4" --sport 30000-30099
t_src "insertions are counted, by source" r insert 10.0.1.66 100

# full, by far
on r conntrack -F 2>/dev/null
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
gen c1 -n 2500 -s 10.0.1.66 -d "$S4" --sport 40000-42499
read -r early drop <<<"$(kstat r early_drop) $(kstat r drop)"
t_num "the kernel has evicted" "$early" -ge 1
t_num "the kernel has refused" "$drop" -ge 1
t_run "pressure is seen" wait_until 10 sh -c "grep -qx 'pressure 1' $CTRI_FS/status"
t_eq "evictions are unattributed, each one" "$(nsv r evictions_unattr,evictions)" "$early 0"
t_eq "drops are unattributed, each one" "$(nsv r drops_unattr,refusals)" "$drop 0"
t_num "inserted and refused are what was sent" \
	$(($(nsv r inserts) + drop)) -eq 2600
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
