#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prove that a fault under the debug kernel is reported as one: memory used after
# it was given back, memory lost, locks in two orders. Each in a guest of its
# own, as a report may switch its checker off. TAP; QUICK=1: the first alone.
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
number=0 failed=0

# caught NAME PATTERN COMMAND... - the guest ends with 126, and says why
caught()
{
	local name=$1 pattern=$2 status

	shift 2
	"$here/../run" -k debug -t 300 -- "$@" >"$tmp" 2>&1
	status=$?
	number=$((number + 1))
	if [ $status -eq 126 ] && grep -q "$pattern" "$tmp"; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		echo "# exit status $status; the end of its output:"
		tail -n 20 "$tmp" | sed 's/^/# /'
		failed=1
	fi
}

ko=$("$here/../../../scripts/build-for" debug) || exit 1
ko=${ko%/*}/vmfault.ko
tmp=$(mktemp) || exit 1
trap 'rm -f -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

echo "TAP version 13"
caught "a use after free is caught" 'KASAN: .*use-after-free in vmfault' insmod "$ko" fault=uaf
if [ -z "${QUICK:-}" ]; then
	caught "two orders of two locks are caught" 'possible circular locking' insmod "$ko" fault=deadlock
	caught "a leak is caught" 'kmemleak: .*new suspected' sh -c '
		echo clear >/sys/kernel/debug/kmemleak
		insmod "$1" fault=leak
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
		echo scan >/sys/kernel/debug/kmemleak' sh "$ko"
fi
echo "1..$number"
exit $failed
