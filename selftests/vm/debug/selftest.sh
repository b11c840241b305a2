#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prove that a fault is reported as one: under the debug kernel memory used after
# it was given back, memory lost, locks in two orders; under the kcsan kernel a
# data race. Each in a guest of its own, as a report may switch its checker off.
# TAP; QUICK=1: the first alone.
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
# shellcheck source=../../lib/ktap.sh
. "$here/../../lib/ktap.sh"

# module_for KERNEL - the path of vmfault.ko
module_for()
{
	local ko

	ko=$("$here/../../../scripts/build-for" "$1") && echo "${ko%/*}/vmfault.ko"
}

# caught KERNEL NAME PATTERN COMMAND... - the guest ends with 126, and says why
caught()
{
	local kernel=$1 name=$2 pattern=$3 status

	shift 3
	"$here/../run" -k "$kernel" -t 300 -- "$@" >"$tmp" 2>&1
	status=$?
	echo "exit status $status" >>"$tmp"
	[ $status -eq 126 ] && grep -q "$pattern" "$tmp"
	t_status "$name" $? "$tmp"
}

ko=$(module_for debug) || exit 1
tmp=$(mktemp) || exit 1
trap 'rm -f -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

ktap_print_header
caught debug "a use after free is caught" 'KASAN: .*use-after-free in vmfault' insmod "$ko" fault=uaf
if [ -z "${QUICK:-}" ]; then
	caught debug "two orders of two locks are caught" 'possible circular locking' insmod "$ko" fault=deadlock
	caught debug "a leak is caught" 'kmemleak: .*new suspected' sh -c '
		echo clear >/sys/kernel/debug/kmemleak
		insmod "$1" fault=leak
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
		echo scan >/sys/kernel/debug/kmemleak' sh "$ko"
	ko=$(module_for kcsan) || exit 1
	caught kcsan "a data race is caught" 'KCSAN: data-race in .*vmfault' insmod "$ko" fault=race
fi
ktap_finished
