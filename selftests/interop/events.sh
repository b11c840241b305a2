#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: those who live on conntrack's events, conntrack -E and conntrackd,
# get all of them beside the module, of evictions too.

# shellcheck source=../lib/interop.sh
. "$(dirname "$0")/../lib/interop.sh"

N=200

# events WHAT [PATTERN] - lines of conntrack -E
events()
{
	grep -c "\[$1\].*${2:-}" "$events_out"
}

events_are()
{
	[ "$(events "$1" "${3:-}")" = "$2" ]
}

# heard - a first event, so that it is known to listen
heard()
{
	gen c1 -n 1 -s 10.0.1.99 -d "$S4" --sport $((++canary))
	[ "$(events NEW)" -ge 1 ]
}

cached()
{
	[ "$(on r conntrackd -C "$lib_tmp/conf" -s |
		sed -n 's/^current active connections:[[:space:]]*//p')" = "$(kstat r entries)" ]
}

evictions()
{
	nsv r evictions,gc_evictions | awk '{ print $1 + $2 }'
}

all_destroyed()
{
	[ "$(events DESTROY)" = "$(evictions)" ]
}

ktap_print_header
need_module conntrack
topo_up 2
ktap_set_plan 9
# or entries that were there before anybody listened end without an event
on r sh -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_events'
on r conntrack -F >/dev/null 2>&1
watch
bg r stdbuf -oL conntrack -E -b 8388608 -e NEW,DESTROY
events_out=$BG_OUT
canary=1
wait_until 20 heard || ktap_exit_fail_msg "conntrack -E says nothing: $(tail -n 1 "$events_out")"

daemon=
if command -v conntrackd >/dev/null; then
	cat >"$lib_tmp/conf" <<-END
	General {
		HashSize 8192
		HashLimit 65536
		LogFile off
		Syslog off
		LockFile $lib_tmp/lock
		UNIX {
			Path $lib_tmp/socket
		}
		NetlinkBufferSize 8388608
		NetlinkBufferSizeMaxGrowth 16777216
	}
	Stats {
		LogFile off
	}
	END
	bg r conntrackd -C "$lib_tmp/conf"
	daemon_out=$BG_OUT
	daemon=1
	wait_until 20 cached || ktap_print_msg "conntrackd: $(tail -n 2 "$daemon_out" | xargs)"
fi

gen c1 -n $N -r 200 -s 10.0.1.11 -d "$S4" --sport 10000-10199
wait_until 60 events_are NEW $N src=10.0.1.11
t_eq "conntrack -E: every new connection" "$(events NEW src=10.0.1.11)" $N
t_flows "and the module" 10.0.1.11 $N
if [ "$daemon" ]; then
	t_run "conntrackd: as many entries as the kernel has" wait_until 10 cached
else
	ktap_test_skip "conntrackd: as many entries as the kernel has" "not installed"
fi

# Full: evictions are deletions too
gen c1 -n 800 -r 100 -s 10.0.1.12 -d "$S4" --sport 10000-10799
wait_until 60 all_destroyed
t_num "entries were evicted" "$(evictions)" -ge 10
t_eq "conntrack -E: every eviction" "$(events DESTROY)" "$(evictions)"
t_eq "early_drop's are all attributed" "$(nsv r evictions_unattr)" 0
t_done
ktap_finished
