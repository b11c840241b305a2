# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Debian's kernel source, which has what header packages lack: checkpatch,
# kernel-doc, tests, and kernels of our own. Sourced by debug/build,
# scripts/check-static and ../interop/upstream-source.

SOURCE_PACKAGE=linux-source-6.1
# what configuring and building it takes
SOURCE_PACKAGES="$SOURCE_PACKAGE make gcc bc bison flex kmod libelf-dev libssl-dev xz-utils"

# kernel_source CACHE [PACKAGE] - have the source package's files in CACHE, once; sets
# KERNEL_SRC to where, KERNEL_SRC_VERSION to the package's version. On failure
# one line on stderr, and status 1.
kernel_source()
{
	local SOURCE_PACKAGE=${2:-$SOURCE_PACKAGE} dir=$1/source lock old
	local tar=/usr/src/$SOURCE_PACKAGE.tar.xz

	"$(dirname -- "${BASH_SOURCE[0]}")/../../scripts/apt-need" "$SOURCE_PACKAGE" xz-utils || return 1
	KERNEL_SRC_VERSION=$(dpkg-query -W -f '${Version}' "$SOURCE_PACKAGE")
	KERNEL_SRC=$dir/$SOURCE_PACKAGE-$KERNEL_SRC_VERSION
	mkdir -p "$dir" && exec {lock}>"$dir/.lock" && flock "$lock" || {
		echo "kernel source: $dir is not writable; set CONNTRIAGE_CACHE" >&2
		return 1
	}
	if [ ! -f "$KERNEL_SRC/Makefile" ]; then
		# one version is enough; 130 MB of the rest are nothing that we build
		for old in "$dir/$SOURCE_PACKAGE"-*; do
			rm -rf -- "$old"
		done
		mkdir "$KERNEL_SRC.new" && tar xf "$tar" -C "$KERNEL_SRC.new" --strip-components=1 \
			--exclude='*/Documentation/*/*' --exclude='*/drivers/gpu/drm/amd/include/*' &&
			mv -T -- "$KERNEL_SRC.new" "$KERNEL_SRC" || {
			echo "kernel source: cannot unpack $tar in $dir; free some space, or set CONNTRIAGE_CACHE" >&2
			return 1
		}
	fi
	exec {lock}>&-
}
