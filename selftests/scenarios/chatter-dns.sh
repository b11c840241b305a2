#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A DNS server behind the router answers everybody, and every question leaves an
# entry for 30 seconds that nobody needs any more.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 20 chatter critical
router nft
setting max 3072
# c1 is a hundred clients; what they ask is answered
on c1 ip route add local 10.0.1.128/25 dev lo
on s nft insert rule inet ctri_edge pre udp dport 53 accept
on c2 nft insert rule inet ctri_edge pre udp sport 53 accept
peer_serve s "$S4" 53 600
# Unlike ordinary(), c2 doesn't slow down while it is refused, so that the load from which
# the judge predicts is the load that is there after the cure.
serve 7000 c2
asking c2 -a "$S4" -p 7000 -r 24 --open 20 --wait 300
asking c2 -a "$S4" -p 7000 -r 4 --tcp --open 20 --wait 500
flood c1 -r 150 -s 10.0.1.130 --sources 100 -d "$S4" --sport 10000-60000 --dport 53 --payload 30
t_found 60 '^UDP port 53: ' '^10\.0\.2\.2: '
t_sentence 'of its entries are answered questions to UDP port 53 \(DNS\)'
t_only
t_spares 10.0.2.2 "$S4"
t_fix
t_predicted
t_settled
t_gone 120
t_eq "fix: DNS still answers" "$(on c2 "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 53 -n 20 \
	-r 40 -t 30 --wait 3000 | sed 's/ seconds.*//')" "asked=20 answered=20"
t_check
t_reboot 15
scenario_end
