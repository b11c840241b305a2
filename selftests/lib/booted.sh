# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts that run in a booted Debian begin with, beside which this file and
# ktap.sh are copied:
#
#	. "$(dirname "$0")/booted.sh"
#
# TAP without a header and a plan, which are those of the script that booted it; and
# hosts to talk to.

set -u -o pipefail
export LC_ALL=C

here=$(dirname "$0")
# shellcheck source=ktap.sh
. "$here/ktap.sh"

# wait_until SECONDS COMMAND... - until it succeeds
wait_until()
{
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.3
	done
}

# t_wait NAME SECONDS COMMAND... - that, and how long it took; COMMAND leaves in
# /run/why what it has seen
t_wait()
{
	local name=$1 began=$SECONDS

	shift
	: >/run/why
	wait_until "$@"
	t_status "$name" $? /run/why
	ktap_print_msg "$name: $((SECONDS - began)) s"
}

# host_behind NAME NUMBER - a namespace with one address, 10.0.NUMBER.2, and this host
# for its router, 10.0.NUMBER.1; 99 at most
host_behind()
{
	local this=02:00:00:00:$2:01 that=02:00:00:00:$2:02

	ip netns add "$1" &&
	ip link add name "$1" address "$this" type veth peer name eth0 address "$that" netns "$1" &&
	ip addr add "10.0.$2.1/24" dev "$1" && ip link set "$1" up &&
	ip -n "$1" link set lo up && ip -n "$1" addr add "10.0.$2.2/24" dev eth0 &&
	ip -n "$1" link set eth0 up && ip -n "$1" route add default via "10.0.$2.1"
}
