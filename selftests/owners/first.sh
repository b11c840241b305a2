#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# first.sh OWNER SHARE - a flood on a host of this owner: now, undone, now and for
# good, while the owner reloads and is started anew. What the disk holds then is
# left in SHARE.

. "$(dirname "$0")/guest.sh"

up "$1"
serves
rules >/opt/test/rules
before=$(cat /opt/test/rules)

now="setting"
echo 'net.netfilter.nf_conntrack_max = 3000' >$SETTINGS
echo $RAISED >/proc/sys/net/netfilter/nf_conntrack_max
t_wait "setting: that the boot forgets it is found" 20 forgets
commands for_good persist
t_type "setting: typed"
once=$(cat /etc/sysctl.d/zz-conntriage-* /etc/modules-load.d/conntriage.conf 2>/dev/null)
t_type "setting: typed once more"
t_same "setting: twice is once" "$once" \
	"$(cat /etc/sysctl.d/zz-conntriage-* /etc/modules-load.d/conntriage.conf 2>/dev/null)"

flood
t_wait "the flood is found" 60 found || exit 1
cp /run/found.json "$here/flood.json"

now="now"
commands now
t_type "now: typed"
once=$(our_rules)
t_type "now: typed once more"
t_same "now: twice is once" "$once" "$(our_rules)"
t_same "now: the owner's rules are as they were" "$before" "$(rules)"
t_wait "now: the flood is over" 40 entries_below $((MAX / 4))
t_wait "now: the reader agrees" 20 not_critical
serves

now="undone"
commands undo
t_type "undone: typed" any
t_same "undone: the ruleset is as it was" "$before" "$(rules)"
t_eq "undone: nothing of ours is there" "$(our_tables)" ""
t_wait "undone: the flood is back" 40 entries_above $((MAX / 2))

now="for good"
commands now
t_type "for good: now first"
commands for_good
t_type "for good: typed"
once=$(our_rules)
t_type "for good: typed once more"
t_same "for good: twice is once" "$once" "$(our_rules)"
keep=$(our_tables keep-)
t_has "for good: a table that is kept" "$keep" .
t_same "for good: the owner's rules are as they were" "$before" "$(rules)"
for verb in "${VERBS[@]}"; do
	t_run "$verb" sh -c "$verb"
	t_wait "$verb: the owner's rules are there" 90 ready
	t_same "$verb: they are as they were" "$before" "$(rules)"
	t_eq "$verb: our table is there" "$(our_tables keep-)" "$keep"
done
now="for good"
t_held "for good: the flood has no effect"
serves
echo "$keep" >/opt/test/keep

# The rest of the disk is as in the layer
save "$2/disk.tar" /etc /opt/test
echo "done"
