#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that t calls
# The spec files, by Debian's rpmbuild: the reader's package is built, installed into a root
# of its own and judges a captured host there; the module's source package is built, and,
# where there is RPM Fusion's kmodtool (KMODTOOL=FILE; Debian has none), akmod-conntriage,
# and from the source in that, as akmods does on a host, the module for Debian's kernel.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=common.sh
. "$here/common.sh"

# shellcheck source=../../scripts/packages.sh
. "$top/scripts/packages.sh"
# shellcheck disable=SC2086 # a list of package names
need rpm $PKG_READER
work_in "${TMPDIR:-/tmp}"
ktap_print_header
"$top/contrib/packaging/prepare" rpm "$work/SOURCES" >"$log" 2>&1 ||
	ktap_exit_fail_msg "prepare: $(tail -n 1 "$log")"
spec=$work/SOURCES/conntriage.spec
kmod_spec=$work/SOURCES/conntriage-kmod.spec

# Debian's packages satisfy no BuildRequires of Fedora's names: --nodeps
build()
{
	rpmbuild --nodeps --define "_topdir $work" --define "_sourcedir $work/SOURCES" \
		--define "_specdir $work/SOURCES" "$@"
}

t_eq "prepare makes the same source each time" \
	"$("$top/contrib/packaging/prepare" rpm "$work/again" >/dev/null && sha256sum <"$work/again/conntriage-$VERSION.tar.gz")" \
	"$(sha256sum <"$work/SOURCES/conntriage-$VERSION.tar.gz")"
t_eq "the specs are of this version" \
	"$(rpmspec -q --srpm --qf '%{version} ' "$spec" "$kmod_spec" 2>&1)" "$VERSION $VERSION "

# --- the reader ---------------------------------------------------------------

t "the reader's packages build, and judge in %check" build -ba "$spec"
rpm=$work/RPMS/$(uname -m)/conntriage-$VERSION-1.$(uname -m).rpm
common=$work/RPMS/noarch/conntriage-kmod-common-$VERSION-1.noarch.rpm
[ -e "$rpm" ] && [ -e "$common" ] || ktap_exit_fail_msg "no $rpm, or no $common"
t_has "it takes the libraries that it is linked with" \
	"$(rpm -qp --requires "$rpm" 2>/dev/null)" '^libsmartcols\.so\.1'
t_eq "what loads the module takes the module" \
	"$(rpm -qp --requires "$common" 2>/dev/null | grep kmod)" "conntriage-kmod >= $VERSION"
t_eq "no file is in both" \
	"$({ rpm -qpl "$rpm"; rpm -qpl "$common"; } 2>/dev/null | sort | uniq -d)" ""
if "$top/scripts/apt-need" rpmlint >/dev/null 2>&1; then
	# Debian's rpmlint judges by Fedora's rules, and what it dislikes here is Debian's own
	# rpmbuild, or said in rpmlint.toml with its reason
	t_has "rpmlint finds no error" \
		"$(rpmlint -c "$here/rpmlint.toml" "$spec" "$kmod_spec" "$rpm" "$common" 2>&1 | tee "$work/rpmlint")" \
		' 0 errors, 0 warnings'
	grep -E ': [EW]: ' "$work/rpmlint" | sed 's/^/# /'
else
	ktap_test_skip "rpmlint finds no error" "no rpmlint"
fi

in_root="$work/root"
mkdir -p "$in_root"
t "rpm installs it" rpm --root "$in_root" --initdb
# what it requires are Debian's files here, which rpm doesn't know of
t "into a root of its own" rpm --root "$in_root" --nodeps --noscripts -i "$rpm" "$common"
t_eq "rpm knows them" "$(rpm --root "$in_root" -qa | sort | xargs)" \
	"conntriage-$VERSION-1.$(uname -m) conntriage-kmod-common-$VERSION-1.noarch"
t "every file is as it was packed" rpm --root "$in_root" --nodeps -V conntriage conntriage-kmod-common
for case in scene-flood-one healthy-busy-60; do
	tree "$case"
	PATH=$in_root/usr/sbin:$PATH t "the installed reader judges $case" judges "$case" conntriage
