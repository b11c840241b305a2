#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: the kernel's own selftests of conntrack, NAT and nftables pass with
# the module, all of whose files are read all the time, as they pass without. They
# need their source, and ten minutes:
#
#	CONNTRIAGE_UPSTREAM=$(selftests/interop/upstream-source) \
#		selftests/vm/run -c 2 -m 1536 -t 1800 -- selftests/interop/upstream.sh
#
# QUICK=1: the first seven, half of that.

# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

# Those that make conntrack entries, then those that are longest or have hooks
# alone. The others measure throughput (nft_concat_range, nft_flowtable,
# nft_nat_zones, nft_trans_stress, nft_zones_many), race with their own server
# (nft_conntrack_helper) or have nothing of conntrack in them.
TESTS="conntrack_icmp_related conntrack_tcp_unreplied conntrack_vrf
	conntrack_sctp_collision nf_nat_edemux ipip-conntrack-mtu nft_synproxy"
[ "${QUICK:-}" ] || TESTS+=" nft_nat nft_fib rpath ipvs"
SKIP=4

# what ends badly leaves namespaces behind
clear_up()
{
	local ns

	for ns in $(ip netns list | cut -d ' ' -f 1); do
		ip netns pids "$ns" | xargs -r kill 2>/dev/null
		ip netns del "$ns"
	done 2>/dev/null
}

# one TEST - its status; what it says to $lib_tmp/said
one()
{
	local status

	timeout -k 5 300 unshare --mount --propagation private -- \
		bash "./$1.sh" >"$lib_tmp/said" 2>&1 </dev/null
	status=$?
	clear_up
	return $status
}

# until $lib_tmp/watch is gone
watch_files()
{
	while [ -e "$lib_tmp/watch" ]; do
		cat "$CTRI_FS"/* /proc/net/conntriage
		sleep 1
	done >/dev/null 2>&1
}

# beside TEST - one() beside the module, all of whose files are read
beside()
{
	local status n

	module_load
	: >"$lib_tmp/watch"
	watch_files &
	one "$1"
	status=$?
	rm "$lib_tmp/watch"
	wait $!
	sleep 2		# its last second is recorded
	n=$(col history inserts | add_up)
	module_unload
	ktap_print_msg "$1: status $status, $n insertions"
	inserts=$((inserts + n))
	return $status
}

# as_without TEST - it passes beside the module. They were written for fast
# machines: one that fails must fail again while it still passes without.
as_without()
{
	beside "$1" && return
	sed -n '1,40s/^/#   /p' "$lib_tmp/said"
	one "$1" && ! beside "$1" && return 1
	ktap_print_msg "$1 fails now and then"
}

ktap_print_header
[ "${CONNTRIAGE_GUEST:-}" ] || ktap_skip_all "not in a guest; these change the machine"
[ -d "${CONNTRIAGE_UPSTREAM:-}" ] ||
	ktap_skip_all "CONNTRIAGE_UPSTREAM names no directory; see interop/upstream-source"
need_module conntrack
cd "$CONNTRIAGE_UPSTREAM" || exit 1
# shellcheck disable=SC2086 # a list
set -- $TESTS
ktap_set_plan $(($# + 3))

pass=0 inserts=0
for test; do
	one "$test"
	case $? in
	0)
		pass=$((pass + 1))
		as_without "$test"
		t_eq "$test" $? 0 ;;
	"$SKIP")
		ktap_test_skip "$test" "it skips itself: $(grep -v '^$' "$lib_tmp/said" | tail -n 1)" ;;
	*)
		ktap_test_skip "$test" "fails on this machine without the module as well" ;;
	esac
done
t_num "the module saw their connections" "$inserts" -gt 0
t_num "most of them pass at all" "$pass" -ge $(($# / 2))
t_clean "kernel log"
ktap_finished
