#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause oneway: only the server's packets come by here. The host picks its answers
# up in the middle, and the server looks like one that opens connections to
# everywhere.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 oneway critical
router nft
# As on a router that has no reason to drop what it didn't see from the beginning
sed -i '/ct state invalid drop/d' /etc/nftables.conf
on r nft -f /etc/nftables.conf
live_at c1 203.0.113.0/24
shortcut c1 c1
setting max 512
ordinary c2 5
serve 7000 c1
asking c1 -a "$S4" -p 7000 --tcp --hold -n 900 -r 80 --open 50 --talk 3000 --wait 3000 \
	--from 203.0.113.1 --froms 30
asking c1 -a "$S4" -p 7000 --tcp -r 20 --open 20
t_found 60
t_sentence 'one direction'
t_only clash	# the server sends again at once, and two CPUs pick it up
t_spares 10.0.2.2
t_eq "fix: drops nothing" "$(found_lines now | grep -v '^#' | grep -iE 'drop|reject')" ""
t_fix
t_predicted
t_gone 60
t_flows "fixed: what takes that path flows" c1
scenario_end
