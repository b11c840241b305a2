#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# upgrade.sh OLD NEW - an upgrade, the change to the new module, and a purge,
# while clients talk to a server here. /opt/debs has the packages.

. "$(dirname "$0")/guest.sh"

# inserts - those of the server's namespace
inserts()
{
	awk -v i="$(stat -Lc %i /run/netns/s)" 'NR > 1 && $1 == i { print $6 }' $FS/netns
}

growing()
{
	local from tries=50

	from=$(inserts)
	until [ "$(inserts)" -gt "$((from + 2))" ]; do
		[ $((tries--)) -gt 0 ] || return 1
		sleep 0.2
	done
}

up "$1"

ip netns add c
ip netns add s
ip link add v netns c type veth peer name v netns s
ip -n c addr add 10.9.0.1/24 dev v
ip -n s addr add 10.9.0.2/24 dev v
ip -n c link set v up
ip -n s link set v up
ip netns exec s nft 'add table t; add chain t c { type filter hook input priority 0; }; add rule t c ct state new counter'
ip netns exec s /opt/test/ctpeer serve -a 10.9.0.2 -p 7000 -t 3000 >/tmp/serve &
until grep -q ready /tmp/serve; do sleep 0.2; done
ip netns exec c /opt/test/ctpeer ask -a 10.9.0.2 -p 7000 -n 60000 -r 10 -t 3000 --wait 5000 >/tmp/ask &
asking=$!
t "connections are counted" growing

t "upgrade" dpkg -i /opt/debs/*.deb
t_eq "installed by DKMS" "$(dkms status conntriage)" \
	"conntriage/$2, $(uname -r), x86_64: installed"
t_eq "the old one goes on" "$(status version)" "$1"
t "and counts" growing
t "the new reader understands it" sh -c 'conntriage; [ $? -lt 3 ]'
t "rmmod, modprobe" sh -c 'rmmod conntriage && modprobe conntriage'
t_eq "the new one" "$(status version)" "$2"
t "and counts" growing

t "purge" dpkg --purge conntriage-dkms conntriage
t_eq "the module has gone" "$(grep -c '^conntriage ' /proc/modules)" 0
t_eq "from the disk as well" "$(find /lib/modules /var/lib/dkms /usr/src -name 'conntriage*')" ""

kill $asking
wait $asking
# asked=N answered=M seconds=S
t_eq "all the while every connection was answered" \
	"$(sed 's/asked=\([0-9]*\) answered=\([0-9]*\).*/\1/' /tmp/ask)" \
	"$(sed 's/asked=\([0-9]*\) answered=\([0-9]*\).*/\2/' /tmp/ask)"
cat /tmp/ask
echo "done"
