#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What it costs to open /proc/net/conntriage, by the memory of the source tables that
# have to be looked through: the first open of a second, another one in it, and
# beside them "sources" of debugfs, which is of all namespaces. The tables are full
# of others' sources; the namespace that asks has one of its own, another one none.
# The shell's own part is in all of them.
#
# For a guest that counts instructions (selftests/vm/run -i -m 2048): a virtual
# microsecond is a thousand instructions. There is one CPU then, so the memory of
# N CPUs stands in one table: as many records are looked at, one after the other.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

SIZES="128 512 2048 8192 32768"	# KiB: of 1 to 256 CPUs with 128 each
LIMIT=3000			# thousand instructions: about a millisecond

# opens NAMESPACE FILE - sets first and again: thousands of instructions of two opens
opens()
{
	# shellcheck disable=SC2016 # the inner shell's
	read -r first again < <(nsenter --net="/run/netns/$1" bash -c '
		sleep 1.5
		a=${EPOCHREALTIME/./}
		exec 3<"$1"
		b=${EPOCHREALTIME/./}
		exec 4<"$1"
		c=${EPOCHREALTIME/./}
		echo $((b - a)) $((c - b))' - "$2")
	[ "$again" ] || die "cannot open $2 in $1"
}

# netns NAME - with conntrack, and nothing of the world
netns()
{
	if ! ip netns add "$1" || ! ip -n "$1" link set lo up ||
	   ! nsenter --net="/run/netns/$1" nft 'add table inet bench; add chain inet bench unused; add rule inet bench unused ct state new'; then
		die "cannot make a network namespace"
	fi
}

bench_init
bench_conntrack 262144 2000000
bench_router
netns asks
netns silent
printf '%10s %12s %12s %12s %12s\n' 'KiB' 'first open' 'another' 'no events' 'debugfs'
for kib in $SIZES; do
	module_load "memory_kib=$kib"
	conntrack -F 2>/dev/null
	# shellcheck disable=SC2016 # the inner shell's
	nsenter --net=/run/netns/asks bash -c 'for i in 1 2 3 4 5 6 7 8 9 10; do
		echo >"/dev/udp/127.0.0.$i/9"
	done' 2>/dev/null
	pg_thread 0 bench0
	pg_flow bench0 64.0.0.0-126.255.255.255 10.2.0.2 9 9
	pg bench0 "flag IPSRC_RND" "count $((kib * 12))"
	pg_go
	opens asks /proc/net/conntriage
	row=("$first" "$again")
	nsenter --net=/run/netns/asks grep -q '^insert ' /proc/net/conntriage ||
		die "the namespace has no source of its own"
	opens silent /proc/net/conntriage
	none=$first
	opens asks "$BENCH_FS/sources"
	printf '%10s %12s %12s %12s %12s\n' "$kib" "${row[@]}" "$none" "$first"
	rmmod conntriage
done
limit 'first open with 32 MiB of tables' "${row[0]}" '<' $LIMIT 'thousand instructions'
bench_end
