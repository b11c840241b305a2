#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What watching costs: instructions added to a forwarded packet of an
# established connection, to one that makes a new connection, and to the deletion
# of an entry.
#
# For a guest that counts instructions (selftests/vm/run -i); ../lib/packet.sh says how.

# shellcheck source=../lib/bench.sh
. "$(dirname "$0")/../lib/bench.sh"
# shellcheck source=../lib/packet.sh
. "$(dirname "$0")/../lib/packet.sh"

LIMIT_ESTABLISHED=30
LIMIT_NEW=300
LIMIT_ARMED=900
LIMIT_REFUSED=2000		# it costs no established connection anything
LIMIT_DELETED=10		# probes idle
LIMIT_ARMED_DELETED=300
LIMIT_FAILED=1500		# probe_confirm is armed as well

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

# --- what is measured -------------------------------------------------------

nothing()
{
	row_nothing
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

# CONNTRIAGE_BENCH_OWN=y: without those of others
others()
{
	nft_set
	hashlimit
	recent
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
