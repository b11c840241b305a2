#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# boot.sh VERSION - a boot of a kernel for which DKMS has built the module, and
# what happens if it has not.

. "$(dirname "$0")/guest.sh"

up "$1"
t "unload" rmmod conntriage
t "dkms remove" dkms remove "conntriage/$1" -k "$(uname -r)"
t_eq "this kernel has no such module any more" "$(modinfo -F filename conntriage 2>&1 | grep -c '\.ko')" 0
# as the next boot would
systemctl restart systemd-modules-load.service 2>/dev/null
t_eq "which is nothing that the boot fails of" \
	"$(systemctl --failed --plain --no-legend)" ""
conntriage >/tmp/out 2>&1
t "and the reader says so" grep -qi 'module is not loaded\|modprobe' /tmp/out
echo "done"
