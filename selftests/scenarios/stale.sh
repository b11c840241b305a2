#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause stale: twenty phones send from one port each, every few seconds, to a server that
# has moved. The rule tells its new place, but their entries were made before and never
# end. Once they are deleted the same packets reach it: its twin, which is answered.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# moved PORT - where the server is now
moved()
{
	on r nft -f - <<-END
	table ip phones {
		chain pre {
			type nat hook prerouting priority dstnat;
		}
	}
	flush chain ip phones pre
	add rule ip phones pre ip daddr 10.0.1.1 udp dport 5060 dnat to $S4:$1
	END
}

answered()
{
	[ "$(on r conntrack -L -p udp --orig-port-dst 5060 2>/dev/null | grep -vc UNREPLIED)" -ge 20 ]
}

scenario 13 stale warning
router nft
setting udp_timeout 10
moved 9
serve 7000 c1
# Before the phones, so that it is clear whose the few new connections are, once those
# of the phones are older than the time that counts
on c2 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 --tcp -n 60 -r 60 -t 20 >/dev/null
asking c2 -a "$S4" -p 7000 --tcp -r 2 --wait 500
flood c1 -r 8 -p udp -s 10.0.1.2 -d 10.0.1.1 --sport 5060-5079 --dport 5060
sleep 5
moved 7000
t_found 60 'one source goes on sending'
t_sentence '20 UDP entries for 10\.0\.1\.1:5060 without an answer never end'
t_only
t_eq "fix: deletes, and drops nothing" "$(found_lines now | grep -cv '^#') $(found_lines now |
	grep -c conntriage-delete)" "1 1"
t_fix
t_run "fixed: the phones reach it" wait_until 10 answered
t_gone 60
scenario_end
