#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: the kernel's own selftests of conntrack, NAT and nftables pass with
# the module, all of whose files are read all the time, as they pass without. They
# need their source, and 6 minutes:
#
#	CONNTRIAGE_UPSTREAM=$(selftests/together/upstream-source) \
#		selftests/vm/run -c 2 -m 1536 -t 900 -- selftests/together/upstream.sh

# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# Those that look at what conntrack does, and end within a minute in a guest.
# The others measure throughput (nft_flowtable, nft_concat_range,
# nft_trans_stress, nft_nat_zones) or have no conntrack in them.
TESTS="conntrack_icmp_related conntrack_tcp_unreplied conntrack_vrf
	conntrack_sctp_collision nft_conntrack_helper nft_nat nf_nat_edemux
	ipip-conntrack-mtu nft_synproxy nft_zones_many nft_fib rpath
	bridge_brouter ipvs"
SKIP=4

# one TEST - its status; what it says to FILE
one()
{
	timeout -k 5 100 unshare --mount --propagation private -- \
		bash "./$1.sh" >"$2" 2>&1 </dev/null
}

# until $lib_tmp/watch is gone
watch_files()
{
	while [ -e "$lib_tmp/watch" ]; do
		cat "$CTRI_FS"/* /proc/net/conntriage
		sleep 1
	done >/dev/null 2>&1
}

# what ends badly leaves namespaces behind
clear_up()
{
	local ns

	for ns in $(ip netns list | cut -d ' ' -f 1); do
		ip netns pids "$ns" | xargs -r kill 2>/dev/null
		ip netns del "$ns"
	done 2>/dev/null
}

ktap_print_header
[ "${CONNTRIAGE_GUEST:-}" ] || ktap_skip_all "not in a guest; these change the machine"
[ -d "${CONNTRIAGE_UPSTREAM:-}" ] ||
	ktap_skip_all "CONNTRIAGE_UPSTREAM names no directory; see together/upstream-source"
need_module conntrack
cd "$CONNTRIAGE_UPSTREAM" || exit 1
# shellcheck disable=SC2086 # a list
set -- $TESTS
ktap_set_plan $(($# + 2))

same=0
for test; do
	one "$test" "$lib_tmp/without"
	without=$?
	clear_up
	if [ $without -eq $SKIP ]; then
		ktap_test_skip "$test" "it skips itself: $(grep -v '^$' "$lib_tmp/without" | tail -n 1)"
		continue
	elif [ $without -ne 0 ]; then
		ktap_test_skip "$test" "fails on this machine without the module as well"
		continue
	fi
	module_load
	: >"$lib_tmp/watch"
	watch_files &
	one "$test" "$lib_tmp/with"
	with=$?
	rm "$lib_tmp/watch"
	wait $!
	inserts=$((${inserts:-0} + $(awk 'NR > 1 { n += $6 } END { print n + 0 }' "$CTRI_FS/netns")))
	clear_up
	module_unload
	t_eq "$test" $with 0
	if [ $with -eq 0 ]; then
		same=$((same + 1))
	else
		sed -n '1,40s/^/#   /p' "$lib_tmp/with"
	fi
done
ktap_print_msg "$same pass both ways; the module saw ${inserts:-0} insertions at their ends"
t_num "most of them pass at all" "$same" -ge $(($# / 2))
t_clean "kernel log"
ktap_finished
