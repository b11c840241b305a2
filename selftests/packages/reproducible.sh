#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever builds the packages gets the same bytes: built twice from the same source, in
# folders, years, time zones, languages, umasks, hosts, homes, numbers of processors and
# orders of files that differ. What would tell one of these is planted, and found.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=common.sh
. "$here/common.sh"

need build-essential debhelper dh-dkms fakeroot faketime pkg-config libsmartcols-dev libjson-c-dev \
	libmnl-dev libncurses-dev libsystemd-dev libarchive-dev
work_in "${TMPDIR:-/tmp}"
ktap_print_header
disorder=''
"$top/scripts/apt-need" disorderfs >/dev/null 2>&1 && [ -c /dev/fuse ] && disorder=y
"$top/scripts/apt-need" diffoscope-minimal >/dev/null 2>&1
"$top/scripts/copy-tree" "$work/source" ':!selftests' || ktap_exit_fail_msg "the tree can't be copied"

# build one|other COMMAND... - of $work/source, in $work/one or $work/other, by somebody
# and by somebody else
build()
{
	local who=$1 dir=$work/one/conntriage-$VERSION

	shift
	[ "$who" = one ] || dir=$work/$who/a-folder-of-another-name/conntriage-$VERSION
	rm -rf "${work:?}/$who"
	mkdir -p "$dir" && cp -a "$work/source/." "$dir" || return
	case $who in
	one)
		(cd "$dir" && umask 022 && env -i PATH="$PATH" HOME=/root TZ=UTC LC_ALL=C \
			DEB_BUILD_OPTIONS='noautodbgsym parallel=2' "$@") ;;
	*)
		# shellcheck disable=SC2016 # for the inner shell
		unshare --mount --uts --pid --fork --kill-child --mount-proc --propagation private bash -c '
			hostname elsewhere
			cd "$1" || exit
			disorder=$2
			shift 2
			if [ "$disorder" ]; then
				mkdir ../shuffled
				disorderfs --shuffle-dirents=no --reverse-dirents=yes --sort-dirents=yes -q . ../shuffled &&
				cd ../shuffled || exit
			fi
			umask 002
			exec env -i PATH="$PATH" HOME=/nonexistent USER=somebody LOGNAME=somebody \
				TZ=Pacific/Kiritimati LANG=C.UTF-8 LC_ALL=C.UTF-8 \
				DEB_BUILD_OPTIONS="noautodbgsym parallel=1" \
				faketime -f "+398d" setarch --uname-2.6 "$@"
		' build "$dir" "$disorder" "$@" ;;
	esac
}

# made WHO - what was built: a name and a path a line
made()
{
	find "$work/$1" \( -name '*.deb' -o -name conntriage-delete -type f -perm -100 \) \
		! -path '*/debian/*' -printf '%f %p\n' | sort
}

# same NUMBER - so many files are made, and both have made the same; else, what differs
same()
{
	local name path other differ=0

	[ "$(made one | wc -l)" -eq "$1" ] || { echo "not $1 files"; return 2; }
	while read -r name path; do
		other=$(made other | sed -n "s/^$name //p")
		[ "$(sha256sum <"$path")" != "$(sha256sum <"$other")" ] || continue
		echo "$name differs"
		diffoscope --text - "$path" "$other" 2>/dev/null | head -n 40
		differ=1
	done < <(made one)
	return $differ
}

[ "$disorder" ] || ktap_print_msg "the order of files is one, for there is no disorderfs or no /dev/fuse"
t "somebody builds them" build one dpkg-buildpackage -us -uc -b
t "somebody else builds them" build other dpkg-buildpackage -us -uc -b
rm -f "$work"/{one,other/*}/conntriage-"$VERSION"/userspace/conntriage-delete
t "the same bytes" same 2
made one | while read -r name path; do
	ktap_print_msg "$(sha256sum <"$path" | cut -d ' ' -f 1) $name"
done

# when, where and in which order, in a program
for trace in 'date +%s' hostname 'ls -U judge'; do
	cp -a "$top/userspace/Makefile" "$work/source/userspace/Makefile"
	sed -i "s|^BASE_CFLAGS := |&-DBUILT='\"\$(shell $trace \| cksum)\"' |" "$work/source/userspace/Makefile"
	cp -a "$top/userspace/delete/main.c" "$work/source/userspace/delete/main.c"
	echo 'const char built_at[] = BUILT;' >>"$work/source/userspace/delete/main.c"
	if [ "$trace" = 'ls -U judge' ] && [ -z "$disorder" ]; then
		ktap_test_skip "$trace, planted, is found" "no disorderfs or no /dev/fuse"
		continue
	fi
	build one make -s -C userspace conntriage-delete >"$log" 2>&1 &&
		build other make -s -C userspace conntriage-delete >>"$log" 2>&1 &&
		same 1 >>"$log" 2>&1
	t_eq "$trace, planted, is found" "$?" 1
done
ktap_finished
