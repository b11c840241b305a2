#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause rules: somebody wanted INVALID packets gone before they cost anything, and
# drops "ct state invalid" at the priority of raw. There no packet has a state
# yet, so it drops all of them.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 15 rules critical
router nft
cat >>/etc/nftables.conf <<'END'
table inet early {
	chain pre {
		type filter hook prerouting priority raw;
		iifname "c*" ct state invalid counter drop
	}
}
END
on r nft -f /etc/nftables.conf
ordinary c2 8
t_found 20 '^inet early pre: '
t_sentence 'before conntrack has looked at them: there every packet counts as INVALID'
t_only
t_fix
t_gone 10
t_check
# By hand, as the comment says
t_says for_good '^grep '
sed -i '/ct state invalid counter drop/d' /etc/nftables.conf
t_reboot 5
scenario_end
