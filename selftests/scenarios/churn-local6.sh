#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause churn: this host is the proxy, and opens a connection to its backend for
# each request, over IPv6.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 churn critical
router nft
serve 7000 c1 ::
setting max 4096
ordinary c2 8
unit proxy r "$CTRI_TOOLS/ctpeer" ask -a "$S6" -p 7000 --tcp -r 150 --open 500 --wait 3000 \
	-n 60000 -t 600
t_found 90
t_only
t_spares 10.0.100.1 fd00:0:100::1 10.0.2.2 "$S4" "$S6"
t_fix
t_settled
t_gone 60
scenario_end
