#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause memory: somebody wrote a maximum that this machine has no memory for. There
# is plenty of room until the memory is gone.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 memory warning
router nft
setting max 8000000
ordinary c2 5
t_found 20 '^nf_conntrack_max is 8,000,000'
t_sentence 'a full table would take [0-9.]+ GiB of this machine.s 1\.[0-9]+ GiB of memory'
t_only
t_fix
t_num "fix: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" -lt 2000000
t_gone 10
t_check
was=$(on r sysctl -n net.netfilter.nf_conntrack_max)
t_reboot 5
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" "$was"
scenario_end
