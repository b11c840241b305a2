#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: the tracepoints deliver every eviction, refusal, INVALID packet and
# failed insertion with its tuple, namespace and reason, to tracefs, perf,
# trace-cmd and bpftrace, and are off when nobody listens.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/queue.sh
. "$CTRI_DIR/lib/queue.sh"

TRACEFS=/sys/kernel/tracing
EVENTS="conntriage_evict conntriage_refuse conntriage_invalid conntriage_insert_failed"
MAX=500
PAIRS=10
MIDSTREAM=120
MALFORMED=30

event_off()
{
	! cat "$TRACEFS"/events/conntriage/*/enable | grep -qv '^0'
}

probes_armed()
{
	[ "$(status probe_early_drop) $(status probe_clash)" = "armed armed" ]
}

# counted - of the module's counters, one a line by event
counted()
{
	nsv r evictions,gc_evictions,refusals,invalid,insert_failed |
		awk '{ print "conntriage_evict", $1 + $2; print "conntriage_refuse", $3
		       print "conntriage_invalid", $4
		       print "conntriage_insert_failed", $5 }'
}

# fill N - with so many entries of the other client
fill()
{
	gen c2 -n "$1" -s 10.0.2.2 -d "$S4" --sport 10000-$((9999 + $1))
}

# something ROUND - of every event; flows of their own. Before and after it the gc
# worker has no reason to evict, which it does above 95 %, whenever it comes by: who
# counts must not have to begin in the same moment as who listens
something()
{
	local round=$1

	fill $((MAX - PAIRS))
	gen c1 -n 300 -s 10.0.1.66 -d "$S4" --sport $((20000 + 300 * round))-$((20299 + 300 * round))
	gen c1 -n 60 -s fd00:0:1:66::1 -d "$S6" -p tcp \
		--sport $((30000 + 60 * round))-$((30059 + 60 * round)) --dport 80
	# make room: an INVALID packet has an entry until it is judged
	on r conntrack -F 2>/dev/null
	gen c1 -n $MIDSTREAM -s 10.0.1.77 -d "$S4" -p tcp --flags A --sport 1-$MIDSTREAM
	gen c1 -n $MALFORMED -s 10.0.1.78 -d "$S4" -p tcp --fault badsum
	clash $((40000 + PAIRS * round))
	# pressed again, so that probes stay armed until the next round
	fill $((MAX * 85 / 100))
}

# clash PORT - both clients behind one address, as in clash.sh
clash()
{
	local c

	queue_open r $((2 * PAIRS))
	for c in 1 2; do
		gen c$c -n $PAIRS -s 10.0.$c.40 -d "$S4" --dport 53 \
			--sport "$1-$(($1 + PAIRS - 1))"
	done
	queue_close
}

# mark, since - what was counted since
declare -A was_counted
mark()
{
	local event n

	while read -r event n; do
		was_counted[$event]=$n
	done < <(counted)
}
since()
{
	local event n

	while read -r event n; do
		echo "$event $((n - was_counted[$event]))"
	done < <(counted)
}

# events_in FILE - lines by event
events_in()
{
	awk -v events="$EVENTS" '
	BEGIN { n = split(events, event) }
	{
		for (i = 1; i <= n; i++)
			if ($0 ~ "[ :]" event[i] ": ")
				seen[event[i]]++
	}
	END { for (i = 1; i <= n; i++) print event[i], seen[event[i]] + 0 }' "$1"
}

# lines FILE EVENT PATTERN - how many lines of that event match
lines()
{
	grep -E "[ :]conntriage_$2: " "$1" | grep -Ec -- "$3"
}

# places - "event section offset" of every tracepoint in the module's file, by the
# relocations of its jump labels: place, target, key
places()
{
	readelf -rW "$(module_file)" 2>/dev/null | awk '
		/^Relocation section/ { on = /__jump_table/; n = 0; next }
		on && $3 ~ /^R_/ {
			n++
			if (n % 3 == 1) {
				section = $5
				offset = $7
			} else if (n % 3 == 0 && sub("^__tracepoint_", "", $5)) {
				print $5, section, offset
			}
		}'
}

# code_at ADDRESS - five bytes of the running kernel, in hex; bash compares
# addresses as signed numbers, which keeps the kernel's in order
code_at()
{
	local want=$(($1)) off vaddr size

	while read -r off vaddr size; do
		[ $((vaddr)) -le "$want" ] && [ $((vaddr + size)) -gt "$want" ] || continue
		dd if=/proc/kcore bs=1 count=5 skip=$((off + want - vaddr)) 2>/dev/null |
			od -An -tx1 | xargs
		return
	done < <(readelf -lW /proc/kcore 2>/dev/null |
		awk '$1 == "LOAD" && $3 ~ /^0xf/ { print $2, $3, $5 }')
}

# paid - what the processor meets at each place: "event nothing" or "event jump"
paid()
{
	local event section offset code

	while read -r event section offset; do
		code=$(code_at "$(cat "/sys/module/conntriage/sections/$section") + 0x$offset")
		case $code in
		# x86; the last: what 5.10 took for the best on some processors
		'0f 1f 44 00 00' | '66 90 '* | '66 66 66 66 90') echo "$event nothing" ;;
		'e9 '* | 'eb '*) echo "$event jump" ;;
		# arm64, whose words have their low byte first: nop, b
		'1f 20 03 d5 '*) echo "$event nothing" ;;
		??' '??' '??' '1[4-7]' '*) echo "$event jump" ;;
		*) echo "$event ${code:-unreadable}" ;;
		esac
	done < <(places) | sort
}

# t_paid NAME WHAT - it is that at all of them
t_paid()
{
	t_eq "$1" "$(paid)" "$(for e in $EVENTS; do echo "$e $2"; done | sort)"
}

ktap_print_header
need_module conntrack
mountpoint -q $TRACEFS || mount -t tracefs tracefs $TRACEFS 2>/dev/null ||
	ktap_skip_all "no tracefs in this kernel"
modprobe nfnetlink_queue 2>/dev/null
modprobe nft_queue 2>/dev/null || ktap_skip_all "no nft_queue in this kernel"
topo_up 2
module_load
watched r
need_quiet_host $((MAX / 2))
grep -q '^probe_.* absent$' "$CTRI_FS/status" &&
	ktap_skip_all "a probe can't attach on this kernel: $(grep absent "$CTRI_FS/status" | xargs)"
ktap_set_plan 27
put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
on r nft -f - <<-'END'
table ip ctri_nat {
	chain post {
		type nat hook postrouting priority 100;
		ip saddr { 10.0.1.40, 10.0.2.40 } snat to 10.0.100.77
	}
}
END
on r sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
queue_rule r "udp dport 53 ct direction original"

t_eq "the events are there" "$(cd $TRACEFS/events/conntriage && echo */enable)" \
	"$(for e in $EVENTS; do echo "$e/enable"; done | sort | xargs)"
