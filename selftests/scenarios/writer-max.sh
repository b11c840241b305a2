#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause writer: whatever maximum is set, it falls back. kube-proxy sets it, by its
# own flags (kops 2223, kubeasz 1048).

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 12 writer critical
router nft
setting max 4096
writes kube-proxy nf_conntrack_max 512 --conntrack-max-per-core=256 --conntrack-min=512
hold c1 340
hold c2 100
writer_on
ordinary c2 12
t_found 40 'kube-proxy'
t_sentence 'nf_conntrack_max'
t_only
t_says for_good 'conntrack-m(ax-per-core|in)'
# Somebody does so, and the maximum stays
writer_off
t_fix
t_num "fix: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" -gt 512
t_gone 30
scenario_end
