#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Nothing is wrong, and the twin of the scans: the monitoring asks two hundred
# hosts, time and again. A tenth of them is switched off.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

asked()
{
	[ "$(on r conntrack -L -p tcp -s 10.0.1.2 2>/dev/null | grep -c UNREPLIED)" -ge 40 ]
}

scenario 7 healthy ok
small_router 1024
live_at s 10.77.0.0/24
on r ip route add 10.78.0.0/24 via "$S4" dev s
ordinary c2 5
asking c1 -a 10.77.0.1 --dests 200 -p 7000 --tcp -r 40 --open 20
asking c1 -a 10.78.0.1 --dests 20 -p 7000 --tcp -r 5 --open 20 --wait 2000
t_run "some don't answer" wait_until 30 asked
t_healthy 6
t_never scan dead flood
t_spares 10.0.1.2 "$S4"
scenario_end
