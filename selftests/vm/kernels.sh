# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# From the name of a kernel to the files to boot.  Sourced by run; the only
# place that knows where kernels live.

# shellcheck source=debian.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/debian.sh"

# Those that debug/build makes: slow ones that find faults, one with the tracers of
# latency, and those of another compiler
DEBUG_KERNELS="debug kcsan"
CLANG_KERNELS="cfi lto"
BUILT_KERNELS="$DEBUG_KERNELS latency $CLANG_KERNELS"

debug_kernel()
{
	[[ " $DEBUG_KERNELS " == *" $1 "* ]]
}

# built_kernel NAME - sets for a name of BUILT_KERNELS
#   BUILT_SOURCE	the package whose source it is made of
#   BUILT_TOOLS		packages of its compiler, beside what every build takes
#   BUILT_MAKE		what make is told of it, for the kernel and for modules
built_kernel()
{
	BUILT_SOURCE='' BUILT_TOOLS='' BUILT_MAKE=()
	if debug_kernel "$1" || [ "$1" = latency ]; then
		BUILT_SOURCE=linux-source-6.1
	elif [[ " $CLANG_KERNELS " == *" $1 "* ]]; then
		# the newest source and clang of Debian 12
		BUILT_SOURCE=linux-source-6.12 BUILT_TOOLS="clang-19 lld-19 llvm-19"
		BUILT_MAKE=(LLVM=-19)
	else
		return 1
	fi
}

kernel_error()
{
	echo "vm/run: $*" >&2
}

# A directory to keep derived files in, created if need be.
kernel_cache_dir()
{
	local d

	for d in "${CONNTRIAGE_CACHE:-/var/cache/conntriage}" \
		 "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/conntriage"; do
		if mkdir -p "$d/vm" 2>/dev/null && [ -w "$d/vm" ]; then
			echo "$d"
			return 0
		fi
		# a directory asked for by name is not to be replaced silently
		[ -z "${CONNTRIAGE_CACHE:-}" ] || break
	done
	kernel_error "cache directory ${CONNTRIAGE_CACHE:-/var/cache/conntriage} is not writable; set CONNTRIAGE_CACHE to one that is"
	return 1
}

