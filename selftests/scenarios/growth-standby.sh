#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause growth, and a twin of the leaks: a standby firewall, into whose table conntrackd
# puts the active one's connections (DisableExternalCache). Here they say nothing, ever;
# deleted, they would be cut when it takes over. The server is the active one, of
# connections that don't leave it.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# keeps_in_step ROLE ADDRESS PEER INTERFACE - conntrackd, which tells PEER of its connections
keeps_in_step()
{
	cat >"$lib_tmp/conntrackd.$1" <<-END
	Sync {
		Mode FTFW { DisableExternalCache on }
		UDP {
			IPv4_address $2
			IPv4_Destination_Address $3
			Port 3780
			Interface $4
			Checksum on
		}
	}
	General {
		HashSize 8192
		HashLimit 65536
		LogFile $lib_tmp/conntrackd.$1.log
		LockFile $lib_tmp/conntrackd.$1.lock
		UNIX { Path $lib_tmp/conntrackd.$1.ctl }
		Filter From Kernelspace {
			Protocol Accept { TCP }
		}
	}
	END
	bg "$1" conntrackd -C "$lib_tmp/conntrackd.$1"
}

# it says nothing of connections that were there before
both_listen()
{
	grep -q 'initialization completed' "$lib_tmp/conntrackd.r.log" &&
		grep -q 'initialization completed' "$lib_tmp/conntrackd.s.log"
} 2>/dev/null

standby()
{
	on r conntrack -L -p tcp -s 203.0.113.1 --dport 7001 2>/dev/null | grep -c tcp
}

held_by_standby()
{
	[ "$(standby)" -ge 150 ]
}

scenario 14 growth critical
router nft
on r nft insert rule inet filter input udp dport 3780 accept
setting max 170
on s nft -f - <<-'END'
table ip standby {
	chain pre { type filter hook prerouting priority raw; iifname != lo notrack; }
	chain out { type filter hook output priority raw; oifname != lo notrack; }
	chain in { type filter hook input priority filter; ct state new counter; }
}
END
on s ip route add local 203.0.113.0/24 dev lo
keeps_in_step r 10.0.100.1 "$S4" s
keeps_in_step s "$S4" 10.0.100.1 eth0
on s sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=$((432000 - 92000))
serve 7001 c1
wait_until 20 both_listen || ktap_exit_fail_msg "conntrackd doesn't start: $(
	cat "$lib_tmp"/conntrackd.*.log)"
bg s "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7001 -n 150 -r 100 --open 50 -t 600 --tcp --hold \
	--wait 3000 --from 203.0.113.1
wait_until 20 held_by_standby || ktap_exit_fail_msg "conntrackd brings no entries: $(
	cat "$lib_tmp"/conntrackd.*.log)"
ordinary c2 5
t_found 40 . .
t_sentence 'real work'
t_only netns	# the active one's table has the same maximum
t_spares 203.0.113.1 10.0.2.2 "$S4"
t_eq "fix: deletes nothing" "$(found_lines now | grep -v '^#' | grep -E 'conntriage-delete|conntrack -D')" ""
t_fix
t_eq "fix: the active one's connections are still there" "$(standby)" 150
t_gone 30
t_check
scenario_end
