# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# ufw, with a service allowed.

PACKAGES="ufw"

configure()
{
	in_layer "${1##*/}" ufw allow 80/tcp && sed -i 's/^ENABLED=.*/ENABLED=yes/' "$1/etc/ufw/ufw.conf"
}

VERBS=("ufw reload" "systemctl restart ufw")

# Its unit is active after "ufw disable", too, and IPv6 comes last
ready()
{
	systemctl is-active ufw.service && iptables -C INPUT -j ufw-before-input
}

serves()
{
	t_answers "a service that it allows" client 80
	t_refused "one that it doesn't" client 81
}
