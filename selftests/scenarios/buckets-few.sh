#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause buckets: 512 buckets, as an old guide has it, for a maximum of
# 40,000. The chains are so long that the kernel refuses new connections,
# though the table is half empty.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 19 buckets critical
echo 'options nf_conntrack hashsize=512' >/etc/modprobe.d/nf_conntrack.conf
router nft
setting max 40000
ordinary c2 8
gen c1 -n 12000 -s 10.0.1.10 --sources 200 -d "$S4" --sport 10000-60000 --dport 443-542
flood c1 -r 150 -s 10.0.1.10 --sources 200 -d "$S4" --sport 10000-60000 --dport 443-542 --random
t_found 40 '^512 buckets ' '^10\.0\.'
t_sentence 'New connections are lost because the hash chains are too long'
t_says evidence '512 buckets hold [0-9.]+ slots each on average'
t_only
t_fix
t_eq "fix: the buckets" "$(on r sysctl -n net.netfilter.nf_conntrack_buckets)" 65536
t_gone 30
t_check
t_reboot 5
t_eq "for good: the buckets" "$(on r sysctl -n net.netfilter.nf_conntrack_buckets)" 65536
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" 40000
scenario_end
