# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015
# What the scripts that run in a booted system begin with: TAP without a plan,
# and "done" at the end. run puts lib/ktap.sh beside them, and counts the results.

# shellcheck source=../lib/ktap.sh
. "$(dirname "$0")/ktap.sh"

FS=/sys/kernel/debug/conntriage

# t NAME COMMAND... - as t_run, and says what took long
t()
{
	local began=$SECONDS

	t_run "$@"
	[ $((SECONDS - began)) -lt 10 ] || ktap_print_msg "$1: $((SECONDS - began)) s"
}

status()
{
	awk -v n="$1" '$1 == n { print $2 }' $FS/status
}

# up VERSION - what every boot has to show
up()
{
	t_eq "loaded at boot" "$(status version)" "$1"
	# compressed where the kernel's own are
	t_eq "the file loaded is DKMS's" "$(modinfo -F filename conntriage | sed 's/\.xz$//')" \
		"/lib/modules/$(uname -r)/updates/dkms/conntriage.ko"
	t "systemd-modules-load is content" systemctl is-active systemd-modules-load.service
	t_eq "no unit failed" "$(systemctl --failed --plain --no-legend)" ""
	t_eq "no conntrack where no rule asks for it" \
		"$(awk 'NR > 1 { print $3 }' $FS/netns | sort -u)" 0
	conntriage >/tmp/out 2>&1
	t_eq "the reader: nothing wrong" "$?" 0
	t "the reader sees the module" sh -c '! grep -i "not loaded" /tmp/out'
}