t_run "and off" event_off
t_has "reasons are numbers for those who read the format" \
	"$(grep '^print fmt' $TRACEFS/events/conntriage/conntriage_evict/format)" \
	'\{ 0, "table_full" \}.*\{ [0-9 +]+, "unsampled" \}'

# Nothing is paid for them: no-ops, which become jumps while somebody listens
code=
if [[ $(uname -m) != @(x86_64|aarch64) ]]; then
	code="neither x86_64 nor aarch64"
elif ! command -v readelf >/dev/null || [ -z "$(module_file)" ]; then
	code="no readelf, or no file of the module"
elif ! [ -r /proc/kcore ]; then
	code="no /proc/kcore"
fi
if [ "$code" ]; then
	ktap_test_skip "off: a no-op at each place" "$code"
	ktap_test_skip "on: a jump" "$code"
	ktap_test_skip "off again: a no-op" "$code"
else
	t_paid "off: a no-op at each place" nothing
	echo 1 >$TRACEFS/events/conntriage/enable
	t_paid "on: a jump" jump
	echo 0 >$TRACEFS/events/conntriage/enable
	t_paid "off again: a no-op" nothing
fi

# Both kinds of probe are armed by this, and the table is full then
something 0
gen c1 -n 200 -s 10.0.1.65 -d "$S4" --sport 10000-10199
wait_until 10 probes_armed || ktap_exit_fail_msg "the probes were not armed"

