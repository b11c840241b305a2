# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# dockerd, with two containers that it starts at boot, one of them with a port
# published. Their addresses are fixed, or they are as the two happen to start.

PACKAGES="docker.io"
MEMORY=1536
FURNISHED=/var/lib/docker

# The driver that asks nothing of the file system below
configure()
{
	mkdir -p "$1/etc/docker"
	echo '{ "storage-driver": "vfs" }' >"$1/etc/docker/daemon.json"
	container_image >"$1/opt/image.tar"
}

# In a guest, once: there is no dockerd in a chroot
furnish()
{
	local run="docker run -d --restart always --security-opt apparmor=unconfined --network web"

	docker import /opt/image.tar web:1 &&
	docker network create --subnet 172.30.0.0/24 web &&
	$run --name published --ip 172.30.0.10 -p 8080:80 web:1 /bin/busybox httpd -f -p 80 -h /www &&
	$run --name inside --ip 172.30.0.11 web:1 /bin/busybox httpd -f -p 80 -h /www &&
	systemctl stop docker.socket docker.service
}

# "live-restore" is off: the containers are started anew with it
VERBS=("systemctl reload docker" "systemctl restart docker")

ready()
{
	iptables -t nat -S DOCKER | grep 172.30.0.10:80 && [ "$(docker ps -q | wc -l)" -eq 2 ]
}

serves()
{
	t_answers "the published port" client 8080 container
	t_refused "what is not published" client 80 172.30.0.11
}
