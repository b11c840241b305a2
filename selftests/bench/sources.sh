#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ten million sources that come once, and ten that come again: memory must not
# grow, and the ten must be on top. All packets come in on one CPU, a thousand
# spoofed ones for one of each real source, so all of them meet in one source
# table. QUICK=1: a million.
#
# Every packet makes a conntrack entry. Entries live for a second, so that the
# conntrack table keeps up with the flood and nothing is refused: what is
# refused never gets to confirmation, and would be counted in other classes.
# Expired entries go when their bucket is looked up again, hence few buckets.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

SPOOFED=${QUICK:+1000000}
SPOOFED=${SPOOFED:-10000000}
REAL=10				# 10.1.0.10 to 10.1.0.19
SHARE=100			# spoofed packets for one real
WARM=200000
LIMIT_SLAB=512
LIMIT_VMALLOC=64

# flood SPOOFED - real packets are mixed in by their delays, which pktgen never
# waits for, but orders packets by
flood()
{
	put /proc/net/pktgen/kpktgend_0 rem_device_all
	pg_add 0 bench0
	pg_flow bench0 64.0.0.0-126.255.255.255 10.2.0.2 9 9
	pg bench0 "flag IPSRC_RND" "count $1" "delay 100"
	pg_add 0 bench0@1
	pg_flow bench0@1 10.1.0.10-10.1.0.19 10.2.0.2 10000-60001 7
	pg bench0@1 "count $(($1 / SHARE))" "delay $((100 * SHARE))"
	pg_go
}

# KiB of all slabs but those of conntrack entries
slab()
{
	awk '/^nf_conntrack |^slabinfo|^#/ { next }
	{ n += $15 * $6 * 4 }
	END { print n }' /proc/slabinfo
}

vmalloc()
{
	awk '/^VmallocUsed/ { print $2 }' /proc/meminfo
}

# Of this module alone, in bytes
vmalloc_own()
{
	awk '/ctri_/ { n += $2 } END { print n + 0 }' /proc/vmallocinfo
}

drained()
{
	conntrack -F 2>/dev/null
	[ "$(cat "$BENCH_CT/nf_conntrack_count")" -lt 100 ]
}

# Nothing left but what is kept: no entries, no caches, no free slabs
settle()
{
	local f

	wait_until 60 drained || die "conntrack entries do not go away"
	sleep 2
	echo 3 >/proc/sys/vm/drop_caches
	for f in /sys/kernel/slab/*/shrink; do
		echo 1 >"$f"
	done 2>/dev/null
	sleep 1
	[ "$(cat "$BENCH_CT/nf_conntrack_count")" -lt 100 ]
}

measure()
{
	settle
	memory=$(status memory)
	slab=$(slab)
	vmalloc=$(vmalloc)
	own=$(vmalloc_own)
}

nsv()
{
	col netns "$1" "netns=$netns"
}

bench_init
bench_conntrack 65536 1048576
bench_router
put "$BENCH_CT/nf_conntrack_udp_timeout" 1
netns=$(stat -Lc %i /proc/self/ns/net)
module_load

flood $WARM
measure
memory0=$memory slab0=$slab vmalloc0=$vmalloc own0=$own
inserts0=$(nsv inserts)

SECONDS=0
flood "$SPOOFED"
took=$SECONDS
top=$(col sources source class=insert | head -n $REAL)
rows=$(awk '$1 == "class" || $1 == "insert"' "$BENCH_FS/sources" | head -n $((REAL + 4)))
inserts=$(($(nsv inserts) - inserts0))
distinct=$(col classes distinct class=insert)
measure

hit=$(grep -c '^10\.1\.0\.1[0-9]$' <<<"$top")
echo "kernel $(uname -r), $SPOOFED spoofed packets and $((SPOOFED / SHARE)) of $REAL real sources, $took s"
printf '%-34s %12s %12s\n' '' before after
printf '%-34s %12s %12s\n' \
	'memory in status, bytes' "$memory0" "$memory" \
	'slab without nf_conntrack, KiB' "$slab0" "$slab" \
	'vmalloc, KiB' "$vmalloc0" "$vmalloc" \
	'vmalloc of the module, bytes' "$own0" "$own"
echo "entries inserted $inserts, refused $(nsv refusals), evicted $(nsv evictions), distinct sources by estimate $distinct"
echo "$rows" | awk '{ printf "%-8s %-18s %10s %8s %8s %10s %8s\n", $1, $5, $6, $7, $8, $9, $10 }'
echo
limit 'entries inserted' "$inserts" '>=' "$SPOOFED"
limit 'memory in status grew' $((memory - memory0)) '==' 0 bytes
limit 'slab without nf_conntrack grew' $((slab - slab0)) '<=' $LIMIT_SLAB KiB
limit 'vmalloc grew' $((vmalloc - vmalloc0)) '<=' $LIMIT_VMALLOC KiB
limit 'vmalloc of the module grew' $((own - own0)) '==' 0 bytes
limit "real sources among the top $REAL" "$hit" '==' $REAL
bench_end
