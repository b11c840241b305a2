#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packages for arm64, built here: their programs are of that machine and take its
# libraries, the same files are in them, and the reader, run by an emulator, judges
# captured trees by the same words as ours.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=common.sh
. "$here/common.sh"

need binutils mmdebstrap
work_in "${TMPDIR:-/tmp}"
ktap_print_header
root=$("$top/scripts/cross-root" arm64 2>"$log")
case $? in
0) ;;
4) ktap_skip_all "$(tail -n 1 "$log")" ;;
*) ktap_exit_fail_msg "$(tail -n 1 "$log")" ;;
esac
emulator=$("$top/scripts/emulator" arm64 2>"$log") || ktap_skip_all "$(tail -n 1 "$log")"
have_debs
out=${DEBS_ARM64:-$work/out}
[ "${DEBS_ARM64:-}" ] || t "they are built" make -s -C "$top" deb DEBARCH=arm64 DEBDIR="$out"
deb=$out/conntriage_${VERSION}_arm64.deb
[ -e "$deb" ] || ktap_exit_fail_msg "no $deb"
dpkg-deb -x "$deb" "$work/arm64" && dpkg-deb -x "$debs/conntriage_${VERSION}_amd64.deb" "$work/amd64" ||
	ktap_exit_fail_msg "the packages can't be unpacked"

t_eq "it says arm64" "$(dpkg-deb -f "$deb" Architecture)" arm64
t_eq "its programs are aarch64's, and it has no others" \
	"$(find "$work/arm64" -type f -exec readelf -h {} + 2>/dev/null | sed -n 's/^ *Machine: *//p' | sort | uniq -c | xargs)" \
	"2 AArch64"
t_eq "it depends on what amd64's does" "$(dpkg-deb -f "$deb" Depends)" \
	"$(dpkg-deb -f "$debs/conntriage_${VERSION}_amd64.deb" Depends)"
depends=$(dpkg-deb -f "$deb" Depends)
for library in libc6 libjson-c5 libmnl0 libncursesw6 libsmartcols1 libsystemd0 libtinfo6; do
	t_has "on $library, for it is linked with it" "$depends" "(^|, )$library([ ,]|\$)"
done
# each library that it needs is of one of these
t_eq "dpkg knows of each library that it needs" \
	"$(readelf -d "$work/arm64/usr/sbin/conntriage" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	while read -r so; do
		chroot "$root" dpkg -S "*/aarch64-linux-gnu/$so" 2>/dev/null | grep -q ':arm64:' || echo "$so"
	done)" ""
t_eq "the same files as amd64's" \
	"$(diff <(cd "$work/arm64" && find . | sort) <(cd "$work/amd64" && find . | sort))" ""
t_eq "of which all but programs are the same, byte by byte" \
	"$(diff -rq "$work/arm64" "$work/amd64" | sed 's/.* and .*\(\/usr\/.*\) differ/\1/' | sort | xargs)" \
	"/usr/sbin/conntriage /usr/sbin/conntriage-delete"
t_eq "the module's package is the one that amd64 makes" \
	"$(sha256sum <"$out/conntriage-dkms_${VERSION}_all.deb")" \
	"$(sha256sum <"$debs/conntriage-dkms_${VERSION}_all.deb")"

# foreign PROGRAM ARG... - of the package, with its libraries out of the root
foreign()
{
	local program=$work/arm64/usr/sbin/$1

	shift
	"$emulator" -L "$root" "$program" "$@"
}

t_has "it runs, and is of this version" "$(foreign conntriage --version 2>&1)" "(^|[^0-9.])$VERSION\$"
t "conntriage-delete, too" foreign conntriage-delete --help
for case in scene-flood-one healthy-busy-60 flood-one-v6-legacy churn; do
	tree "$case"
	# it looks whether there is a conntriage-delete to print
	PATH=$work/amd64/usr/sbin:$PATH t "$case: amd64's says what it should" judges "$case" conntriage
	mv "$work/$case.said" "$work/$case.amd64"
	PATH=$work/arm64/usr/sbin:$PATH t "$case: arm64's, too" judges "$case" foreign conntriage
	t "$case: the same, byte by byte" cmp "$work/$case.amd64" "$work/$case.said"
done
ktap_finished
