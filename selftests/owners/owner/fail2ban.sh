# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# fail2ban, with somebody banned. It has no rule that needs conntrack: that is one
# of this host's.

PACKAGES="fail2ban python3-systemd"
FURNISHED=/var/lib/fail2ban

configure()
{
	: >"$1/var/log/auth.log"
	printf '[sshd]\nport = 0:65535\nbantime = 1d\n' >"$1/etc/fail2ban/jail.local"
	cat >"$1/etc/systemd/system/own-rule.service" <<-'END'
	[Unit]
	Before=fail2ban.service
	[Service]
	Type=oneshot
	ExecStart=/usr/sbin/iptables -A INPUT -m conntrack --ctstate INVALID -j DROP
	[Install]
	WantedBy=multi-user.target
	END
	in_layer "${1##*/}" systemctl enable own-rule.service
}

furnish()
{
	wait_until 60 fail2ban-client ping && fail2ban-client set sshd banip 10.0.2.2 && systemctl stop fail2ban
}

VERBS=("systemctl reload fail2ban" "systemctl restart fail2ban")

ready()
{
	iptables -S f2b-sshd | grep 10.0.2.2
}

serves()
{
	t_answers "who isn't banned" client 80
	t_refused "who is" banned 80
}
