#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# furnish.sh OWNER SHARE - what the owner can only be given while it runs, and
# keeps: once, for its layer.

# shellcheck disable=SC2154 # ktap.sh sets them
. "$(dirname "$0")/guest.sh"
# shellcheck disable=SC1090
. "$here/$1.sh"
t_run "furnished" furnish
# shellcheck disable=SC2086 # a list
save "$2/disk.tar" $FURNISHED
[ "$ktap_fail" -gt 0 ] || echo "done"