done
t_eq "its units start what is installed" \
	"$(sed -n 's/^ExecStart=[-+!@:]*\([^ ]*\).*/\1/p' "$in_root"/usr/lib/systemd/system/conntriage-*.service |
	sort -u | while read -r f; do [ -x "$in_root$f" ] || echo "$f"; done)" ""
t "rpm takes them away" rpm --root "$in_root" --nodeps --noscripts -e conntriage conntriage-kmod-common
t_eq "and leaves nothing of them" "$(find "$in_root" -name '*conntriage*')" ""

# --- the module ----------------------------------------------------------------

t "the module's source package builds" build -bs "$kmod_spec"
srpm=$work/SRPMS/conntriage-kmod-$VERSION-1.src.rpm
t_eq "and holds the source and the spec" "$(rpm -qpl "$srpm" 2>/dev/null | sort | xargs)" \
	"conntriage-$VERSION.tar.gz conntriage-kmod.spec"
kmodtool=${KMODTOOL:-$(command -v kmodtool)}
if [ -z "$kmodtool" ]; then
	ktap_test_skip "akmod-conntriage" "no kmodtool, which isn't in Debian: give KMODTOOL=FILE, of the package kmodtool of Fedora"
	ktap_finished
fi
# where it looks for the names of Fedora's kernels
mkdir -p "$work/bin" && install -m 755 "$kmodtool" "$work/bin/kmodtool"
PATH=$work/bin:$PATH
cd "$work" && echo '@(debug|rt)' >kmodtool-kernel-variants
t "akmod-conntriage builds" build -bb "$kmod_spec"
akmod=$work/RPMS/$(uname -m)/akmod-conntriage-$VERSION-1.$(uname -m).rpm
t_has "it has the source package" "$(rpm -qpl "$akmod" 2>/dev/null)" \
	"^/usr/src/akmods/conntriage-kmod-$VERSION-1\.src\.rpm\$"
t_has "it takes akmods" "$(rpm -qp --requires "$akmod" 2>/dev/null)" '^akmods$'
t_has "and what loads it at boot" "$(rpm -qp --requires "$akmod" 2>/dev/null)" \
	"^conntriage-kmod-common >= $VERSION\$"
t_has "and is what that takes" "$(rpm -qp --provides "$akmod" 2>/dev/null)" "^conntriage-kmod = $VERSION-1"

# akmods on a host: rpmbuild --rebuild with "kernels". Debian's release has two "-", which no
# version of an rpm may: it is under another name here, in a mount namespace.
headers=$("$top/scripts/kernel-headers")
release=$(basename "$(dirname "$headers")")
alias=$(tr - . <<<"$release")
rebuild()
{
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --propagation private bash -c '
		mkdir -p "$1/modules/$2" && ln -s "$(realpath "$3")" "$1/modules/$2/build" || exit
		mount --bind "$1/modules" /usr/lib/modules || exit
		shift 3
		exec "$@"
	' rebuild "$work" "$alias" "$headers" \
		rpmbuild --nodeps --define "_topdir $work/host" --define "kernels $alias" \
		--rebuild "$work/akmod/usr/src/akmods/conntriage-kmod-$VERSION-1.src.rpm"
}
if [ -z "$headers" ]; then
	ktap_test_skip "the module is built from it" "no kernel headers; install linux-headers-amd64"
	ktap_finished
fi
mkdir "$work/akmod"
(cd "$work/akmod" && rpm2cpio "$akmod" | cpio -id --quiet)
t "the module is built from it, for $release" rebuild
kmod=$(find "$work/host/RPMS" -name "kmod-conntriage-$alias-*.rpm")
(cd "$work/akmod" && rpm2cpio "$kmod" | cpio -id --quiet)
ko=$(find "$work/akmod/usr/lib/modules" -name 'conntriage.ko*' 2>/dev/null)
t_eq "where Fedora's depmod finds it" "${ko#"$work/akmod"}" "/usr/lib/modules/$alias/extra/conntriage/conntriage.ko"
t_eq "for that kernel" "$(modinfo -F vermagic "$ko" | cut -d ' ' -f 1)" "$release"
t_eq "of this version" "$(modinfo -F version "$ko")" "$VERSION"
ktap_finished
