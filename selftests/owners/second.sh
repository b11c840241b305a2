#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# second.sh OWNER - the next boot of what first.sh has left, and its undoing

. "$(dirname "$0")/guest.sh"

before=$(cat /opt/test/rules)
t_eq "at boot: the maximum is as it was set" "$(maximum)" $RAISED
# this may come first: the unit is behind the owner's
t_wait "at boot: our table is there" 60 kept
t_eq "at boot: and no other" "$(our_tables)" "$(cat /opt/test/keep)"
up "$1"
t_same "at boot: the owner's rules are as they were" "$before" "$(rules)"
flood
t_held "at boot: the flood has no effect"
serves

! declare -F also >/dev/null || also

now="undone"
commands undo_for_good
t_type "undone: typed" any
t_same "undone: the ruleset is as it was" "$before" "$(rules)"
t_eq "undone: nothing of ours is there" "$(our_tables)" ""
commands undo_for_good persist
t_type "undone: the setting"
t_eq "undone: what else sets something is there" "$(ls $SETTINGS)" $SETTINGS
t_eq "undone: nothing of ours sets anything" \
	"$(ls /etc/sysctl.d/zz-conntriage-* /etc/modules-load.d/conntriage.conf 2>/dev/null)" ""
t_eq "undone: no file of ours either" "$(ls /etc/conntriage/*.nft 2>/dev/null)" ""
t_wait "undone: the flood is back" 40 entries_above $((MAX / 2))
echo "done"
