# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
# What each job needs from Debian, and why. Sourced by run, demo and check.

# the reader: tables, nft's JSON, netlink, terminals; the journal and archives, which it can
# do without
PKG_READER="gcc make libc6-dev pkg-config libsmartcols-dev libjson-c-dev libmnl-dev
	libncurses-dev libsystemd-dev libarchive-dev"

# the guest: an emulator, a kernel with its headers, what its scripts call
PKG_GUEST="qemu-system-x86 busybox-static cpio kmod linux-image-amd64
	linux-headers-amd64 iproute2 nftables iptables conntrack procps jq"

# make check: the static checker, sanitizers, fuzzers, DKMS itself, who listens to
# tracepoints, what judges JSON by its schema, shells that complete command lines, who
# formats and judges pages, a terminal, who reads metrics, and who counts what an exporter
# opens, passes its sockets and judges its units; rpm, which reads spec files
PKG_CHECK="sparse clang-14 libclang-rt-14-dev libfuzzer-14-dev valgrind dkms
	iputils-ping ethtool shellcheck bpftrace trace-cmd linux-perf binutils
	python3-jsonschema zsh fish man-db tmux tidy python3
	prometheus prometheus-node-exporter python3-prometheus-client
	curl strace systemd rpm"

# contrib/tests/run: who reads what contrib/ has for them, or runs conntriage --check; sudo
# judges its sudoers
PKG_FLEET="prometheus prometheus-alertmanager prometheus-node-exporter jsonnet
	python3 python3-yaml python3-jsonschema
	icinga2-bin icinga2-common nagios4-core monitoring-plugins-basic collectd-core sudo"

# selftests/dkms/run: to build, judge and install packages
PKG_DKMS="dpkg-dev debhelper dh-dkms fakeroot lintian mmdebstrap openssl"

# selftests/interop: others that use conntrack, and what the kernel's own tests
# call
PKG_INTEROP="conntrackd clang-14 ipvsadm bpftrace socat netcat-openbsd iperf3 tcpdump
	iputils-ping"
