#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Somebody raised the maximum by hand when the table was full, and the file still
# has the old number: after the next reboot the trouble is back.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 persist warning
router nft
setting max 1024
on r sysctl -qw net.netfilter.nf_conntrack_max=4096
ordinary c2 8
gen c1 -n 1200 -r 600 -s 10.0.1.10 --sources 200 -d "$S4" --sport 10000-60000 --dport 600
t_found 40
t_sentence '^nf_conntrack_max is 4,096 now, and will be 1,024 after the next reboot'
t_only
t_reboot 5
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" 4096
t_check
scenario_end
