#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: packets that wait in an nfqueue pass when the module is loaded meanwhile,
# and while it is. Its unloading drops them in the namespaces that have its hooks,
# where conntrack is or was on, and in no other.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/queue.sh
. "$CTRI_DIR/lib/queue.sh"

HELD=40

# The second router, its client and server: without conntrack
declare -A client=([r]=c1 [xr]=xc1) server=([r]=s [xr]=xs) queue

waiting_is()
{
	on "$1" awk -v n="$2" '$1 == 7 && $3 == n { found = 1 } END { exit !found }' \
		/proc/net/netfilter/nfnetlink_queue
}

# hold ROLE PORT - its queue holds that many, from that port on, and waits for one more
hold()
{
	before=$(nft_packets "${server[$1]}" ctri_edge seen)
	queue_open "$1" $((HELD + 1)) 120
	queue[$1]=$queue_pid
	gen "${client[$1]}" -n $HELD -d "$S4" -s 10.0.1.11 --sport "$2-$(($2 + HELD - 1))" --dport 443
	t_run "$1: packets wait" wait_until 20 waiting_is "$1" $HELD
}

# let_go ROLE - one more packet comes, which makes ctqueue let them go
let_go()
{
	gen "${client[$1]}" -n 1 -d "$S4" -s 10.0.1.12 --sport 9999 --dport 443
	queue_pid=${queue[$1]}
	bg_wait "$queue_pid"
}

arrived_is()
{
	[ $(($(nft_packets "${server[$1]}" ctri_edge seen) - before)) -eq "$2" ]
}

no_listener()
{
	! kill -0 "${queue[r]}" 2>/dev/null
}

# t_arrive NAME ROLE COUNT - at the server, since hold
t_arrive()
{
	t_run "$1" wait_until 10 arrived_is "$2" "$3"
}

ktap_print_header
need_module
modprobe nfnetlink_queue && modprobe nft_queue ||
	ktap_skip_all "no nft_queue in this kernel"
ktap_set_plan 14
topo_up 1
topo_up 1 x noct
for role in r xr; do
	queue_rule $role 'udp dport 443'
done

hold r 10000
module_load
let_go r
t_arrive "loaded meanwhile: they pass, each once" r $((HELD + 1))

hold r 11000
let_go r
t_arrive "while it is loaded: they pass" r $((HELD + 1))

# Where hooks are needed for confirmation, every namespace has them
hooked=$(status hooked_namespaces)
if [ "$(status namespaces)" = "$hooked" ]; then
	lost=$HELD
	ktap_test_skip "hooks only where conntrack is on" "this kernel needs them everywhere"
else
	lost=0
	t_eq "hooks only where conntrack is on" "$hooked" 1
fi
hold xr 12000
at_xr=$before
hold r 12000
module_unload
t_run "unloaded: those of the namespace with hooks are gone" wait_until 10 waiting_is r 0
t_arrive "none of them arrives" r 0
kill "${queue[r]}"
wait_until 10 no_listener || ktap_exit_fail_msg "ctqueue stays"
gen c1 -n 10 -d "$S4" -s 10.0.1.13 --sport 13000-13009 --dport 443
t_arrive "and the next ones pass" r 10
before=$at_xr
let_go xr
t_arrive "those of a namespace without hooks pass" xr $((HELD + 1 - lost))

# A removed hook leaves nothing behind that a new load would trip over
module_load
hold r 14000
let_go r
t_arrive "loaded once more: they pass" r $((HELD + 1))
t_clean "kernel log"
ktap_finished
