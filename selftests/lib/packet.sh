# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a packet costs, in instructions, and what the others cost that count sources; after
# lib/bench.sh:
#
#	bench_init
#	bench_conntrack 262144 524288
#	bench_router
#	pg_thread 0 bench0
#
# For a guest that counts instructions (selftests/vm/run -i): there a virtual
# nanosecond is one instruction, and the time that pktgen reports for 10,000
# packets is what they cost, repeatable within 0.1 %. The first run of each
# kind is discarded, the least of five others (RUNS) is taken: a timer or a worker that
# ran meanwhile, such as the module's own once a second, is no packet's cost.
# Everything between pktgen and the dummy device that drops the packets is in
# it, and nothing that only real hardware has: caches and branches cost nothing
# here.

PACKETS=10000
RUNS=5
TABLE=40000

# established, new from one, 100, 10,000 sources
KINDS="est one some many"
declare -A flow=(
	[est]='10.1.0.2 9 9'
	[one]='10.1.0.2 10000-30000'
	[some]='10.1.1.0-10.1.1.99 10000-30000'
	[many]='10.1.1.0-10.1.50.0 10000-30000')
declare -A over=([est]=establ. [one]='new, 1' [some]='new, 100' [many]='new, 10k')
declare -A below=([est]='' [one]=source [some]=sources [many]=sources)
declare -A base row
dport=1024
pressed=

# --- the measurement --------------------------------------------------------

# per_packet SRC[-SRC] SPORT[-SPORT] [DPORT] - sets ret to instructions; to a
# port of the server that was not used yet unless one is given
per_packet()
{
	local i runs=()

	pg_hold 2000
	for ((i = 0; i <= RUNS; i++)); do
		dport=$((dport + 1))
		pg_hold 5
		# full, but for what comes now
		[ -z "$pressed" ] || put $BENCH_CT/nf_conntrack_max \
			$(($(cat $BENCH_CT/nf_conntrack_count) + PACKETS + 1000))
		pg_flow bench0 "$1" 10.2.0.2 "$2" "${3:-$dport}"
		pg bench0 "count $PACKETS"
		pg_go
		# the first is warming up
		[ $i -eq 0 ] || runs+=("$(pg_usec bench0)")
	done
	[ -z "${V:-}" ] || echo "# $1 $2: ${runs[*]} usec"
	ret=$(calc "$(least "${runs[@]}") * 1000 / $PACKETS")
}

# one DEVICE SRC DST - one packet between ports 9
one()
{
	pg_thread 0 "$1"
	pg_flow "$1" "$2" "$3" 9 9
	pg "$1" "count 1"
	pg_go
}

# An answered connection that lasts long enough to be ASSURED
assured()
{
	local i

	for i in 1 2 3; do
		one bench0 10.1.0.2 10.2.0.2
		one bench1 10.2.0.2 10.1.0.2
		sleep 1.5
	done
	pg_thread 0 bench0
	conntrack -G -p udp -s 10.1.0.2 -d 10.2.0.2 --sport 9 --dport 9 2>/dev/null | grep -q ASSURED ||
		die "no connection was established"
}

# A table of TABLE connections, and then one that saw an answer and lasted
# long enough to be ASSURED: it comes first in its bucket.
establish()
{
	put $BENCH_CT/nf_conntrack_max 524288
	conntrack -F 2>/dev/null
	pg_thread 0 bench0
	pg_flow bench0 10.1.0.2 10.2.0.2 10000-60000 7
	pg bench0 "count $TABLE"
	pg_go
	assured
}

measure()
{
	local k

	for k in $KINDS; do
		# shellcheck disable=SC2086 # SRC[-SRC] SPORT[-SPORT] [DPORT]
		per_packet ${flow[$k]}
		row[$k]=$ret
	done
}

# added KIND - to the first row
added()
{
	calc "${row[$1]} - ${base[$1]}" %+.1f
}

print_row()
{
	local k

	printf '%-41s' "$1"
	for k in $KINDS; do
		printf ' %8s %7s' "${row[$k]}" "$(added "$k")"
	done
	echo
}

row()
{
	establish
	measure
	print_row "$1"
}

# row_nothing - the first row, below the names of the columns; others are compared with it
row_nothing()
{
	local k

	establish
	measure
	printf '%-41s' 'instructions a packet'
	for k in $KINDS; do
		printf ' %8s %7s' "${over[$k]}" added
	done
	printf '\n%-41s' ''
	for k in $KINDS; do
		printf ' %8s %7s' "${below[$k]}" ''
		base[$k]=${row[$k]}
	done
	echo
	print_row 'nothing loaded'
}

# --- the peers ----------------------------------------------------------------

nft_set()
{
	nft -f - <<-'EOF' || die "nft refuses the set"
	table inet benchset {
		set s {
			type ipv4_addr
			size 65536
			flags dynamic
		}
		chain pre {
			type filter hook prerouting priority 0
			ct state new update @s { ip saddr counter }
		}
	}
	EOF
	row 'nft dynamic set, counter a source'
	nft delete table inet benchset
}

# xt NAME MATCH... - one rule of the table mangle, which then goes again
xt()
{
	local name=$1

	shift
	iptables-legacy -t mangle -A PREROUTING -m conntrack --ctstate NEW "$@" ||
		die "iptables refuses: $*"
	row "$name"
	iptables-legacy -t mangle -F
	modprobe -r iptable_mangle xt_hashlimit xt_recent
}

hashlimit()
{
	xt 'hashlimit by source' -m hashlimit --hashlimit-name bench \
		--hashlimit-mode srcip --hashlimit-above 1000000/second \
		--hashlimit-htable-size 16384 --hashlimit-htable-max 65536
}

recent()
{
	modprobe xt_recent ip_list_tot=16384
	xt 'xt_recent by source' -m recent --name bench --set
}

conntrack_events()
{
	conntrack -E -e NEW >/dev/null 2>&1 &
	sleep 1
	row 'conntrack -E -e NEW >/dev/null'
	kill $!
	wait $! 2>/dev/null
}

attached()
{
	grep -q Attaching "$BENCH_TMP/bpftrace"
}

bpftrace_count()
{
	bpftrace -e 'kprobe:__nf_conntrack_confirm { @ = count(); }' \
		>"$BENCH_TMP/bpftrace" 2>&1 &
	# by the guest's clock, which leaps while the host's files are read
	wait_until 3600 attached || die "bpftrace: $(tail -n 1 "$BENCH_TMP/bpftrace")"
	sleep 2
	row 'bpftrace, kprobe:__nf_conntrack_confirm'
	kill -INT $!
	wait $! 2>/dev/null
	grep -q '^@: [1-9]' "$BENCH_TMP/bpftrace" || die "bpftrace counted nothing"
}
