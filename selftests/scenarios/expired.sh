#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause expired: the table is full of entries whose time is over, for the kernel's
# worker comes by once a minute, and new connections look at eight of 65,536
# buckets.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 expired critical
router nft
setting max 1024
setting udp_timeout 2
gen c1 -n 1100 -r 2000 -p udp -s 203.0.113.1 --sources 50 -d "$S4" --sport 10000-60000 --dport 443
ordinary c2 10
sleep 2
t_found 20 '' '^10\.0\.2\.2: '
t_sentence 'are over already'
t_only
t_spares 203.0.113.1 10.0.2.2
t_fix
t_predicted
t_settled
t_gone 30
scenario_end
