#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: under the kernel's lockdown, integrity and confidentiality, every
# file can be read, probes are armed, the reader works, the module can go. It
# lasts until the next boot, so this needs a guest of its own:
#
#	selftests/vm/run -c 2 -m 1536 -- selftests/run_tests security_lockdown.sh

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

LOCKDOWN=/sys/kernel/security/lockdown
READER=$CTRI_DIR/../userspace/conntriage
MAX=500

# crowd ROUND - more than the table holds
crowd()
{
	gen c1 -n $((MAX * 3)) -s "10.0.1.$((60 + $1))" -d "$S4" --sport 10000-$((9999 + MAX * 3))
}

# attributed - evictions and refusals that the probes saw are the kernel's
attributed()
{
	[ "$(nsv r refusals)" -gt "$refusals" ] &&
		[ "$(nsv r evictions,refusals)" = "$(nsv r k_early_drop,k_drop)" ]
}

# readable - every file, as far as its end
readable()
{
	cat "$CTRI_FS"/* /proc/net/conntriage >/dev/null
}

locked()
{
	echo "$1" >$LOCKDOWN && grep -q "\[$1\]" $LOCKDOWN
}

ktap_print_header
[ "${CONNTRIAGE_GUEST:-}" ] || ktap_skip_all "not in a guest; lockdown can't be taken back"
need_module
mountpoint -q /sys/kernel/security ||
	mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
[ -w $LOCKDOWN ] || ktap_skip_all "no lockdown in this kernel"
topo_up 2
module_load
watched r
need_probes
ktap_set_plan 12
put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max $MAX

# The probes are idle when the kernel is locked, and armed then
t_run "locked: integrity" locked integrity
t_run "integrity: every file is readable" readable
gen c2 -n $((MAX * 85 / 100)) -s 10.0.2.9 -d "$S4" --sport 10000-20000
t_run "integrity: probes are armed" wait_until 10 probes_are armed
refusals=$(nsv r refusals)
crowd 1
t_run "integrity: they are exact" attributed
if [ -x "$READER" ]; then
	t_run "integrity: the reader works" on r sh -c "$READER; [ \$? -lt 3 ]"
else
	ktap_test_skip "integrity: the reader works" "userspace/conntriage is not built"
fi
t_run "locked: confidentiality" locked confidentiality
t_run "confidentiality: every file is readable" readable
refusals=$(nsv r refusals)
crowd 2
t_run "confidentiality: probes are exact" attributed
t_run "unload" module_unload
t_eq "gone" "$(ls -d "$CTRI_FS" 2>/dev/null)" ""
# which is what signing.md is about
t_has "an unsigned module is refused, with the reason" \
	"$(module_insert 2>&1; dmesg | tail -n 3)" 'not permitted|unsigned module loading is restricted'
t_clean "kernel log"
ktap_finished
