#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause natports: masquerading has two hundred ports, and all of those to one
# server are taken. The table is nearly empty.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

scenario 10 natports critical
router nft
on r nft -f - <<'END'
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat;
		ip saddr 10.0.1.0/24 oifname "s" tcp dport 7001 masquerade to :30000-30199
	}
}
END
ordinary c2 8
serve 7001 c1
asking c1 -a "$S4" -p 7001 --tcp --hold -n 2000 -r 60 --open 100 --talk 4000 --wait 4000
t_found 40 '10\.0\.100\.2.*7001|7001.*10\.0\.100\.2'
t_only
t_eq "fix: drops and deletes nothing" "$(found_lines now | grep -v '^#' | grep -E 'drop|conntrack -D')" ""
t_says now 'ip nat post: masquerade to :1024-65535'
# What the advice asks for: the rule is its owner's
on r nft -f - <<'END'
flush chain ip nat post
add rule ip nat post ip saddr 10.0.1.0/24 oifname "s" tcp dport 7001 masquerade to :1024-65535
END
t_gone 40
scenario_end
