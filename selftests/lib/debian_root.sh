# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015,SC2034 # die is meant for both
# A Debian 12 to test on, made once and kept in the cache. Sourced by */root, after
# vm/kernels.sh. Never changed once made: tests work on overlays of it (layers.sh).

# debian_root DIR MMDEBSTRAP-OPTION... - have CACHE/DIR/root, with its options last;
# prints its path. Made anew when the script that calls it, this one or those
# options change.
debian_root()
{
	local name=$1 cache root stamp tmp

	shift
	die()
	{
		echo "$name/root: $*" >&2
		exit 1
	}
	[ "$(id -u)" -eq 0 ] || die "needs root, to make and enter a file system; try sudo"
	cache=$(kernel_cache_dir) || exit 1
	root=$cache/$name/root
	mkdir -p "$cache/$name" && exec 9>"$cache/$name/.lock" && flock 9 ||
		die "$cache/$name is not writable; set CONNTRIAGE_CACHE"
	stamp=$({ cat "$0" "${BASH_SOURCE[0]}"; printf '%s\n' "$@"; } | sha256sum)
	if [ "$(cat "$root.stamp" 2>/dev/null)" = "$stamp" ]; then
		echo "$root"
		return
	fi

	"$(dirname -- "${BASH_SOURCE[0]}")/../../scripts/apt-need" mmdebstrap || exit 1
	tmp=$(mktemp -d) || die "no temporary directory; make ${TMPDIR:-/tmp} writable"
	# shellcheck disable=SC2064 # of now
	trap "rm -rf -- '$tmp'" EXIT
	trap 'exit 1' HUP INT TERM
	debian_kernel 6.1
	debian_sources >"$tmp/sources.list" ||
		die "cannot make a $DEBIAN_SUITE file system: $(tail -n 1 "$tmp/sources.list")"
	rm -rf -- "$root.stamp" "$root" "$root.new"
	# No initramfs: the guest has one of its own, and making it takes long
	INITRD=No mmdebstrap --quiet --mode=root --architectures=amd64 \
		--aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/locale/*' \
		--customize-hook='rm -f "$1"/var/cache/apt/archives/*.deb' \
		--customize-hook='rm -f "$1"/etc/hostname && echo vm >"$1/etc/hostname"' \
		"$@" "$DEBIAN_SUITE" "$root.new" "$tmp/sources.list" >"$tmp/log" 2>&1 </dev/null || {
		tail -n 20 "$tmp/log" >&2
		die "cannot make a $DEBIAN_SUITE file system: $(debian_reason "$tmp/log"); check the network, free space, and that root may mount here"
	}
	mv -T -- "$root.new" "$root" && echo "$stamp" >"$root.stamp" ||
		die "cannot write $root; free some space"
	echo "$root"
}

# debian_later DIR PACKAGE... - an option of debian_root: these, and what they need,
# are downloaded to DIR of it, and not installed
debian_later()
{
	local dir=$1

	shift
	printf '%s' "--customize-hook=set -e; APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -q -y --no-install-recommends --download-only install $*; mkdir -p \"\$1$dir\"; mv \"\$1\"/var/cache/apt/archives/*.deb \"\$1$dir\""
}
