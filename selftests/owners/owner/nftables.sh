# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# nftables.service, with a ruleset of this host's own: each of its verbs flushes
# everything, ours as well.

PACKAGES=""

configure()
{
	cat >"$1/etc/nftables.conf" <<-'END'
	#!/usr/sbin/nft -f
	flush ruleset
	table inet filter {
		set web {
			type inet_service
			elements = { 80, 443 }
		}
		chain input {
			type filter hook input priority filter; policy drop;
			iif "lo" accept
			ct state established,related counter accept
			tcp dport @web ct state new counter accept
		}
	}
	END
	in_layer "${1##*/}" systemctl enable nftables.service
}

VERBS=("systemctl reload nftables" "systemctl restart nftables"
	"systemctl stop nftables && systemctl start nftables")

ready()
{
	nft list set inet filter web
}

serves()
{
	t_answers "a service that it allows" client 80
	t_refused "one that it doesn't" client 81
}

# state - of our unit, and the tables that it has loaded
state()
{
	echo "$(systemctl show -P ActiveState conntriage-rules.service)" "$(our_tables keep-)"
}

# Our own unit, after the next boot
also()
{
	local keep

	keep=$(our_tables keep-)
	now="our unit"

	t_eq "$now: a boot has loaded it" "$(state)" "active $keep"
	systemctl reload conntriage-rules.service
	t_eq "$now: reloaded" "$(state)" "active $keep"

	echo "table inet {" >/etc/conntriage/0-broken.nft
	t_run "$now: a broken file: a reload fails" sh -c "! systemctl reload conntriage-rules.service"
	t_has "$now: it is named" "$(journalctl -b -u conntriage-rules.service)" '/etc/conntriage/0-broken\.nft was not loaded: '
	t_eq "$now: what is loaded stays" "$(state)" "active $keep"
	t_run "$now: so does a new start" sh -c "! systemctl restart conntriage-rules.service"
	t_eq "$now: the other files are loaded" "$(state)" "failed $keep"
	systemctl reload nftables.service
	t_eq "$now: and are so again behind nftables.service" "$(state)" "failed $keep"
	rm /etc/conntriage/0-broken.nft
	t_run "$now: without it, it starts" systemctl restart conntriage-rules.service

	nft 'add table inet conntriage-other; add table ip conntriage-keep-other'
	systemctl stop conntriage-rules.service
	t_eq "$now: stopped, its tables are gone" "$(state)" "inactive "
	t_eq "$now: no other is" "$(nft list tables | grep other)" \
		"$(printf 'table inet conntriage-other\ntable ip conntriage-keep-other')"
	nft 'delete table inet conntriage-other; delete table ip conntriage-keep-other'
	systemctl reload nftables.service
	t_eq "$now: stopped, nftables.service brings nothing back" "$(state)" "inactive "
	t_run "$now: started again" systemctl start conntriage-rules.service
	t_eq "$now: its tables are there" "$(state)" "active $keep"
}
