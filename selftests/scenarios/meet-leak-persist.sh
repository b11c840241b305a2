#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two meet: silent connections fill the table, and its maximum was raised by hand.
# The first is what hurts; what the reboot would take comes behind.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 17 leak critical
small_router 128
on r sysctl -qw net.netfilter.nf_conntrack_max=256
hold_silent c1 220 92000
ordinary c2 8
t_found 40 '^10\.0\.1\.2' '^10\.0\.2\.2: '
t_also persist
t_only persist
t_fix
t_eq "fix: the silent ones are gone" "$(held c1)" 0
t_gone 30
t_check
t_eq "the other is still there" "$(said '.findings[0].cause')" persist
expect_cause=persist
cp "$JSON" "$lib_tmp/found.json"
t_reboot 5
t_eq "for good: the maximum" "$(on r sysctl -n net.netfilter.nf_conntrack_max)" 256
scenario_end
