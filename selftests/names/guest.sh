#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2015,SC2154 # A && B || C is meant; ktap.sh sets them
# guest.sh - in the guest: one container of each runtime that connects to this host, a
# service that does, and a client of a DHCP server; then who they are.

# shellcheck source=../lib/booted.sh
. "$(dirname "$0")/booted.sh"

# calls ADDRESS - a shell's words for a program that connects there, again and again
calls()
{
	echo "while :; do /bin/busybox wget -q -O /dev/null http://$1:81/; /bin/busybox sleep 1; done"
}

with_docker()
{
	wait_until 120 docker info && docker import "$here/image.tar" shop/web:1 &&
	docker run -d --name shop-web --security-opt apparmor=unconfined -e PASSWORD=hunter2 \
		shop/web:1 /bin/busybox sh -c "$(calls 172.17.0.1)"
}

with_podman()
{
	podman import -q "$here/image.tar" localhost/shop/api:7 &&
	podman run -d --name shop-api -e PASSWORD=hunter2 localhost/shop/api:7 \
		/bin/busybox sh -c "$(calls 10.88.0.1)"
}

# A name that systemd escapes in the unit's
with_nspawn()
{
	local tree=/var/lib/machines/shop-box

	mkdir -p $tree/{proc,sys,dev,run,tmp,usr} && tar xf "$here/image.tar" -C $tree &&
	systemd-run --unit=box systemd-nspawn --quiet -D $tree -M shop-box --network-veth --as-pid2 \
		/bin/busybox sh -c "/bin/busybox ip addr add 10.5.0.2/24 dev host0
			/bin/busybox ip link set host0 up; $(calls 10.5.0.1)" &&
	wait_until 60 ip link show ve-shop-box &&
	ip addr add 10.5.0.1/24 dev ve-shop-box && ip link set ve-shop-box up
}

# The client's address goes as soon as it has called: nobody on this host has it then,
# as if the client were beyond the cable.
with_dhcp()
{
	ip netns add client &&
	ip link add name lan0 type veth peer name eth0 address 02:00:00:00:00:99 netns client &&
	ip addr add 10.6.0.1/24 dev lan0 && ip link set lan0 up && ip -n client link set eth0 up &&
	ip -n client link set lo up &&
	systemd-run --unit=lan dnsmasq -k -p 0 -i lan0 --bind-interfaces -F 10.6.0.50,10.6.0.50,1h \
		--dhcp-leasefile=/var/lib/misc/dnsmasq.leases --conf-file=/dev/null -u root &&
	printf '#!/bin/sh\n[ "$1" != bound ] || ip addr add $ip/24 dev eth0\n' >/run/bound &&
	chmod +x /run/bound &&
	ip netns exec client busybox udhcpc -i eth0 -n -q -t 10 -x hostname:laptop-anna -s /run/bound &&
	for _ in 1 2 3; do
		ip netns exec client busybox wget -q -O /dev/null http://10.6.0.1:81/
	done
	ip -n client addr flush dev eth0
}

# t_who WHAT WORDS - who is there says so
t_who()
{
	grep -qxF -- "$1 = $2" /run/who
	t_status "$1 is $2" $? /run/who
}

all_there()
{
	"$here/who" >/run/who
	grep -q "^$docker_address = ." /run/who && grep -q "^$podman_address = ." /run/who &&
		grep -q '^10.5.0.2 = .' /run/who && grep -q '^program .*caller' /run/who
}

t_run "the module" sh -c "modprobe nf_conntrack && insmod $here/conntriage.ko"
nft 'table inet t { chain c { type filter hook input priority 0; ct state new counter; }; }'
mkdir -p /run/www && echo x >/run/www/index.html && busybox httpd -p 81 -h /run/www
t_run "a docker container" with_docker
t_run "a podman container" with_podman
t_run "a systemd-nspawn machine" with_nspawn
t_run "a DHCP client" with_dhcp
t_run "a service" systemd-run --unit=caller busybox sh -c "$(calls 127.0.0.1)"
docker_address=$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' shop-web)
podman_address=$(podman inspect -f '{{.NetworkSettings.Networks.podman.IPAddress}}' shop-api)
wait_until 60 all_there
t_status "all of them were seen" $? /run/who

t_who "$docker_address" "docker container shop-web, web:1"
t_who "$podman_address" "podman container shop-api, api:7"
t_who 10.5.0.2 "machine shop-box"
t_who 10.6.0.50 "laptop-anna, 02:00:00:00:00:99 on lan0"
t_has "the service by its unit" "$(cat /run/who)" "^program [0-9]*: caller.service = caller.service, pid [0-9]* busybox"

t_run "a capture" "$here/who" "" /run/copy
"$here/who" /run/copy >/run/again
grep -F "$docker_address = docker container shop-web, web:1" /run/again >/dev/null &&
	grep -F "10.5.0.2 = machine shop-box" /run/again >/dev/null
t_status "the capture says the same" $? /run/again
t_eq "and has no secret" "$(grep -rl hunter2 /run/copy)" ""
docker rm -f shop-web >/dev/null
sleep 3
"$here/who" >/run/who
! grep "shop-web" /run/who
t_status "a container that is gone isn't named" $? /run/who
[ "$ktap_fail" -gt 0 ] || echo "done"
