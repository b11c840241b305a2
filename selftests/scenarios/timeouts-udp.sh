#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause 2: somebody raised the timeout of UDP, in a file that is read last. One
# packet without an answer keeps its entry for an hour.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 timeout critical
router nft
setting max 1024
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600
gen c1 -n 950 -r 800 -s 10.0.1.10 --sources 50 -d "$S4" --sport 10000-60000 --dport 514
echo 'net.netfilter.nf_conntrack_udp_timeout = 3600' >/etc/sysctl.d/99-tuning.conf
on r sysctl -qp /etc/sysctl.d/99-tuning.conf
host_rewatch
ordinary c2 8
t_found 40 '^nf_conntrack_udp_timeout is 3600 ' '^10\.0\.2\.2: '
t_sentence 'entries \([0-9]+ %\) wait out a timeout that was raised to 1 hour'
t_says for_good '^sed -i .* /etc/sysctl\.d/99-tuning\.conf'
t_only
t_fix
t_gone 120
t_check
t_reboot 5
t_eq "for good: the timeout" "$(on r sysctl -n net.netfilter.nf_conntrack_udp_timeout)" 30
scenario_end
