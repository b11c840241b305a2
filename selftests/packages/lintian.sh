#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's lintian has nothing to say of source and packages: no error, warning,
# information or pedantry that isn't overridden with a reason, and no override that
# overrides nothing. An error that is planted is seen.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=common.sh
. "$here/common.sh"

need lintian
work_in "${TMPDIR:-/tmp}"
ktap_print_header
have_debs

# whoever builds the packages is whom to ask: there is no address of ours
NO_ADDRESS=bogus-mail-host,bogus-mail-host-in-debian-changelog,root-in-contact

judge()
{
	lintian --allow-root --display-info --pedantic --suppress-tags "$NO_ADDRESS" "$@" 2>&1
}

t_eq "lintian has nothing to say of source and packages" \
	"$(judge "$debs/conntriage_${VERSION}_amd64.changes")" ""

mkdir -p "$work/planted/DEBIAN" "$work/planted/usr/sbin"
cat >"$work/planted/DEBIAN/control" <<-END
	Package: conntriage
	Version: $VERSION
	Architecture: amd64
	Maintainer: somebody <root@localhost>
	Description: a package with an executable that isn't one
END
echo nothing >"$work/planted/usr/sbin/conntriage"
dpkg-deb --build --root-owner-group "$work/planted" "$work/planted.deb" >"$log" 2>&1
t_has "which it has of a package that deserves it" "$(judge "$work/planted.deb")" '^[EW]: conntriage: '
ktap_finished
