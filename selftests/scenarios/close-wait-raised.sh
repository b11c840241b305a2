#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause timeout: connections that wait to be closed keep their entries for two
# hours. The setting is kube-proxy's: what sysctl changes, it changes back
# (kubernetes 97377).

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 13 timeout critical
small_router 256
writes kube-proxy nf_conntrack_tcp_timeout_close_wait 7200 --conntrack-tcp-timeout-close-wait=2h
on r sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=600
hold c1 205
# The server's kernel acknowledges the ends, its program doesn't see them
leaks=$SERVER
kill -STOP "$leaks"
trap 'kill -CONT "$leaks"; lib_cleanup' EXIT
bg_end "$HOLDER"
wait_until 20 held_is c1 205 CLOSE_WAIT || ktap_exit_fail_msg "nothing waits to be closed"
writer_on
ordinary c2 8
t_found 40 'close_wait' '^10\.0\.2\.2: '
t_only
t_says for_good 'kube-proxy.*--conntrack-tcp-timeout-close-wait'
t_spares 10.0.1.2 10.0.2.2
# What the advice asks for: its flag
writer_off
t_fix
t_eq "fix: they are gone" "$(held c1 CLOSE_WAIT)" 0
t_predicted
t_gone 30
scenario_end
