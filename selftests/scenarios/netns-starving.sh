#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container's table is full of real work, while the host's is empty: the
# maximum is the host's to set.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 17 netns critical
router nft 1
setting max 512
topo_up 3 x
on xr sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30
watched xr
for client in xc1 xc2 xc3; do
	hold $client 160
done
FLOWS=xc1
ordinary xc1 3
t_found 60 '^10\.0\.1\.2: ' '^10\.0\.1\.2: '
t_sentence 'of namespace ctri[0-9]+-xr \([0-9]+\) is full with real work, and it can.t raise'
t_only
t_spares 10.0.1.2 "$S4"
t_fix
t_eq "fix: the maximum in the container" "$(on xr sysctl -n net.netfilter.nf_conntrack_max)" 1024
t_gone 30
t_check
# A reboot of the host ends the container, too
on xr nft flush ruleset
t_reboot 5
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" 1024
scenario_end
