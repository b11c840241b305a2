#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause unanswered, and the twin of the scans: the monitoring asks two hundred hosts,
# each every eight seconds, and all but a few of them are down. It is named, and asked
# about, but no rule meets it.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 unanswered warning
small_router 1024
live_at s 10.77.0.0/24
on r ip route add 10.78.0.0/24 via "$S4" dev s
ordinary c2 8
asking c1 -a 10.77.0.1 --dests 10 -p 7000 --tcp -r 1 --open 20
asking c1 -a 10.78.0.1 --dests 240 -p 7000 --tcp -r 30 --open 100 --wait 2000
t_found 90 '^10\.0\.1\.2: '
t_sentence 'of 10\.0\.1\.2, which asks the same ones again and again'
t_only
t_never flood scan spoofed dead
t_spares 10.0.1.2 10.0.2.2 "$S4" 10.77.0.1
t_fix
t_predicted
t_gone 40
t_check
scenario_end
