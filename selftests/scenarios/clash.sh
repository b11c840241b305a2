#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Clients behind one address ask DNS from the same ports at once: NAT gives both
# the same, the second question's entry can't stand, and it is lost.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# shellcheck source=../lib/queue.sh
. "$CTRI_DIR/lib/queue.sh"

# 20 questions from each of two clients, held before confirmation
race_once()
{
	queue_open r 40 10
	gen c1 -n 20 -s 10.0.1.40 -d "$S4" --sport 10000-10019 --dport 53
	gen c2 -n 20 -s 10.0.2.40 -d "$S4" --sport 10000-10019 --dport 53
	queue_close
	on r conntrack -D -p udp --dport 53
}

# A round fails when a reboot takes its rules away, and the next begins
race()
{
	while :; do
		(race_once) >/dev/null 2>&1
	done
}

scenario 16 clash warning
modprobe nfnetlink_queue && modprobe nft_queue ||
	ktap_skip_all "no nft_queue in this kernel"
router nft
cat >>/etc/nftables.conf <<'END'
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat;
		ip saddr { 10.0.1.40, 10.0.2.40 } snat to 10.0.100.77
	}
}
table inet ctri_queue {
	chain post {
		type filter hook postrouting priority 300;
		udp dport 53 ct direction original queue flags bypass to 7
	}
}
END
on r nft -f /etc/nftables.conf
ordinary c2 8
race &
lib_pids+=("$!")
bad_roles+=(c1)
bad_pids+=("$!")
t_found 40 '^UDP port 53 \(DNS\): ' '^10\.0\.[12]\.40: '
t_sentence 'new connections a second are lost to clashes'
t_only
t_fix
# By hand, as the comment says
t_says for_good '^# ip nat post, handle [0-9]+: add fully-random'
sed -i 's/snat to 10.0.100.77/& fully-random/' /etc/nftables.conf
on r nft -f /etc/nftables.conf
t_gone 40
t_check
# ports at random clash at times, too: one of these in ten seconds is no finding
t_reboot 25 -T clash-rate=1
scenario_end
