# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# States of one system, each an overlay of the one it came from, so that what is
# tried in one is not seen in another. Sourced by */run, in a mount namespace of
# its own.
#
#	layers_open DIR ROOT	work in DIR; ROOT is the system untouched
#	layer NAME FROM		a state that continues another (or "root"), at
#				$work/NAME
#	in_layer NAME COMMAND...	in a chroot there
#	layer_keep NAME DIR	its difference becomes DIR, for the next run as
#				well; it isn't changed any more, others go on from it
#	layer_kept NAME FROM DIR	such a one, of an earlier run
#	layer_boots NAME [UNIT...]	it is booted at once: not its first boot, at
#				which systemd enables what it is not asked to, and
#				without units that take time and serve no test,
#				nor these

declare -A layer_lower

layers_open()
{
	work=$(mktemp -d "$1/work.XXXXXX") || return
	layer_lower[root]=$2
}

layers_close()
{
	local name

	for name in "${!layer_lower[@]}"; do
		! mountpoint -q "$work/$name" || umount -R "$work/$name" 2>/dev/null
	done
	rm -rf --one-file-system -- "$work"
}

layer()
{
	local upper=$work/.$1

	mkdir -p "$work/$1" "$upper" "$upper.work" &&
	mount -t overlay overlay "$work/$1" \
		-o "lowerdir=${layer_lower[$2]},upperdir=$upper,workdir=$upper.work" &&
	mount -t proc proc "$work/$1/proc" &&
	mount --bind /dev/null "$work/$1/dev/null" || return
	layer_lower[$1]=$upper:${layer_lower[$2]}
}

layer_keep()
{
	local upper=$work/.$1

	umount -R "$work/$1" && rm -rf -- "$2" && mv -T -- "$upper" "$2" || return
	layer_lower[$1]=$2${layer_lower[$1]#"$upper"}
}

layer_kept()
{
	[ -d "$3" ] && layer_lower[$1]=$3:${layer_lower[$2]}
}

# No terminal, no network, no question, no initramfs
in_layer()
{
	local root=$work/$1

	shift
	chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		LC_ALL=C DEBIAN_FRONTEND=noninteractive INITRD=No HOME=/root "$@" </dev/null
}

layer_boots()
{
	local name=$1

	shift
	in_layer "$name" systemctl mask apt-daily.timer apt-daily-upgrade.timer \
		dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
		getty@tty1.service serial-getty@ttyS0.service systemd-journal-flush.service \
		systemd-update-utmp.service "$@" &&
	echo 0123456789abcdef0123456789abcdef >"$work/$name/etc/machine-id" &&
	touch "$work/$name"/{etc,var}/.updated
}

# files_of NAME - the files in it, without logs, caches and backups of dpkg's
files_of()
{
	in_layer "$1" find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /var/log \
		-o -path /var/cache -o -path /var/lib/apt -o -path /srv -o -path '/var/lib/dkms/mok.*' \) -prune -o \
		-printf '%y %p\n' | grep -vE '^. /var/lib/dpkg/[a-z]+-old$' | sort
}
