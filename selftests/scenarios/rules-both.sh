#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause rules: the host's rules are nft's, and a container engine has put its own
# into iptables-legacy, where nobody looks.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 14 rules warning
router nft
ln -sfn /usr/sbin/iptables-legacy /etc/alternatives/iptables
ln -sfn /usr/sbin/ip6tables-legacy /etc/alternatives/ip6tables
on r iptables-legacy -A FORWARD -s 10.0.2.66 -j DROP
on r iptables-legacy -t mangle -A FORWARD -p tcp --syn -j TCPMSS --clamp-mss-to-pmtu
on r iptables-legacy-save >/etc/iptables/rules.v4
ordinary c2 8
t_found 20 '^iptables-legacy: '
t_sentence 'Two rule backends are in use at once, iptables-legacy and nft'
t_only
t_fix
t_check
# Until the engine is restarted, here by the boot, its rules stay where they are
t_reboot 5
t_eq "for good: no rule is lost" "$(on r iptables-nft-save | grep -c -e '-s 10.0.2.66/32 -j DROP' \
	-e 'TCPMSS --clamp-mss-to-pmtu')" 2
t_eq "for good: nft's are there, too" "$(on r nft list tables | grep -c 'inet filter')" 1
scenario_end
