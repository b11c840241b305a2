# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# podman with netavark: a container with a published port, which a unit of podman's
# starts at boot. No daemon sees to its rules.

PACKAGES="podman netavark aardvark-dns crun"
FURNISHED=/var/lib/containers

# The driver that asks nothing of the file system below
configure()
{
	mkdir -p "$1/etc/containers"
	printf '[storage]\ndriver = "vfs"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n' \
		>"$1/etc/containers/storage.conf"
	container_image >"$1/opt/image.tar"
	in_layer "${1##*/}" systemctl enable podman-restart.service
}

furnish()
{
	local image

	image=$(podman import -q /opt/image.tar) &&
	podman run -d --restart always --name published --ip 10.88.0.10 -p 8080:80 \
		"$image" /bin/busybox httpd -f -p 80 -h /www &&
	podman stop -t 0 published
}

VERBS=("podman network reload -a" "systemctl restart podman-restart")

ready()
{
	iptables -t nat -S NETAVARK-HOSTPORT-DNAT | grep 8080
}

serves()
{
	t_answers "the published port" client 8080 container
}
