# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# firewalld, with its nft backend and a service allowed.

PACKAGES="firewalld"

configure()
{
	in_layer "${1##*/}" firewall-offline-cmd --add-service=http
}

VERBS=("firewall-cmd --reload" "systemctl restart firewalld")

# It is active seconds before its rules are there
ready()
{
	nft list chain inet firewalld filter_IN_public_allow | grep "dport 80" && firewall-cmd --state
}

serves()
{
	t_answers "a service that it allows" client 80
	t_refused "one that it doesn't" client 81
}
