#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What others cost that count sources, and the best that BPF can do for it: instructions
# added to a forwarded packet of an established connection, and to one that makes a new
# connection.
#
# Limits: of what the cheapest BPF program adds to a new connection from 10,000 sources with
# a map in the memory of the module's table, the module adds 70 % at most. That holds fewer
# sources than come, in either. Where each has room for all of them, it adds less than BPF.
#
# For a guest that counts instructions (selftests/vm/run -i); ../lib/packet.sh says how.
# CONNTRIAGE_BENCH_MITIGATIONS: auto or off, what the kernel's command line has.
# QUICK=1: the least of two runs instead of five, a table of 10,000 instead of 40,000.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"
# shellcheck source=../lib/packet.sh
. "$(dirname "$0")/../lib/packet.sh"

LIMIT_RATIO=70			# %
LIMIT_ROOM=100
ROOM=16384			# entries: 10,000 sources, and free ones
ROOM_KIB=8192			# of a table: 20,000 sources in the half that has insertions

KINDS="est many"
CTCOUNT=$(dirname "$0")/peers/build/ctcount
[ -z "$QUICK" ] || RUNS=2 TABLE=10000
mitigations=${CONNTRIAGE_BENCH_MITIGATIONS:-off}

# method -> what it is called; README.md says what each is
METHODS="insert confirm_cast confirm_read probe probe_multi hook"
declare -A say=(
	[insert]='fentry, hash_insert'
	[confirm_cast]='fentry, confirm, cast'
	[confirm_read]='fentry, confirm, read'
	[probe]='kprobe, hash_insert'
	[probe_multi]='kprobe.multi, hash_insert'
	[hook]='netfilter link')

# --- what is in force -------------------------------------------------------

# A table of numbers without what was in force would be of no use, and one of the wrong
# kernel a lie.
print_mitigations()
{
	local v2 vulnerabilities=/sys/devices/system/cpu/vulnerabilities

	v2=$(cat $vulnerabilities/spectre_v2) || die "this kernel does not say what is mitigated"
	case $mitigations:$v2 in
	off:Vulnerable* | auto:Mitigation:\ *[Rr]etpoline*) ;;
	*) die "mitigations=$mitigations was asked for, and spectre_v2 says: $v2" ;;
	esac
	echo "mitigations=$mitigations: spectre_v2: $v2;" \
		"mitigated: $(grep -l '^Mitigation' $vulnerabilities/* | sed 's,.*/,,' | xargs)"
}

# --- BPF --------------------------------------------------------------------

# bpf_start METHOD ENTRIES [own] - sets bpf; fails where this kernel has no such way
bpf_start()
{
	local line='' status

	coproc BPF { exec "$CTCOUNT" "$@" 2>"$BENCH_TMP/ctcount"; }
	bpf=$BPF_PID
	# the shell forgets the numbers with the process
	bpf_out=${BPF[0]} bpf_in=${BPF[1]}
	read -r line <&"$bpf_out"
	[ "$line" != attached ] || return 0
	wait "$bpf"
	status=$?
	[ $status -eq 4 ] || die "$(tail -n 1 "$BENCH_TMP/ctcount")"
	return 1
}

bpf_stop()
{
	exec {bpf_in}>&-
	wait "$bpf" || die "ctcount ended with $?: $(tail -n 1 "$BENCH_TMP/ctcount")"
}

# bpf_counted - sets sources, counted and bytes: what is in the map (its memory without
# what entries need besides, up to 6.1)
bpf_counted()
{
	echo >&"$bpf_in"
	read -r sources counted bytes <&"$bpf_out" || die "ctcount has ended"
}

# bpf_verify SRC-SRC PACKETS SOURCES - so many new connections are so many in the map, of
# so many sources at least (the router may have opened one)
bpf_verify()
{
	local before

	bpf_counted
	before=$counted
	conntrack -F 2>/dev/null
	dport=$((dport + 1))
	pg_flow bench0 "$1" 10.2.0.2 10000-30000 $dport
	pg bench0 "count $2"
	pg_go
	bpf_counted
	[ $((counted - before)) -eq "$2" ] && [ "$sources" -ge "$3" ] ||
		die "BPF's map has $((counted - before)) packets of $sources sources," \
			"but $2 of $3 were sent"
}

