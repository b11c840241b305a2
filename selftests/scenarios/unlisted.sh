#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cause unlisted: a program holds the packets of 800 connections in a queue. Each
# counts, and none is in the table yet: no listing shows them.

# shellcheck source=scenario.sh
. "$(dirname "$0")/scenario.sh"

# shellcheck source=../lib/queue.sh
. "$CTRI_DIR/lib/queue.sh"

held_back()
{
	[ "$(on r sysctl -n net.netfilter.nf_conntrack_count)" -ge 800 ]
}

scenario 12 unlisted critical
modprobe nfnetlink_queue && modprobe nft_queue ||
	ktap_skip_all "no nft_queue in this kernel"
router nft
setting max 820
queue_rule r 'udp dport 443'
queue_open r 1000 120
gen c1 -n 800 -r 800 -p udp -s 203.0.113.1 --sources 40 -d "$S4" --sport 10000-60000 --dport 443
t_run "packets are held" wait_until 20 held_back
ordinary c2 10
t_found 30 nfqueue '^10\.0\.2\.2: '
t_sentence 'in no list'
t_only
t_spares 203.0.113.1 10.0.2.2
t_check
# What the advice asks for: the program goes on
kill "$queue_pid"
t_gone 30
scenario_end
