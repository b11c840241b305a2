#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What watching costs: instructions added to a forwarded packet of an
# established connection, to one that makes a new connection, and to the deletion
# of an entry.
#
# For a guest that counts instructions (selftests/vm/run -i): there a virtual
# nanosecond is one instruction, and the time that pktgen reports for 10,000
# packets is what they cost, repeatable within 0.1 %. The first run of each
# kind is discarded, the least of five others is taken: a timer or a worker that
# ran meanwhile, such as the module's own once a second, is no packet's cost.
# Everything between pktgen and the dummy device that drops the packets is in
# it, and nothing that only real hardware has: caches and branches cost nothing
# here.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"

PACKETS=10000
RUNS=5
LIMIT_ESTABLISHED=30
LIMIT_NEW=300
LIMIT_ARMED=900
LIMIT_REFUSED=2000		# it costs no established connection anything
LIMIT_DELETED=10		# probes idle
LIMIT_ARMED_DELETED=300
LIMIT_FAILED=1500		# probe_confirm is armed as well

KINDS="est one some many"	# established, new from one, 100, 10,000 sources
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

# A table of 40,000 connections, and then one that saw an answer and lasted
# long enough to be ASSURED: it comes first in its bucket.
establish()
{
	put $BENCH_CT/nf_conntrack_max 524288
	conntrack -F 2>/dev/null
	pg_thread 0 bench0
	pg_flow bench0 10.1.0.2 10.2.0.2 10000-60000 7
	pg bench0 "count 40000"
	pg_go
	assured
}

# refuse - sets ret to the instructions of a packet that is refused, from 10,000
# sources: the one entry that there is can't be evicted
refuse()
{
	put $BENCH_CT/nf_conntrack_max 524288
	conntrack -F 2>/dev/null
	assured
	put $BENCH_CT/nf_conntrack_max 1
	per_packet 10.1.1.0-10.1.50.0 10000-30000
	put $BENCH_CT/nf_conntrack_max 524288
}

# used GROUP - CPU time of a control group so far, in usec
used()
{
	sed -n 's/^usage_usec //p' "$1/cpu.stat"
}

# deletion - sets ret to the instructions of deleting an entry, one of PACKETS that
# are flushed; conntrack(8) itself is in it, and the same in all rows. By its own CPU
# time: it waits now and then, and time goes on while the guest is idle.
deletion()
{
	local i runs=() began group=/sys/fs/cgroup/bench

	mkdir -p "$group" || die "no control group"

	for ((i = 0; i <= RUNS; i++)); do
		dport=$((dport + 1))
		pg_flow bench0 10.1.0.2 10.2.0.2 10000-30000 $dport
		pg bench0 "count $PACKETS"
		pg_go
		began=$(used "$group")
		(echo "$BASHPID" >"$group/cgroup.procs" && exec conntrack -F 2>/dev/null)
		[ $i -eq 0 ] || runs+=($(($(used "$group") - began)))
	done
	[ -z "${V:-}" ] || echo "# deletion: ${runs[*]} usec"
	ret=$(calc "$(least "${runs[@]}") * 1000 / $PACKETS")
}

measure()
{
	per_packet 10.1.0.2 9 9
	row[est]=$ret
	per_packet 10.1.0.2 10000-30000
	row[one]=$ret
	per_packet 10.1.1.0-10.1.1.99 10000-30000
	row[some]=$ret
	per_packet 10.1.1.0-10.1.50.0 10000-30000
	row[many]=$ret
}

# own_packet - sets ret to the instructions of a datagram of a program here, system call
# and all, each to another port: it makes a connection, and the program is looked up.
# The program asks clock_gettime() itself, so that nothing of what starts it is counted.
own_packet()
{
	local i runs=() clock

	# __NR_clock_gettime
	case $(uname -m) in
	x86_64) clock=228 ;;
	aarch64) clock=113 ;;
	*) die "no number of clock_gettime() for $(uname -m) here; add it" ;;
	esac
	for ((i = 0; i <= RUNS; i++)); do
		ret=$(CLOCK=$clock perl -MSocket -e 'sub now { my $t = "\0" x 16; syscall($ENV{CLOCK}, 1, $t); my ($s, $ns) =
			unpack("qq", $t); $s * 1e9 + $ns }
			socket(S, PF_INET, SOCK_DGRAM, 0) or die $!;
			my $to = inet_aton("10.2.0.2");
			my @to = map { pack_sockaddr_in($_, $to) } 1 .. $ARGV[0];
			my $began = now();
			send(S, "", 0, $_) // die $! for @to;
			printf "%d\n", (now() - $began) / 1000' $PACKETS) || die "no datagrams were sent"
		[ $i -eq 0 ] || runs+=("$ret")
	done
	[ -z "${V:-}" ] || echo "# own: ${runs[*]} usec"
	ret=$(calc "$(least "${runs[@]}") * 1000 / $PACKETS")
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

# --- what is measured -------------------------------------------------------

nothing()
{
	local k

	establish
	measure
	printf '%-41s' 'instructions a packet'
	for k in establ. 'new, 1' 'new, 100' 'new, 10k'; do
		printf ' %8s %7s' "$k" added
	done
	printf '\n%-41s' ''
	for k in '' source sources sources; do
		printf ' %8s %7s' "$k" ''
	done
	echo
	for k in $KINDS; do
		base[$k]=${row[$k]}
	done
	print_row 'nothing loaded'
	own_packet
	base[own]=$ret
	conntrack -F 2>/dev/null
	deletion
	base[deleted]=$ret
	refuse
	base[refused]=$ret
}

