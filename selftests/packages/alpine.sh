#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that t calls
# The APKBUILD and the AKMBUILD, without abuild and AKMS, which Debian lacks: the functions
# are run by busybox's shell, Alpine's own, as abuild(1) and AKMBUILD(5) say, on the source
# that prepare makes. And musl, Alpine's C library, has all that the reader calls.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=../../scripts/packages.sh
. "$top/scripts/packages.sh"

# shellcheck disable=SC2086 # a list of package names
need busybox-static musl-tools binutils shellcheck $PKG_READER
work_in "${TMPDIR:-/tmp}"
ktap_print_header
"$top/contrib/packaging/prepare" alpine "$work/aport" >"$log" 2>&1 ||
	ktap_exit_fail_msg "prepare: $(tail -n 1 "$log")"

# abuild FUNCTION... - in the APKBUILD's shell, with what abuild gives it
abuild()
{
	mkdir -p "$work/src" "$work/pkg" || return
	# shellcheck disable=SC2016 # for the inner shell
	(cd "$work/aport" && env -i PATH="$PATH" HOME="$work" CFLAGS='-Os -fstack-clash-protection -Wformat -Werror=format-security' \
		busybox ash -e -c '
		startdir=$PWD srcdir=$1/src pkgdir=$1/pkg
		shift
		. ./APKBUILD
		builddir=${builddir:-$srcdir/$pkgname-$pkgver}
		for step; do
			case $step in
			unpack) busybox tar xzf "$source" -C "$srcdir" ;;
			vars) for v in pkgname pkgver pkgrel pkgdesc url arch license makedepends; do
				eval "[ -n \"\$$v\" ]" || { echo "no $v"; exit 1; }
			      done ;;
			sum) echo "$sha512sums" | sed "/^\$/d" | sha512sum -c ;;
			version) echo "$pkgver" ;;
			src) cd "$builddir"; subpkgdir=${pkgdir%/*}/pkg-src; mkdir -p "$subpkgdir"; src ;;
			*) cd "$builddir"; $step ;;
			esac
		done' abuild "$work" "$@")
}

t_silent "shellcheck has nothing to say" shellcheck -S warning "$work/aport/APKBUILD" \
	"$top/contrib/packaging/alpine/AKMBUILD"
t "what abuild asks for is there" abuild vars
t_eq "of this version" "$(abuild version)" "$VERSION"
t "the checksum is that of the source" abuild sum
t "build()" abuild unpack build
t "check()" abuild check
t "package()" abuild package
t_eq "conntriage and its pages are in the package" \
	"$(cd "$work/pkg" && find usr/sbin usr/share/man -type f | wc -l)" \
	"$((2 + $(make -s -C "$top/userspace" -pn 2>/dev/null | sed -n 's/^PAGES := //p' | wc -w)))"
t_eq "nothing of systemd is" "$(find "$work/pkg" -path '*systemd*')" ""
tree scene-flood-one
PATH=$work/pkg/usr/sbin:$PATH t "the packed reader judges" judges scene-flood-one conntriage

# --- AKMS -------------------------------------------------------------------------

t "src()" abuild src
srcdir=$work/pkg-src/usr/src/conntriage-$VERSION
t_eq "the module's source is where AKMS looks" "$(cd "$srcdir" && echo A*D K*d kmod/main.?)" \
	"AKMBUILD Kbuild kmod/main.c"
headers=$("$top/scripts/kernel-headers")

# akms - default_build of AKMBUILD(5) in a copy; its variables are those of the file
akms()
{
	cp -a "$srcdir" "$work/akms" || return
	# shellcheck disable=SC2016 # for the inner shell
	(cd "$work/akms" && env -i PATH="$PATH" builddir="$work/akms" srcdir="$srcdir" \
		kernel_srcdir="$headers" kernel_ver="$(basename "$(dirname "$headers")")" \
		busybox ash -eu -c '
		. ./AKMBUILD
		[ "$modname/$modver" = "$1" ]
		touch "$builddir"/Makefile
		make -j2 -C "$kernel_srcdir" M="$builddir" modules
		for ko in $built_modules; do [ -f "$builddir/$ko" ]; done' akms "conntriage/$VERSION")
}
if [ "$headers" ]; then
	t "the module is built from it" akms
	t_eq "of this version" "$(modinfo -F version "$work/akms/conntriage.ko")" "$VERSION"
	if [ "${AKMS_BUILD:-}" ]; then
		# AKMS's own script; its pipefail is bash's, too
		rm -rf "$work/akms" && cp -a "$srcdir" "$work/akms"
		t "the module is built by AKMS's own akms-build" env builddir="$work/akms" srcdir="$srcdir" \
			kernel_srcdir="$headers" kernel_ver=x LOG_LEVEL=info bash "$AKMS_BUILD"
		t "which leaves it there" test -f "$work/akms/conntriage.ko"
	fi
else
	ktap_test_skip "the module is built from it" "no kernel headers; install linux-headers-amd64"
fi

# --- musl ---------------------------------------------------------------------------

# Compiled with musl's headers; the libraries' and the kernel's are this machine's, behind
# them, so that glibc's are found where musl has none: what these declare isn't in musl's
# library and shows below.
musl()
{
	local multiarch

	multiarch=$(gcc -print-multiarch)
	mkdir -p "$work/musl" && cp -a "$work/src/conntriage-$VERSION/." "$work/musl" &&
	make -s -C "$work/musl/userspace" clean || return
	# shellcheck disable=SC2046 # a list
	make -k -C "$work/musl/userspace" -j2 CC=musl-gcc SYSTEMD= \
		CFLAGS="-Os -Werror=implicit-function-declaration -idirafter /usr/include/$multiarch -idirafter /usr/include" \
		$(make -C "$work/musl/userspace" -pn SYSTEMD= 2>/dev/null | sed -n 's/^PLAIN_OBJECTS := //p')
}

# unknown - functions that the objects call and neither musl nor a library has
unknown()
{
	local lib

	lib=/usr/lib/$(gcc -print-multiarch)
	find "$work/musl/userspace/build/plain" -name '*.o' -exec nm -u {} + | awk 'NF == 2 { print $2 }' | sort -u >"$work/called"
	{
		find "$work/musl/userspace/build/plain" -name '*.o' -exec nm --defined-only {} + | awk 'NF == 3 { print $3 }'
		nm --defined-only /usr/lib/*-linux-musl/libc.a "$(gcc -print-libgcc-file-name)" 2>/dev/null |
			awk 'NF == 3 { print $3 }'
		nm -D --defined-only "$lib"/lib{smartcols,json-c,mnl,ncursesw,tinfo}.so.[0-9] | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }'
		echo _GLOBAL_OFFSET_TABLE_
	} | sort -u >"$work/had"
	comm -23 "$work/called" "$work/had"
}

t "the reader compiles with musl's headers" musl
t_num "all of it" "$(find "$work/musl/userspace/build/plain" -name '*.o' | wc -l)" -ge 200
t_eq "and calls nothing that musl lacks" "$(unknown | xargs)" ""
echo 'int backtrace(void **, int); int planted(void); int planted(void) { void *p[1]; return backtrace(p, 1); }' >"$work/planted.c"
musl-gcc -c -o "$work/musl/userspace/build/plain/planted.o" "$work/planted.c"
t_eq "a call of glibc's that is planted is found" "$(unknown | xargs)" backtrace
ktap_finished
