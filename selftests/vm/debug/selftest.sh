#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# selftest.sh [KERNEL...] - prove that a fault is reported as one: under the debug
# kernel memory used after it was given back, memory lost, locks in two orders; under
# kcsan a data race; under cfi a call by a pointer of another prototype, which under
# lto, a kernel that doesn't check calls, has to be refused. Each in a guest of its
# own, as a report may switch its checker off, or be the guest's end.
# TAP; without KERNELs, all of these. QUICK=1: the first of each kernel.
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

# guest KERNEL STATUS NAME PATTERN COMMAND... - the guest ends with STATUS, and says why
guest()
{
	local kernel=$1 want=$2 name=$3 pattern=$4 status

	shift 4
	"$here/../run" -k "$kernel" -t 300 -- "$@" >"$tmp" 2>&1
	status=$?
	echo "exit status $status" >>"$tmp"
	[ $status -eq "$want" ] && grep -q "$pattern" "$tmp"
	t_status "$kernel: $name" $? "$tmp"
}

# proof KERNEL KO - what this kernel is there to see
proof()
{
	case $1 in
	debug)
		guest debug 126 "a use after free is caught" 'KASAN: .*use-after-free in vmfault' \
			insmod "$2" fault=uaf
		[ -z "${QUICK:-}" ] || return
		guest debug 126 "two orders of two locks are caught" 'possible circular locking' \
			insmod "$2" fault=deadlock
		guest debug 126 "a leak is caught" 'kmemleak: .*new suspected' sh -c '
			echo clear >/sys/kernel/debug/kmemleak
			insmod "$1" fault=leak
			sleep 6
			echo scan >/sys/kernel/debug/kmemleak
			echo scan >/sys/kernel/debug/kmemleak' sh "$2"
		;;
	kcsan)
		guest kcsan 126 "a data race is caught" 'KCSAN: data-race in .*vmfault' \
			insmod "$2" fault=race
		;;
	cfi)
		guest cfi 123 "a call of another prototype is caught" \
			'CFI failure at .* (target: vmfault_called' insmod "$2" fault=cfi
		;;
	lto)
		guest lto 1 "a call that it doesn't check is refused, with the reason" \
			'vmfault: fault=cfi: this kernel checks no calls' \
			sh -c 'insmod "$1" fault=cfi; status=$?; dmesg | grep vmfault:; exit $status' sh "$2"
		;;
	*)
		ktap_print_msg "$1: one of debug, kcsan, cfi and lto is proven here"
		ktap_test_fail "$1: is a kernel that checks something"
		;;
	esac
}

tmp=$(mktemp) || exit 1
trap 'rm -f -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
[ $# -gt 0 ] || set -- debug kcsan cfi lto

ktap_print_header
for kernel; do
	if ko=$(module_for "$kernel"); then
		proof "$kernel" "$ko"
	else
		ktap_test_fail "$kernel: vmfault.ko builds"
	fi
done
ktap_finished
