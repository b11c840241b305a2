#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause stuck: established connections that have been silent for more than a day,
# all of one client that went away without a word.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 16 stuck critical
small_router 256
hold_silent c1 205 92000
hold c2 20
ordinary c2 8
t_found 40 '^10\.0\.1\.2 holds 205 entries' '^10\.0\.2\.2: '
t_sentence 'and 205 of its entries belong to TCP connections that have been dead silent'
t_only
t_fix
t_eq "fix: the dead ones are gone, the others are not" "$(held c1) $(held c2)" "0 20"
t_gone 30
t_check
t_reboot 5
t_eq "for good: the timeout" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_timeout_established)" 7440
scenario_end
