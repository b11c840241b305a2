#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause chatter, and the twin of scan-net: one host asks a thousand others, time
# and again, and they all answer. It is the monitoring.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 chatter critical
router nft
setting max 1024
live_at s 10.77.0.0/22
peer_serve s 0.0.0.0 161 600
port_open udp 161
ordinary c2 8
asking c1 -a 10.77.0.1 -p 161 --dests 1000 -r 120 --open 50 --wait 3000
t_found 60 'udp/161|UDP port 161'
t_sentence '161'
t_only
t_spares 10.0.1.2 10.0.2.2 10.77.0.1
t_fix
t_predicted
t_gone 60
t_check
scenario_end
