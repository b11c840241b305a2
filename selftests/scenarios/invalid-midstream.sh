#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause invalid, and the twin of forgotten: with tcp_loose=0, packets from the middle of
# connections that there never were. They come from one end alone, and get no entry.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 10 invalid warning
router nft
internet_at c1
setting tcp_loose 0
ordinary c2 10
flood c1 -r 500 -p tcp --flags A -s 198.18.0.1 --sources 400000 -d "$S4" \
	--sport 10000-60000 --dport 443
t_found 40
t_only
t_never forgotten spoofed
t_spares 10.0.2.2 "$S4"
t_eq "fix: no rule is needed" "$(found_lines now | grep -v '^#')" ""
t_flows "ordinary traffic flows" c2
scenario_end