conntriage_idle()
{
	module_load
	sleep 2
	row 'conntriage, probes idle'
	[ "$(probes)" = idle ] && [ "$(status armings)" = 0 ] ||
		die "the probes were armed: $(probes)"
	idle_est=$(added est)
	idle_new=$(added one)
	idle_some=$(added some)
	idle_many=$(added many)
	own_packet
	row[own]=$ret
	idle_own=$(added own)
	[ "$(col sources count class=program | head -n 1)" ] || die "no program was counted"
	conntrack -F 2>/dev/null
	deletion
	row[deleted]=$ret
	idle_deleted=$(added deleted)
	rmmod conntriage
}

is_armed()
{
	[ "$(probes)" = armed ]
}

# More than 75 % full all the time, so that the probes stay armed, but never
# full: nothing is evicted or refused.
conntriage_armed()
{
	module_load
	establish
	put $BENCH_CT/nf_conntrack_max 45000
	wait_until 10 is_armed || die "the probes were not armed: $(probes)"
	pressed=y
	measure
	pressed=
	print_row 'conntriage, probes armed (status: armed)'
	is_armed && [ "$(status armings)" = 1 ] ||
		die "the probes did not stay armed: $(probes)"
	[ "$(col netns evicting "netns=$netns") $(col netns refusals "netns=$netns")" = "0 0" ] ||
		die "entries were evicted or refused, so more was measured than the probes"
	armed_new=$(added one)
	armed_many=$(added many)
	# the probes stay armed for 30 s
	put $BENCH_CT/nf_conntrack_max 524288
	conntrack -F 2>/dev/null
	deletion
	row[deleted]=$ret
	armed_deleted=$(added deleted)
	is_armed || die "the probes did not stay armed while entries were deleted"
	refuse
	row[refused]=$ret
	armed_refused=$(added refused)
	is_armed && [ "$(col netns refusals "netns=$netns")" -ge $((RUNS * PACKETS)) ] ||
		die "not every packet was refused under the probes' eyes"
	rmmod conntriage
}

# Insertions that fail arm another probe, for 30 s. These do in chains that are
# too long.
conntriage_failing()
{
	module_load
	put $BENCH_CT/nf_conntrack_max 524288
	conntrack -F 2>/dev/null
	put /sys/module/nf_conntrack/parameters/hashsize 512
	pg_flow bench0 10.1.0.2 10.2.0.2 10000-60000 7
	pg bench0 "count 40000"
	pg_go
	conntrack -F 2>/dev/null
	put /sys/module/nf_conntrack/parameters/hashsize 262144
	put $BENCH_CT/nf_conntrack_max 524288
	wait_until 10 failures_are_watched || die "no insertion failed"
	establish
	put $BENCH_CT/nf_conntrack_max 45000
	wait_until 10 is_armed || die "the probes were not armed: $(probes)"
	pressed=y
	measure
	pressed=
	print_row 'conntriage, the same and failures watched'
	failures_are_watched && is_armed || die "the probes did not stay armed"
	failing_new=$(added one)
	failing_many=$(added many)
	rmmod conntriage
}

failures_are_watched()
{
	[ "$(status probe_confirm)" = armed ]
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

# CONNTRIAGE_BENCH_OWN=y: without those of others
others()
{
	nft_set
	xt 'hashlimit by source' -m hashlimit --hashlimit-name bench \
		--hashlimit-mode srcip --hashlimit-above 1000000/second \
		--hashlimit-htable-size 16384 --hashlimit-htable-max 65536
	modprobe xt_recent ip_list_tot=16384
	xt 'xt_recent by source' -m recent --name bench --set
	conntrack_events
	bpftrace_count
}

if [ "${CONNTRIAGE_BENCH_OWN:-}" ]; then bench_init; else bench_init iptables-legacy bpftrace; fi
bench_conntrack 262144 524288
bench_router
netns=$(stat -Lc %i /proc/self/ns/net)
pg_thread 0 bench0

echo "kernel $(uname -r), one CPU, $PACKETS packets a run, least of $RUNS runs"
nothing
conntriage_idle
conntriage_armed
conntriage_failing
[ "${CONNTRIAGE_BENCH_OWN:-}" ] || others
row 'nothing loaded, again'
echo
limit 'conntriage idle, established packet' "$idle_est" '<=' $LIMIT_ESTABLISHED instructions
limit 'conntriage idle, new connection' "$idle_new" '<=' $LIMIT_NEW instructions
limit 'the same from 100 sources' "$idle_some" '<=' $LIMIT_NEW instructions
limit 'the same from 10,000 sources' "$idle_many" '<=' $LIMIT_NEW instructions
limit 'the same of a program here' "$idle_own" '<=' $LIMIT_NEW instructions
limit 'conntriage armed, new connection' "$armed_new" '<=' $LIMIT_ARMED instructions
limit 'the same from 10,000 sources' "$armed_many" '<=' $LIMIT_ARMED instructions
limit 'a refused packet, likewise' "$armed_refused" '<=' $LIMIT_REFUSED instructions
limit 'conntriage idle, deletion of an entry' "$idle_deleted" '<=' $LIMIT_DELETED instructions
limit 'conntriage armed, deletion of an entry' "$armed_deleted" '<=' $LIMIT_ARMED_DELETED instructions
limit 'failures watched as well, new connection' "$failing_new" '<=' $LIMIT_FAILED instructions
limit 'the same from 10,000 sources' "$failing_many" '<=' $LIMIT_FAILED instructions
bench_end
