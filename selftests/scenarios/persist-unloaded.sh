#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The maximum stands in sysctl.d, as every guide says, but nf_conntrack isn't
# loaded yet when that is read at boot: the key fails, and nobody is told.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 persist warning
router nft
rm /etc/modules-load.d/nf_conntrack.conf
setting max 4096
ordinary c2 8
t_found 10
t_sentence '^nf_conntrack_max is 4,096 now, and will be 65,536 after the next reboot'
t_says evidence '^/etc/sysctl\.d/10-host\.conf sets nf_conntrack_max to 4096, but '
host_reboot
t_eq "without the fix the maximum is lost" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_max)" 65536
t_only
t_reboot 5
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" 4096
t_check
scenario_end