# kernel_release IMAGE - the release name that it carries.  The boot protocol
# header of a bzImage ("HdrS" at 0x202) has at 0x20e the string's offset - 0x200;
# an image that isn't compressed, as arm64's aren't, has the banner somewhere.
kernel_release()
{
	local magic off

	magic=$(od -An -tx1 -j514 -N4 "$1" 2>/dev/null | tr -d ' ')
	if [ "$magic" != 48647253 ]; then
		grep -a -o -m 1 -E 'Linux version [0-9][^ ]+ \(' "$1" | head -n 1 |
			cut -d ' ' -f 3 | grep .
		return
	fi
	off=$(od -An -tu2 -j526 -N2 "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((off + 512)) count=128 2>/dev/null |
		tr '\0' '\n' | head -n 1 | cut -d ' ' -f 1
}

# kernel_newest [PREFIX [ROOT]] - the newest distribution kernel whose modules
# are installed; realtime and cloud flavours only by name.
kernel_newest()
{
	local root=${2:-} f rel

	for f in "$root"/boot/vmlinuz-"${1:-}"*-amd64; do
		rel=${f##*/vmlinuz-}
		case $rel in
		*-rt-amd64 | *-cloud-amd64) continue ;;
		esac
		[ -e "$root/lib/modules/$rel/modules.dep" ] && echo "$rel"
	done | sort -V | tail -n 1
}

# kernel_has MODULE - has the kernel that kernel_find found this module, or built in?
kernel_has()
{
	[ -z "$KERNEL_MODULES" ] ||
		cat "$KERNEL_MODULES"/modules.dep "$KERNEL_MODULES"/modules.builtin 2>/dev/null |
		grep -E "^[^:]*/$1\.ko" >/dev/null
}

# kernel_find NAME [MODULES_DIR] - sets KERNEL_RELEASE, KERNEL_IMAGE, KERNEL_ARCH,
# KERNEL_NAME (with ARCH in front) and KERNEL_MODULES (empty: all that a guest needs
# is built in).  NAME, behind
# "ARCH:" if that isn't amd64, is
#   ""              the newest installed kernel; for another ARCH, the first of
#                   its kernels in debian.sh
#   a path          a vmlinuz or bzImage
#   a release       6.1.0-56-amd64, of the host
#   6.1             the host's newest of that series, if it has one
#   anything else   the tree CACHE/kernels/NAME or NAME.ARCH, an unpacked kernel
#                   package: boot/vmlinuz-* and [usr/]lib/modules/RELEASE; those
#                   that Debian has are fetched, those of debug/build are built
# On failure, one line on stderr and status 1.
kernel_find()
{
	local name=$1 moddir=${2:-} top=/ d

	KERNEL_RELEASE='' KERNEL_IMAGE='' KERNEL_MODULES='' KERNEL_ARCH=amd64
	if [[ $name == *:* ]] && debian_arch "${name%%:*}"; then
		KERNEL_ARCH=$DEBIAN_ARCH name=${name#*:}
		[ "$name" ] || [ "$KERNEL_ARCH" = amd64 ] || name=${DEBIAN_KERNELS%% *}
	fi
	if [ -z "$name" ]; then
		name=$(kernel_newest)
		if [ -z "$name" ]; then
			kernel_error "no /boot/vmlinuz-*-amd64 with /lib/modules is installed; apt-get install linux-image-amd64, or give -k"
			return 1
		fi
	fi
	KERNEL_NAME=$KERNEL_ARCH:$name

	case $name in
	*/*)
		KERNEL_IMAGE=$(realpath -e -- "$name" 2>/dev/null)
		if [ ! -f "$KERNEL_IMAGE" ] || [ ! -r "$KERNEL_IMAGE" ]; then
			kernel_error "kernel image $name is not a readable file; give -k an existing vmlinuz or bzImage"
			return 1
		fi
		# TREE/boot/vmlinuz: the modules may be in TREE
		top=${KERNEL_IMAGE%/*}
		top=${top%/boot}
		;;
	*)
		if [ "$KERNEL_ARCH:$name" = amd64:6.1 ] && [ -n "$(kernel_newest 6.1.)" ]; then
			name=$(kernel_newest 6.1.)
		fi
		if [ "$KERNEL_ARCH" = amd64 ] && [ -f "/boot/vmlinuz-$name" ]; then
			KERNEL_IMAGE=/boot/vmlinuz-$name
		else
			top=$(kernel_cache_dir) || return 1
			if debian_kernel "$KERNEL_ARCH:$name"; then
				top=$top/kernels/$DEBIAN_TREE
				"${BASH_SOURCE[0]%/*}/fetch" "$KERNEL_ARCH:$name" || return 1
			else
				top=$top/kernels/$name
				[ "$KERNEL_ARCH" = amd64 ] || top=$top.$KERNEL_ARCH
			fi
			if [ "$KERNEL_ARCH" = amd64 ] && built_kernel "$name"; then
				"${BASH_SOURCE[0]%/*}/debug/build" "$name" || return 1
			fi
			for d in "$top"/boot/vmlinuz-*; do
				KERNEL_IMAGE=$d
			done
			if [ ! -f "$KERNEL_IMAGE" ]; then
				kernel_error "kernel $name: neither /boot/vmlinuz-$name nor $top/boot/vmlinuz-* exists; give -k one of $(debian_names), ${BUILT_KERNELS// /, }, a release that is installed, or the path of an image"
				return 1
			fi
		fi
		;;
	esac

	if ! KERNEL_RELEASE=$(kernel_release "$KERNEL_IMAGE"); then
		kernel_error "kernel image $KERNEL_IMAGE has no x86 boot header and names no version, so its release is unknown; give -k a bzImage, or an image that isn't compressed"
		return 1
	fi

	if [ -n "$moddir" ]; then
		if [ ! -f "$moddir/modules.dep" ]; then
			kernel_error "modules directory $moddir has no modules.dep; run depmod there, or correct -M"
			return 1
		fi
		KERNEL_MODULES=$(realpath -e -- "$moddir")
		return 0
	fi
	for d in "$top/lib/modules" "$top/usr/lib/modules" /lib/modules; do
		if [ -f "$d/$KERNEL_RELEASE/modules.dep" ]; then
			KERNEL_MODULES=$(realpath -e -- "$d/$KERNEL_RELEASE")
			return 0
		fi
	done
}
