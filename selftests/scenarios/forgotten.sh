#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause forgotten: the table was flushed while two hundred connections were open,
# and with tcp_loose=0 the host takes none of them up again. Nobody made these
# packets up.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# Its connections are picked up at their next packet
all_back()
{
	[ "$(on r conntrack -L -p tcp --dport 7001 2>/dev/null | grep -c ASSURED)" -ge 180 ]
}

scenario 12 forgotten critical
router nft
setting tcp_loose 0
live_at c1 203.0.113.0/24
ordinary c2 10
hold c1 200 --talk 1500 --from 203.0.113.1 --froms 40
on r conntrack -F 2>/dev/null
t_found 30
t_sentence 'tcp_loose'
t_only
t_spares 203.0.113.1 203.0.113.0/24 10.0.2.2 "$S4"
t_fix
t_run "fixed: the connections go on" wait_until 60 all_back
t_gone 30
scenario_end
