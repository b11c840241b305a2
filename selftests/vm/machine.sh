# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2054
#
# What qemu takes to be a machine of an architecture. Sourced by run.

# machine ARCH RELEASE - sets for a kernel of that name
#   QEMU, QEMU_PACKAGE	the emulator, and what it is in
#   MACHINE		its options for the machine
#   MACHINE_CMDLINE	for the kernel's command line
# Status 1: that architecture isn't booted here.
machine()
{
	case $1 in
	amd64)
		QEMU=qemu-system-x86_64 QEMU_PACKAGE=qemu-system-x86
		MACHINE=(-cpu max)
		# reboot=t: by triple fault, which needs no firmware and cannot stall.
		# no_timer_check: a guest that the host lets wait during it panics.
		MACHINE_CMDLINE="console=ttyS0 reboot=t no_timer_check" ;;
	arm64)
		QEMU=qemu-system-aarch64 QEMU_PACKAGE=qemu-system-arm
		MACHINE=(-M virt,gic-version=3)
		# Pages of 16K are more than that processor can. Pointers are signed on
		# the other by what is cheap to emulate, or it boots for 12 s.
		case $2 in
		*-16k) MACHINE+=(-cpu max,pauth-impdef=on) ;;
		*) MACHINE+=(-cpu cortex-a72) ;;
		esac
		MACHINE_CMDLINE="console=ttyAMA0" ;;
	*)
		return 1 ;;
	esac
}
