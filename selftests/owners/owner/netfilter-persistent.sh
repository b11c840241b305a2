# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# netfilter-persistent, with rules that were saved once.

PACKAGES="netfilter-persistent iptables-persistent"

configure()
{
	# (what its installation has saved are the rules of whoever installed it)
	cat >"$1/etc/iptables/rules.v4" <<-'END'
	*filter
	:INPUT DROP [0:0]
	:FORWARD DROP [0:0]
	:OUTPUT ACCEPT [0:0]
	-A INPUT -i lo -j ACCEPT
	-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
	COMMIT
	END
	sed '/RELATED/a -A INPUT -p ipv6-icmp -j ACCEPT' "$1/etc/iptables/rules.v4" >"$1/etc/iptables/rules.v6"
}

VERBS=("netfilter-persistent reload" "systemctl restart netfilter-persistent")

ready()
{
	systemctl is-active netfilter-persistent.service && iptables -C INPUT -p tcp -m tcp --dport 80 -j ACCEPT
}

serves()
{
	t_answers "a service that it allows" client 80
	t_refused "one that it doesn't" client 81
}