# tracefs alone. Without the names of tasks: their recording patches the
# scheduler, in which emulators of more than one CPU are known to hang
put $TRACEFS/options/record-cmd 0
echo 8192 >$TRACEFS/buffer_size_kb
: >$TRACEFS/trace
mark
echo 1 >$TRACEFS/events/conntriage/enable
something 1
echo 0 >$TRACEFS/events/conntriage/enable
since >"$lib_tmp/counted"
cat $TRACEFS/trace >"$lib_tmp/trace"
t_num "something of every event" "$(awk '$2 >= 5' "$lib_tmp/counted" | wc -l)" -eq 4
t_eq "tracefs: as many lines as events were counted" \
	"$(events_in "$lib_tmp/trace")" "$(cat "$lib_tmp/counted")"
netns="netns=$(ns_inode r) "
t_eq "every line names the namespace" \
	"$(grep -c 'netns=' "$lib_tmp/trace")" "$(grep -c "$netns" "$lib_tmp/trace")"
t_eq "invalid: tuple and reason" "$(lines "$lib_tmp/trace" invalid \
	"${netns}proto=6 src=10.0.1.77:[0-9]+ dst=$S4:9 reason=midstream")" $MIDSTREAM
t_eq "invalid: another reason" "$(lines "$lib_tmp/trace" invalid \
	"${netns}proto=6 src=10.0.1.78:[0-9]+ dst=$S4:9 reason=malformed")" $MALFORMED
t_eq "insert_failed: tuple before NAT, and reason" "$(lines "$lib_tmp/trace" insert_failed \
	"${netns}proto=17 src=10.0.2.40:400[12][0-9] dst=$S4:53 reason=clash")" $PAIRS
t_eq "refuse: reason" "$(lines "$lib_tmp/trace" refuse 'reason=table_full$')" \
	"$(lines "$lib_tmp/trace" refuse .)"
t_num "refuse: IPv4 tuple" "$(lines "$lib_tmp/trace" refuse \
	"${netns}proto=17 src=10.0.1.66:20[0-9]{3} dst=$S4:9 ")" -ge 1
t_num "refuse: IPv6 tuple" "$(lines "$lib_tmp/trace" refuse \
	"${netns}proto=6 src=\[fd00:0:1:66::1\]:300[0-9]{2} dst=\[$S6\]:80 ")" -ge 1
t_eq "evict: reason" "$(lines "$lib_tmp/trace" evict 'reason=(early_drop|gc)$')" \
	"$(lines "$lib_tmp/trace" evict .)"
t_num "evict: a victim's tuple" "$(lines "$lib_tmp/trace" evict \
	"${netns}proto=17 src=10.0.2.2:10[0-9]{3} dst=$S4:9 ")" -ge 1
t_eq "no more lines than these" \
	"$(grep -vc '^#' "$lib_tmp/trace")" "$(awk '{ n += $2 } END { print n }' "$lib_tmp/counted")"

# A filter in the kernel
on r conntrack -F 2>/dev/null
: >$TRACEFS/trace
reason=$(sed -n 's/.*{ \([0-9 +]*\), "malformed" }.*/\1/p' \
	$TRACEFS/events/conntriage/conntriage_invalid/format)
echo "reason == $((${reason:-255}))" >$TRACEFS/events/conntriage/conntriage_invalid/filter 2>/dev/null
echo 1 >$TRACEFS/events/conntriage/conntriage_invalid/enable
gen c1 -n 5 -s 10.0.1.78 -d "$S4" -p tcp --fault badsum
gen c1 -n 5 -s 10.0.1.77 -d "$S4" -p tcp --flags A
echo 0 >$TRACEFS/events/conntriage/conntriage_invalid/enable
echo 0 >$TRACEFS/events/conntriage/conntriage_invalid/filter
t_eq "a filter by reason" "$(grep -vc '^#' $TRACEFS/trace)" 5

# tool NAME FILE - what it printed agrees with the counters, by reason
tool()
{
	t_eq "$1: as many as were counted" "$(events_in "$2")" "$(cat "$lib_tmp/counted")"
	t_eq "$1: reasons by name" "$(lines "$2" invalid \
		"src=10.0.1.77:[0-9]+ dst=$S4:9 reason=midstream")" $MIDSTREAM
}

