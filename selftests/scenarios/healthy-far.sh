#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong, and the twin of flood-half-open: clients are far away, and
# each handshake takes them a second and a half.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

half_open()
{
	[ "$(on r conntrack -L -p tcp --state SYN_RECV 2>/dev/null | grep -c tcp)" -ge 35 ]
}

scenario 6 healthy ok
modprobe sch_netem || ktap_skip_all "no sch_netem in this kernel"
small_router 1024
ordinary c2 5
on c1 tc qdisc add dev eth0 root netem delay 1500ms limit 10000 ||
	ktap_exit_fail_msg "c1 can't be far away"
asking c1 -a "$S4" -p 7000 --tcp -r 40 --open 400 --wait 12000
t_run "handshakes take long" wait_until 30 half_open
t_healthy 6
t_spares 10.0.1.2 "$S4"
scenario_end
