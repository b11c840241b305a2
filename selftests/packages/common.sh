# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the scripts here begin with: a folder to work in, $work, that goes with them, and
# one log. Sourced by them after $here is set.

set -u -o pipefail
export LC_ALL=C

top=$(cd -- "$here/../.." && pwd -P) || exit 1
# shellcheck source=../vm/kernels.sh
. "$here/../vm/kernels.sh"
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
[ "$(id -u)" -eq 0 ] || ktap_skip_all "not root, which packages are installed by; run it with sudo"
cache=$(kernel_cache_dir) || ktap_exit_fail_msg "no cache; set CONNTRIAGE_CACHE"

# work_in DIR - have $work and $log below it
work_in()
{
	mkdir -p "$1" && work=$(mktemp -d "$1/packages.XXXXXX") ||
		ktap_exit_fail_msg "$1 is not writable; free some space"
	log=$work/log
	trap 'rm -rf --one-file-system -- "$work"' EXIT
	trap 'exit 1' HUP INT TERM
}

# t NAME COMMAND... - it succeeds; as t_run, but shows the end of what it said
t()
{
	local name=$1

	shift
	"$@" >"$log" 2>&1
	t_status "$name" $? "$log"
}

# need PACKAGE... - or all of this is skipped, with the reason
need()
{
	local why

	why=$("$top/scripts/apt-need" "$@" 2>&1) || ktap_skip_all "$why"
}

# have_debs - $debs, with the packages of this tree, their source and their .changes: of
# DEBS=DIR, as run has built them for all of us, or built now
have_debs()
{
	debs=${DEBS:-$work/debs}
	if [ -e "$debs/conntriage_$VERSION.dsc" ]; then
		return
	fi
	"$top/scripts/build-deb" -s "$debs" >"$log" 2>&1 ||
		ktap_exit_fail_msg "the packages don't build: $(tail -n 1 "$log")"
}

# tree CASE - a captured host, in $work/CASE; two days old, as what is expected of it says
tree()
{
	local now

	"$top/userspace/tests/tree" unpack "$top/userspace/tests/diagnose/$1.tree" "$work/$1" || return
	now=$(sed -n 's/^date //p' "$work/$1/conntriage/meta" 2>/dev/null)
	now=$(date -d "${now:-1970-01-01T00:00:00Z}" +%s) || return
	export SOURCE_DATE_EPOCH=$((now + 2 * 86400))
}

# judges CASE COMMAND... - what it says of that tree, and its status, are as expected
judges()
{
	local case=$1

	shift
	"$@" --root "$work/$case" >"$work/$case.said" 2>&1
	echo "status $?" >>"$work/$case.said"
	{ cat "$work/$case/expected"; echo "status $(cat "$work/$case/status")"; } |
		diff -u - "$work/$case.said"
}