# has TOOL - it is here, and there is time for it; else, sets lacks
has()
{
	lacks="QUICK is set"
	[ -z "$QUICK" ] || return 1
	lacks="not installed"
	if [ "$1" = perf ]; then
		perf --version	# Debian's may be a script that finds none
	else
		command -v "$1"
	fi >/dev/null 2>&1
}

no_tool()
{
	ktap_test_skip "$1: as many as were counted" "$2"
	ktap_test_skip "$1: what they say" "$2"
}

# listen ROUND COMMAND... - while it records: it runs a command of its own, which
# says that it is on, and ends when it has seen enough
listen()
{
	local round=$1 pid

	shift
	rm -f "$lib_tmp/on" "$lib_tmp/stop"
	"$@" >"$lib_tmp/tool.out" 2>&1 &
	pid=$!
	lib_pids+=("$pid")
	wait_until 90 test -e "$lib_tmp/on" || {
		bg_end "$pid"
		return 1
	}
	mark
	something "$round"
	since >"$lib_tmp/counted"
	: >"$lib_tmp/stop"
	bg_wait "$pid"
}

cat >"$lib_tmp/workload" <<-END
	#!/bin/sh
	: >$lib_tmp/on
	for i in \$(seq 600); do
		[ ! -e $lib_tmp/stop ] || exit 0
		sleep 0.2
	done
END
chmod +x "$lib_tmp/workload"

# Recording reads all of the kernel's symbols first, which takes an emulator
# a minute; counting shows the same events
perf_events=conntriage:${EVENTS// /,conntriage:}
if ! has perf; then
	ktap_test_skip "perf: as many as were counted" "$lacks"
elif listen 2 perf stat -a -x ' ' -o "$lib_tmp/perf" -e "$perf_events" \
	-- "$lib_tmp/workload"; then
	t_eq "perf: as many as were counted" \
		"$(sed -n 's/^\([0-9]*\)  *conntriage:\([a-z_]*\).*/\2 \1/p' "$lib_tmp/perf")" \
		"$(cat "$lib_tmp/counted")"
else
	ktap_test_skip "perf: as many as were counted" \
		"it does not count: $(head -n 1 "$lib_tmp/tool.out")"
fi

if ! has trace-cmd; then
	no_tool trace-cmd "$lacks"
elif listen 3 trace-cmd record -q -e conntriage -o "$lib_tmp/trace.dat" \
	"$lib_tmp/workload"; then
	trace-cmd report -i "$lib_tmp/trace.dat" >"$lib_tmp/report" 2>/dev/null
	tool trace-cmd "$lib_tmp/report"
else
	no_tool trace-cmd "it does not record: $(head -n 1 "$lib_tmp/tool.out")"
fi

# It sees the fields: the reason is a number there
if ! has bpftrace; then
	no_tool bpftrace "$lacks"
elif listen 4 bpftrace -c "/bin/sh $lib_tmp/workload" -e '
	tracepoint:conntriage:conntriage_evict { @conntriage_evict = count(); }
	tracepoint:conntriage:conntriage_refuse { @conntriage_refuse = count(); }
	tracepoint:conntriage:conntriage_invalid { @conntriage_invalid = count();
		@from[args->netns, args->family, args->dport] = count(); }
	tracepoint:conntriage:conntriage_insert_failed {
		@conntriage_insert_failed = count(); }'; then
	t_eq "bpftrace: as many as were counted" \
		"$(sed -n 's/^@\([a-z_]*\): /\1 /p' "$lib_tmp/tool.out" | sort)" \
		"$(sort "$lib_tmp/counted")"
	t_has "bpftrace: its fields" "$(cat "$lib_tmp/tool.out")" \
		"^@from\[$(ns_inode r), 2, 9\]: $((MIDSTREAM + MALFORMED))\$"
else
	no_tool bpftrace "it does not run: $(head -n 1 "$lib_tmp/tool.out")"
fi

t_run "off again" event_off
module_unload
t_eq "the events go with the module" "$(ls -d $TRACEFS/events/conntriage 2>/dev/null)" ""
t_clean "kernel log"
ktap_finished
