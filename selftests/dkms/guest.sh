# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015
# What the scripts that run in a booted system begin with. One line a result,
# "ok - name" or "not ok - name", and "done" at the end: run counts them.

FS=/sys/kernel/debug/conntriage

t()
{
	local name=$1 began=$SECONDS out

	shift
	out=$("$@" 2>&1) && echo "ok - $name" || {
		echo "not ok - $name"
		tail -n 15 <<<"$out"
	}
	[ $((SECONDS - began)) -lt 10 ] || echo "$name: $((SECONDS - began)) s"
}

t_eq()
{
	[ "$2" = "$3" ] && echo "ok - $1" || {
		echo "not ok - $1"
		printf 'expected %s\ngot      %s\n' "$3" "$2"
	}
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
