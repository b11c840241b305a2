#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: live entries that the gc worker kills after a refusal, which no
# counter of the kernel's shows, are counted and named as evictions of its own.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

MAX=1000
LIMIT=950			# it kills down to 95 % of the maximum
BUCKETS=16384			# see pressure.sh: refusals, which wake it

gc_came()
{
	[ "$(kstat r entries)" -lt "$LIMIT" ]
}

ktap_print_header
need_module conntrack
topo_up 2
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 9
put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
put /proc/sys/net/netfilter/nf_conntrack_max $MAX

# A run of it that is under way already doesn't count: begin after one
gen c1 -n 600 -s 10.0.1.2 -d "$S4" --sport 10000-10599
gen c2 -n 300 -s 10.0.2.2 -d "$S4" --sport 10000-10299
t_run "pressure arms the probes" wait_until 10 probes_are armed
gen c1 -n 500 -s 10.0.1.2 -d "$S4" --sport 20000-20499
refused=$(nsv r refusals)
t_num "packets were refused" "$refused" -ge 1

# From here on nothing is sent, and nothing expires: who goes is killed. It
# comes within a minute.
wait_until 90 gc_came ||
	ktap_print_msg "the gc worker did not come: $(kstat r entries) entries"
stands=$(kstat r entries)
t_num "the gc worker came" "$stands" -lt $LIMIT

read -r gc early inserts <<<"$(nsv r gc_evictions,evictions,inserts)"
t_num "its kills are counted" "$gc" -ge 1
t_eq "and the kernel's early_drop does not have them" "$(kstat r early_drop)" \
	"$((early + $(nsv r evictions_unattr)))"
t_eq "inserted, less evicted, is what stands" \
	$((inserts - gc - $(kstat r early_drop))) "$stands"
t_eq "its victims are named" \
	"$(($(src_kind r evicted 10.0.1.2 gc) + $(src_kind r evicted 10.0.2.2 gc)))" "$gc"
held=$(on r conntrack -L -s 10.0.2.2 2>/dev/null | wc -l)
t_eq "a victim's loss is what it doesn't hold any more" \
	"$(src r evicted 10.0.2.2 count)" "$((300 - held))"
module_unload
t_clean "kernel log"
ktap_finished
