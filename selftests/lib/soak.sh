# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What goes on in the background of a soak, until it is told to rest or to stop:
#
#	soak_begin		# all of it
#	soak_rest		# all at rest: nothing of theirs runs or is left
#	soak_go
#	soak_end
#	soak_done NAME		# how often it did what it does
#
# Each is a loop of its own with a pause in it, so the load is bounded by the time, and
# nice: on a slow machine five of them leave little to who counts and compares, whose
# round takes twice the time then.

SOAK_BUCKETS="4096 32768 8192 65536 16384"
SOAK_HASHSIZE=/sys/module/nf_conntrack/parameters/hashsize
SOAK_TRACE=/sys/kernel/tracing
SOAK_READER=$CTRI_DIR/../userspace/conntriage
SOAK_WORKERS="namespaces resizes files programs traces"
soak_pids=()

# Two namespaces with conntrack and entries in one of them, and away with them
soak_namespaces()
{
	local k

	for k in 1 2; do
		ip netns add "ctri$$-b$k" || return
	done
	nsenter --net="/run/netns/ctri$$-b1" sh -c 'ip link set lo up && nft "
		table inet t {
			chain c {
				type filter hook output priority 0;
				ct state invalid counter
			}
		}"' &&
		nsenter --net="/run/netns/ctri$$-b1" "$CTRI_TOOLS/ctpeer" ask -a 127.0.0.1 \
			-p 9 -n 5 -t 2 --wait 20 >/dev/null 2>&1
	sleep 0.5
	for k in 1 2; do
		ip netns del "ctri$$-b$k"
	done
}

# $n: of soak_worker
soak_resizes()
{
	local -a buckets

	read -r -a buckets <<<"$SOAK_BUCKETS"
	echo "${buckets[n % ${#buckets[@]}]}" >$SOAK_HASHSIZE || return
	sleep 0.7
}

# Every file of the module, also while it goes
soak_files()
{
	local f

	for f in "$CTRI_FS"/* /proc/net/conntriage; do
		# one of them waits for an incident
		[ ! -f "$f" ] || nsenter --net="/run/netns/ctri$$-r" timeout 5 cat "$f"
	done >/dev/null 2>&1
	sleep 1
}

# The reader; without the module it lists the table
soak_programs()
{
	local -a args=(-v sources --json census history netns)
	local status

	# a diagnosis takes a minute where all of this goes on under a debug kernel
	timeout 300 "$SOAK_READER" "${args[n % ${#args[@]}]}" >/dev/null 2>&1
	status=$?
	# from 4 on it has not told what it was asked for
	[ $status -le 3 ] || echo "${args[n % ${#args[@]}]}: $status" >>"$lib_tmp/programs.failed"
	sleep 1
}

soak_traces()
{
	echo 1 2>/dev/null >$SOAK_TRACE/events/conntriage/enable
	timeout 3 cat $SOAK_TRACE/trace_pipe >/dev/null
	echo 0 2>/dev/null >$SOAK_TRACE/events/conntriage/enable
	sleep 2
}

# soak_worker NAME - its rounds are counted in a file
soak_worker()
{
	local n=0

	renice -n 10 -p "$BASHPID" >/dev/null
	while [ ! -e "$lib_tmp/stop" ]; do
		if [ -e "$lib_tmp/rest" ]; then
			: >"$lib_tmp/rests.$1"
			sleep 0.2
			continue
		fi
		rm -f "$lib_tmp/rests.$1"
		"soak_$1" 2>>"$lib_tmp/worker.$1" && n=$((n + 1)) && echo $n >"$lib_tmp/done.$1"
	done
}

soak_begin()
{
	local name

	for name in $SOAK_WORKERS; do
		soak_worker "$name" &
		soak_pids+=($!)
		lib_pids+=($!)
	done
}

soak_resting()
{
	local name

	for name in $SOAK_WORKERS; do
		[ -e "$lib_tmp/rests.$name" ] || return
	done
}

soak_rest()
{
	rm -f "$lib_tmp"/rests.*
	: >"$lib_tmp/rest"
	wait_until 120 soak_resting
}

soak_go()
{
	rm -f "$lib_tmp/rest"
}

soak_end()
{
	local pid

	: >"$lib_tmp/stop"
	for pid in "${soak_pids[@]}"; do
		bg_wait "$pid"
	done
}

soak_done()
{
	cat "$lib_tmp/done.$1" 2>/dev/null || echo 0
}