# bpf_row NAME METHOD ENTRIES [own] - a row, of a program that counts for certain; sets
# bpf_many to what it adds. Fails where this kernel has no such way.
bpf_row()
{
	local name=$1

	shift
	if ! bpf_start "$@"; then
		printf '%-41s not here:%s\n' "$name" "$(sed 's/^[^:]*://; s/;.*//' "$BENCH_TMP/ctcount")"
		return 1
	fi
	bpf_verify 10.1.1.0-10.1.1.99 1000 100
	row "$name"
	bpf_many=$(added many)
	bpf_counted
	if [ "$2" -ge $PACKETS ]; then
		bpf_verify 10.1.1.0-10.1.50.0 $PACKETS $PACKETS
	elif [ "$sources" -lt $(($2 * 9 / 10)) ] || [ "$bytes" -gt "$memory" ]; then
		die "BPF's map of $2 entries has $sources after 10,000, in $bytes bytes"
	fi
	bpf_stop
}

# room BYTES - sets ret to how many entries such a map has that takes no more (1 CPU): 72
# bytes each, in kernel/bpf/hashtab.c a struct htab_elem of 48, a key and a pointer of 8
# and a count of 8, and 16 a bucket, of which there are a power of two; 1 KiB besides
room()
{
	local buckets=1 n

	while n=$((($1 - 1024 - 16 * buckets) / 72)) && [ $n -gt $buckets ]; do
		ret=$n
		buckets=$((2 * buckets))
	done
	# what more buckets leave, or as many as there are buckets
	[ $n -ge $((buckets / 2)) ] && ret=$n || ret=$((buckets / 2))
}

bpf_programs()
{
	local m best='' small

	room "$memory"
	small=$ret
	for m in $METHODS; do
		bpf_row "BPF: ${say[$m]}" $m "$small" || continue
		if [ -z "$best" ] || holds "$bpf_many < $best_many"; then
			best=$m best_many=$bpf_many
		fi
	done
	[ "$best" ] || die "no BPF program could be attached"
	bpf_row "the best of these, a list a CPU" $best "$small" own
	! holds "$bpf_many < $best_many" || best_many=$bpf_many
	bpf_row "the best, room for all sources" $best $ROOM
	room_many=$bpf_many
	# what throws nothing away may have another best
	if [ $best != insert ] && bpf_row "${say[insert]}, room for all" insert $ROOM; then
		! holds "$bpf_many < $room_many" || room_many=$bpf_many
	fi
	best_name=${say[$best]} entries=$small
}

# --- all rows ---------------------------------------------------------------

# conntriage NAME [PARAM=VALUE] - a row; sets ours to what it adds, and memory
conntriage()
{
	local name=$1

	shift
	module_load "$@"
	sleep 2
	row "$name"
	[ "$(probes)" = idle ] || die "the probes were armed: $(probes)"
	ours=$(added many)
	memory=$(status memory_cpu)
	[ "$(col netns inserts "netns=$netns")" -ge $(((RUNS + 1) * PACKETS)) ] ||
		die "not every connection was counted"
	rmmod conntriage
}

bench_init iptables-legacy bpftrace
[ -x "$CTCOUNT" ] || die "no $CTCOUNT; run it by selftests/bench/run peers"
bench_conntrack 262144 524288
bench_router
netns=$(stat -Lc %i /proc/self/ns/net)
pg_thread 0 bench0

echo "kernel $(uname -r), one CPU, $PACKETS packets a run, least of $RUNS runs"
print_mitigations
row_nothing
conntriage 'conntriage, room for all sources' memory_kib=$ROOM_KIB
ours_room=$ours
conntriage conntriage
nft_set
hashlimit
recent
conntrack_events
bpftrace_count
bpf_programs
row 'nothing loaded, again'
echo
echo "best of BPF: $best_name, $entries entries in the $memory bytes that the module's table takes"
limit "conntriage, of BPF's in the same memory" "$(calc "$ours / $best_many * 100")" '<=' $LIMIT_RATIO %
limit "where each has room for all sources" "$(calc "$ours_room / $room_many * 100")" '<' $LIMIT_ROOM %
bench_end
