#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause timeout: a program is told that its clients have closed, and never closes its
# side; somebody has raised the timeout for that.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 17 timeout warning
small_router 300
on r sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close_wait=600
hold c1 220
# The server's kernel acknowledges the ends, its program doesn't see them
leaks=$SERVER
kill -STOP "$leaks"
trap 'kill -CONT "$leaks"; lib_cleanup' EXIT
bg_end "$HOLDER"
wait_until 20 held_is c1 220 CLOSE_WAIT || ktap_exit_fail_msg "nothing waits to be closed"
setting tcp_timeout_close_wait 7200
ordinary c2 5
t_found 40 '^nf_conntrack_tcp_timeout_close_wait is 7200 seconds'
t_sentence 'entries \([0-9]+ %\) wait out a timeout that was raised to 2 hours'
t_says evidence '^2[0-9]+ entries .* in state tcp CLOSE_WAIT'
t_only
t_fix
t_eq "fix: they are gone" "$(held c1 CLOSE_WAIT)" 0
t_gone 30
t_check
t_reboot 5
t_eq "for good: the timeout" \
	"$(on r sysctl -n net.netfilter.nf_conntrack_tcp_timeout_close_wait)" 60
scenario_end
