# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the benchmarks that run in a guest begin with:
#
#	. "$(dirname "$0")/../lib/bench.sh"
#	bench_init
#	bench_router
#
# They change sysctls, load modules and flood: in a guest of their own only,
# which is thrown away afterwards, so nothing is put back.
#
# The router is the guest's initial namespace. pktgen hands packets to the
# stack as if bench0 had received them (xmit_mode netif_receive), they are
# forwarded, and bench1, a dummy device, drops them when they are sent:
#
#	10.1.0.0/16, 11.0.0.0/8 --- bench0 [router] bench1 --- 10.2.0.0/16

set -u
BENCH_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 1
BENCH_FS=/sys/kernel/debug/conntriage
BENCH_CT=/proc/sys/net/netfilter
BENCH_TMP=
# shellcheck disable=SC2034 # the scripts'
QUICK=${QUICK:-}

die()
{
	echo "${0##*/}: $*" >&2
	exit 2
}

bench_init()
{
	local tool mod

	[ "${CONNTRIAGE_GUEST:-}" ] ||
		die "not in a guest, and it would flood this machine; use selftests/bench/run"
	for tool in ip nft conntrack awk "$@"; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed; run it by selftests/bench/run"
	done
	BENCH_TMP=$(mktemp -d) || die "no temporary directory"
	for mod in nf_conntrack nf_conntrack_netlink nft_ct pktgen dummy; do
		modprobe "$mod" || die "this kernel has no module $mod"
	done
}

# --- settings ---------------------------------------------------------------

# put FILE VALUE
put()
{
	echo "$2" 2>/dev/null >"$1" || die "$1: cannot write $2"
}

# bench_conntrack BUCKETS MAX
bench_conntrack()
{
	put /sys/module/nf_conntrack/parameters/hashsize "$1"
	put "$BENCH_CT/nf_conntrack_max" "$2"
}

# Two interfaces, forwarding, permanent neighbours, nothing on the wire that
# is not asked for. The rule that switches conntrack on stands in a chain that
# no packet passes: it costs nothing.
bench_router()
{
	local dev

	for dev in bench0 bench1; do
		ip link add "$dev" type dummy || die "cannot make $dev"
		put "/proc/sys/net/ipv6/conf/$dev/disable_ipv6" 1
		ip link set "$dev" address "02:00:00:00:00:0${dev#bench}" arp on up
	done
	ip addr add 10.1.255.254/16 dev bench0
	ip addr add 10.2.255.254/16 dev bench1
	ip route add 11.0.0.0/8 dev bench0
	ip neigh add 10.1.0.2 lladdr 02:00:00:00:01:00 dev bench0 nud permanent
	ip neigh add 10.2.0.2 lladdr 02:00:00:00:01:01 dev bench1 nud permanent
	# see pg_hold()
	put /proc/sys/net/ipv4/neigh/bench1/unres_qlen_bytes 1000000000
	put /proc/sys/net/ipv4/neigh/bench1/retrans_time_ms 1000000000
	put /proc/sys/net/ipv4/ip_forward 1
	put /proc/sys/net/ipv4/conf/all/rp_filter 0
	put /proc/sys/net/ipv4/conf/bench0/rp_filter 0
	put /proc/sys/net/ipv4/conf/bench1/rp_filter 0
	put $BENCH_CT/nf_conntrack_udp_timeout 3600
	put $BENCH_CT/nf_conntrack_udp_timeout_stream 3600
	nft 'add table inet bench; add chain inet bench unused; add rule inet bench unused ct state new' ||
		die "nft cannot switch conntrack on"
}

# --- pktgen -----------------------------------------------------------------

# pg_thread CPU DEVICE - that CPU will send as that device, and nothing else
pg_thread()
{
	put "/proc/net/pktgen/kpktgend_$1" rem_device_all
	pg_add "$1" "$2"
}

# pg_add CPU DEVICE[@N] - that CPU will send as that device as well; several
# of one device are told apart by N
pg_add()
{
	put "/proc/net/pktgen/kpktgend_$1" "add_device $2"
	pg "$2" "xmit_mode netif_receive" "delay 0" "pkt_size 60" \
		"dst_mac $(cat "/sys/class/net/${2%@*}/address")"
}

