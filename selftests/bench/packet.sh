#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What watching costs: instructions added to a forwarded packet of an
# established connection, and to one that makes a new connection.
#
# For a guest that counts instructions (selftests/vm/run -i): there a virtual
# nanosecond is one instruction, and the time that pktgen reports for 10,000
# packets is what they cost, repeatable within 0.1 %. The first run of each
# kind is discarded, the median of five others is taken. Everything between
# pktgen and the dummy device that drops the packets is in it, and nothing
# that only real hardware has: caches and branches cost nothing here.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

PACKETS=10000
RUNS=5
LIMIT_ESTABLISHED=30
LIMIT_NEW=300
LIMIT_ARMED=900

base_est='' base_new='' base_many=''
row_est='' row_new='' row_many=''
dport=1024

# --- the measurement --------------------------------------------------------

# per_packet SRC[-SRC] SPORT[-SPORT] [DPORT] - instructions; a port that was
# not used yet unless one is given
per_packet()
{
	local i runs=()

	pg_hold 2000
	for ((i = 0; i <= RUNS; i++)); do
		pg_hold 5
		dport=$((dport + 1))
		pg_flow bench0 "$1" 10.2.0.2 "$2" "${3:-$dport}"
		pg bench0 "count $PACKETS"
		pg_go
		# the first is warming up
		[ $i -eq 0 ] || runs+=("$(pg_usec bench0)")
	done
	[ -z "${V:-}" ] || echo "# $1 $2: ${runs[*]}"
	ret=$(calc "$(median "${runs[@]}") * 1000 / $PACKETS")
}

# One connection that saw an answer, and lasted long enough to be ASSURED.
establish()
{
	local i

	conntrack -F 2>/dev/null
	for i in 1 2 3; do
		pg_thread 0 bench0
		pg_flow bench0 10.1.0.2 10.2.0.2 9 9
		pg bench0 "count 1"
		pg_go
		pg_thread 0 bench1
		pg_flow bench1 10.2.0.2 10.1.0.2 9 9
		pg bench1 "count 1"
		pg_go
		sleep 1.5
	done
	pg_thread 0 bench0
	conntrack -L 2>/dev/null | grep -q ASSURED ||
		die "no connection was established; see conntrack -L"
}

# measure - sets row_est, row_new, row_many
measure()
{
	establish
	per_packet 10.1.0.2 9 9
	row_est=$ret
	per_packet 10.1.0.2 10000-30000
	row_new=$ret
	per_packet 10.1.1.0-10.1.50.0 9
	row_many=$ret
}

added()
{
	calc "$1 - $2" %+.1f
}

row()
{
	measure
	print_row "$1"
}

print_row()
{
	printf '%-42s %9s %8s %9s %8s %9s %8s\n' "$1" \
		"$row_est" "$(added "$row_est" "$base_est")" \
		"$row_new" "$(added "$row_new" "$base_new")" \
		"$row_many" "$(added "$row_many" "$base_many")"
}

# --- what is measured -------------------------------------------------------

nothing()
{
	measure
	base_est=$row_est base_new=$row_new base_many=$row_many
	printf '%-42s %9s %8s %9s %8s %9s %8s\n' '' establ. added \
		new added 'new, each' added
	printf '%-42s %9s %8s %9s %8s %9s %8s\n' 'instructions a packet' '' '' \
		'' '' 'a source' ''
	printf '%-42s %9s %8s %9s %8s %9s %8s\n' 'nothing loaded' \
		"$row_est" - "$row_new" - "$row_many" -
}

conntriage_idle()
{
	module_load
	sleep 2
	[ "$(probes)" = idle ] || die "the probes are not idle: $(probes)"
	row 'conntriage, probes idle'
	[ "$(probes)" = idle ] || die "the probes were armed meanwhile"
	idle_est=$(added "$row_est" "$base_est")
	idle_new=$(added "$row_new" "$base_new")
	idle_many=$(added "$row_many" "$base_many")
	rmmod conntriage
}

is_armed()
{
	[ "$(probes)" = armed ]
}

# A table that is 80 to 90 % full arms them; they stay armed for 30 seconds
# after that. The maximum goes back up, so that the table is as full as it was
# in the other rows, and nothing is evicted.
conntriage_armed()
{
	local max

	module_load
	establish
	max=$(cat $BENCH_CT/nf_conntrack_max)
	pg_flow bench0 10.1.0.2 10.2.0.2 10000-30000 9
	pg bench0 "count 850"
	pg_go
	put $BENCH_CT/nf_conntrack_max 1000
	wait_until 10 is_armed || die "the probes were not armed: $(probes)"
	put $BENCH_CT/nf_conntrack_max "$max"
	row 'conntriage, probes armed'
	is_armed || die "the probes did not stay armed: $(probes)"
	[ "$(col netns evicting netns=$netns)" = 0 ] &&
		[ "$(col netns refusals netns=$netns)" = 0 ] ||
		die "entries were evicted or refused, so more was measured than the probes"
	armed_new=$(added "$row_new" "$base_new")
	armed_many=$(added "$row_many" "$base_many")
	rmmod conntriage
}

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
	wait_until 120 attached || die "bpftrace: $(tail -n 1 "$BENCH_TMP/bpftrace")"
	sleep 2
	row 'bpftrace, kprobe:__nf_conntrack_confirm'
	kill -INT $!
	wait $! 2>/dev/null
	grep -q '^@: [1-9]' "$BENCH_TMP/bpftrace" || die "bpftrace counted nothing"
}

bench_init iptables-legacy bpftrace
bench_conntrack 262144 524288
bench_router
netns=$(stat -Lc %i /proc/self/ns/net)
pg_thread 0 bench0

echo "kernel $(uname -r), one CPU, $PACKETS packets a run, median of $RUNS runs"
nothing
conntriage_idle
conntriage_armed
nft_set
xt 'hashlimit by source' -m hashlimit --hashlimit-name bench \
	--hashlimit-mode srcip --hashlimit-above 1000000/second \
	--hashlimit-htable-size 16384 --hashlimit-htable-max 65536
modprobe xt_recent ip_list_tot=16384
xt 'xt_recent by source' -m recent --name bench --set
conntrack_events
bpftrace_count
row 'nothing loaded, again'
echo
limit 'conntriage idle, established packet' "$idle_est" '<=' $LIMIT_ESTABLISHED instructions
limit 'conntriage idle, new connection' "$idle_new" '<=' $LIMIT_NEW instructions
limit 'conntriage idle, new connection, each a source' "$idle_many" '<=' $LIMIT_NEW instructions
limit 'conntriage armed, new connection' "$armed_new" '<=' $LIMIT_ARMED instructions
limit 'conntriage armed, new connection, each a source' "$armed_many" '<=' $LIMIT_ARMED instructions
bench_end
