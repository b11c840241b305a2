#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that t calls
# debian/tests, as Debian runs them: by autopkgtest, with the packages and the source
# package of this tree. The reader's and DKMS's in a chroot, where the one that floods is
# left out, for that is no machine of its own; and that one in a guest that boots that
# chroot, with the module that DKMS has built there.

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# In a mount namespace of its own: no mount outlives the script
if [ -z "${PACKAGES_UNSHARED:-}" ] && [ "$(id -u)" -eq 0 ]; then
	PACKAGES_UNSHARED=1 exec unshare --mount --propagation private -- "$0" "$@"
fi
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=../lib/layers.sh
. "$here/../lib/layers.sh"

need autopkgtest dpkg-dev mmdebstrap
root=$("$here/root") || ktap_exit_fail_msg "no Debian to test on, see above"
layers_open "$cache/packages" "$root" || ktap_exit_fail_msg "no overlay file systems here"
trap layers_close EXIT
trap 'exit 1' HUP INT TERM
log=$work/log
ktap_print_header
have_debs

layer bed root || ktap_exit_fail_msg "no layer"
# all that the tests take is installed: nothing comes from a network
rm -f "$work"/bed/etc/apt/sources.list "$work"/bed/etc/apt/sources.list.d/*
mkdir -p "$work/bed/opt/source"
dpkg-source -x "$debs/conntriage_$VERSION.dsc" "$work/bed/opt/source/conntriage" >"$log" 2>&1 ||
	ktap_exit_fail_msg "the source package can't be unpacked: $(tail -n 1 "$log")"

# results WHERE SUMMARY - a line of autopkgtest's a test, as results of ours
results()
{
	local test result

	while read -r test result; do
		case $result in
		PASS*) ktap_test_pass "$1: $test" ;;
		SKIP*) [ "$test" = flood ] && [ "$1" = chroot ] && continue
			ktap_test_fail "$1: $test, was left out: $result" ;;
		*) ktap_test_fail "$1: $test, $result"
			grep -a -B 30 "^autopkgtest .*: test $test: .*- - - results\|^$test .*FAIL" "$log" | sed 's/^/#   /' | tail -n 60 ;;
		esac
	done <"$2"
}

autopkgtest --summary-file "$work/summary" \
	"$debs/conntriage_${VERSION}_amd64.deb" "$debs/conntriage-dkms_${VERSION}_all.deb" \
	"$debs/conntriage_$VERSION.dsc" -- chroot "$work/bed" >"$log" 2>&1 </dev/null
results chroot "$work/summary"
t_eq "chroot: the one that floods asks for a machine of its own" \
	"$(sed -n 's/^flood *\([A-Z]*\).*/\1/p' "$work/summary" | sort -u)" SKIP
kernel=$(kernel_newest '' "$root")
t_eq "DKMS has built the module for the testbed's kernel" "$(in_layer bed dkms status conntriage)" \
	"conntriage/$VERSION, $kernel, x86_64: installed"

# --- on a machine ----------------------------------------------------------------

layer_boots bed >"$log" 2>&1 || ktap_exit_fail_msg "the testbed can't be made to boot"
cat >"$work/bed/opt/flood" <<'END'
#!/bin/sh
# emulated, all takes longer, not least apt
autopkgtest --timeout-factor 10 --env FLOOD_SECONDS=40 --test-name flood -B \
	--summary-file /run/summary /opt/source/conntriage -- null 2>&1
echo "status $?"
sed 's/^/summary /' /run/summary
END
chmod +x "$work/bed/opt/flood"
"$here/../vm/run" -r "$work/bed" -k "$kernel" -c 2 -m 1536 -t 1500 -- /opt/flood >"$log" 2>"$work/err"
t_status "machine: booted, tested, no complaint of the kernel" $? "$work/err" "$log"
sed -n 's/^summary //p' "$log" >"$work/summary"
results machine "$work/summary"
t_eq "machine: one test was run" "$(grep -c . "$work/summary")" 1
t_has "machine: it has named who floods" "$(cat "$log")" '^flood: 10\.77\.1\.66 named'
grep -a '^CRITICAL' -A 2 "$log" | sed 's/^/# /'
ktap_finished