# pg DEVICE SETTING...
pg()
{
	local dev=$1

	shift
	while [ $# -gt 0 ]; do
		put "/proc/net/pktgen/$dev" "$1"
		shift
	done
}

# pg_flow DEVICE SRC[-SRC] DST SPORT[-SPORT] DPORT - addresses and ports count
# up packet by packet, together, and begin anew after the last
pg_flow()
{
	pg "$1" "src_min ${2%-*}" "src_max ${2#*-}" "dst_min $3" "dst_max $3" \
		"udp_src_min ${4%-*}" "udp_src_max ${4#*-}" \
		"udp_dst_min $5" "udp_dst_max $5"
}

# pg_go - what was set up, until it is done
pg_go()
{
	put /proc/net/pktgen/pgctrl start
}

# pg_usec DEVICE - of the last run, without the time pktgen waited
pg_usec()
{
	sed -n 's/^Result: OK: [0-9]*(c\([0-9]*\)+.*/\1/p' "/proc/net/pktgen/$1"
}

# pg_hold N - packets that stay in memory, as they wait for a neighbour that
# never answers.
#
# SLUB can get stuck where the two sk_buffs that a packet has for a while come
# from two slabs with one free place each: then every packet takes the slow path,
# 280 instructions more, for no reason but what happened long before. Thousands
# of held packets fill such places. A few more before every run move the end of
# the slab, so that of five runs one at most meets that case for one cache.
pg_hold()
{
	pg_flow bench0 10.1.0.2 10.2.0.3 9 9
	pg bench0 "count $1"
	pg_go
}

# --- conntriage -------------------------------------------------------------

# module_load [PARAM=VALUE...]
module_load()
{
	local ko=${CONNTRIAGE_KO:-$BENCH_TOP/conntriage.ko} dep

	[ -f "$ko" ] || die "no $ko; run make first, or set CONNTRIAGE_KO"
	for dep in $(modinfo -F depends "$ko" | tr ',' ' '); do
		modprobe "$dep" || die "this kernel has no module $dep"
	done
	insmod "$ko" "$@" || die "the module does not load: $(dmesg | tail -n 1)"
	[ -r $BENCH_FS/status ] || die "$BENCH_FS/status is not there"
}

# col FILE COLUMN [KEY=VALUE...] - that column of the rows where all keys match
col()
{
	local file=$1 column=$2

	shift 2
	awk -v column="$column" -v keys="$*" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		n = split(keys, pair, " ")
		if (!(column in at))
			exit 1
		next
	}
	{
		for (k = 1; k <= n; k++) {
			eq = index(pair[k], "=")
			name = substr(pair[k], 1, eq - 1)
			if (!(name in at) || $at[name] "" != substr(pair[k], eq + 1) "")
				next
		}
		print $at[column]
	}' "$BENCH_FS/$file"
}

# status NAME
status()
{
	col status value "name=$1"
}

# probes - "armed", "idle" or a mixture, those that are absent left out
probes()
{
	local p

	for p in alloc early_drop delete gc; do
		status probe_$p
	done | grep -v absent | sort -u | xargs
}

# wait_until SECONDS COMMAND... - until it succeeds; fails after SECONDS. By tries: a
# clock that counts instructions may jump while nothing is done.
wait_until()
{
	local left=$((10 * $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $((left--)) -gt 0 ] || return 1
		sleep 0.1
	done
}

# --- numbers ----------------------------------------------------------------

# median N... - of an odd number of numbers
median()
{
	printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"
}

# least N...
least()
{
	printf '%s\n' "$@" | sort -g | head -n 1
}

# calc EXPRESSION [FORMAT]
calc()
{
	awk "BEGIN { printf \"${2:-%.1f}\", $1 }"
}

# holds EXPRESSION
holds()
{
	awk "BEGIN { exit !($1) }"
}

bench_failed=

# limit WHAT VALUE RELATION LIMIT UNIT - a line; bench_end knows how it went
limit()
{
	local word=ok

	holds "$2 $3 $4" || { word="FALLS SHORT"; bench_failed=1; }
	printf '%-52s %10s, limit %s %s%s: %s\n' "$1" "$2" "$3" "$4" "${5:+ $5}" "$word"
}

bench_end()
{
	rm -rf "$BENCH_TMP"
	[ -z "$bench_failed" ]
	exit
}
