#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause churn, and the twin of churn-proxy: a proxy is restarted. All of its long
# connections end within a second and are opened again, and the table hasn't room for both.
# None of them is short, and no more of them come: two minutes later it is over.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# Whoever is refused goes on to ask, as clients of a service do
holds()
{
	asking c1 -a "$S4" -p 7001 --tcp --hold -n 600 -r 300 --open 600 --talk 4000 --wait 60000
}

# established N - of the proxy
established()
{
	[ "$(on r conntrack -L -p tcp --orig-port-dst 7001 --state ESTABLISHED 2>/dev/null |
		wc -l)" -ge "$1" ]
}

scenario 14 churn critical
router nft
setting max 1024
ordinary c2 4
serve 7001 c1
holds
t_run "the proxy has its connections" wait_until 30 established 600
# So long that their opening is no longer what is usual here
sleep 40
bg_end "$BG_PID"
holds
sleep 2		# ages are told from one second on
t_found 30
t_sentence 'with connections that ended all at once'
t_says evidence 'a restart or a failover'
t_only
t_spares 10.0.1.2 10.0.2.2 "$S4"
t_fix
t_eq "fix: no timeout is shortened for what is over" \
	"$(found_lines now | grep -v '^#' | grep -c timeout)" 0
# How many entries follow hangs on which clients have just asked: the reader's made-up
# hosts try that
t_gone 60
scenario_end
