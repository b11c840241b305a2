#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: with the probes armed, evictions and refusals equal the kernel's own
# counts and name who caused them, whose entries were killed, and who was turned
# away. What happened before they were armed is shown as unattributed.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MAX=1000
FLOODER=10.0.1.66
INNOCENT=10.0.2.2
FLOODER6=fd00:0:1:66::/64

# Enough buckets that early_drop() (nf_conntrack_core.c), which looks into 8 of
# them, finds no victim in about every second attempt: both outcomes, many times
BUCKETS=16384

declare -A was			# what kernel and module last said
kernel()
{
	was[k_early_drop]=$(kstat r early_drop)
	was[k_drop]=$(kstat r drop)
}
module()
{
	read -r "was[evictions]" "was[gc]" "was[evicting]" "was[refusals]" \
		"was[inserts]" <<<"$(nsv r evictions,gc_evictions,evicting,refusals,inserts)"
}

ktap_print_header
need_module conntrack
topo_up 2
topo_up 1 x
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 34
put /sys/module/nf_conntrack/parameters/hashsize $BUCKETS
put /proc/sys/net/netfilter/nf_conntrack_max $MAX

# From empty to far over the maximum at once: the probes come late or in time,
# but what they missed is shown
t_run "quiet: the probes are idle" probes_are idle
gen c1 -n 4000 -s 10.0.1.50 -d "$S4" --sport 10000-14000
t_run "pressure arms the probes" wait_until 10 probes_are armed
kernel
module
t_eq "unattributed evictions are the rest of early_drop" \
	"$(nsv r evictions_unattr)" "$((was[k_early_drop] - was[evictions]))"
t_eq "unattributed drops are the rest of drop" \
	"$(nsv r drops_unattr)" "$((was[k_drop] - was[refusals]))"
t_eq "k_early_drop and k_drop are the kernel's" "$(nsv r k_early_drop,k_drop)" \
	"${was[k_early_drop]} ${was[k_drop]}"

# A table of the innocent's entries, then the flood, all with probes armed
on r conntrack -F 2>/dev/null
gen c2 -n $((MAX - 100)) -s $INNOCENT -d "$S4" --sport 20000-20999
probes_are armed || ktap_exit_fail_msg "the probes were disarmed under pressure"
kernel
module
unattr=$(nsv r evictions_unattr,drops_unattr)
k0_early=${was[k_early_drop]} k0_drop=${was[k_drop]}
m0_evictions=${was[evictions]} m0_refusals=${was[refusals]}
m0_evicting=${was[evicting]} m0_inserts=${was[inserts]}
forwarded=$(nft_packets r ctri_ct forwarded)
gen c1 -n 3000 -s $FLOODER -d "$S4" --sport 30000-32999
gen c1 -n 1500 -s "${FLOODER6%/*}1" -d "$S6" -p tcp --sport 30000-31499
gen c2 -n 300 -s $INNOCENT -d "$S4" --sport 21000-21299
kernel
module
evictions=$((was[evictions] - m0_evictions))
refusals=$((was[refusals] - m0_refusals))
t_num "entries were evicted" $evictions -ge 100
t_num "packets were refused" $refusals -ge 100
t_eq "evictions are early_drop" $evictions $((was[k_early_drop] - k0_early))
t_eq "refusals are drop" $refusals $((was[k_drop] - k0_drop))
t_eq "inserted and refused are what was sent" \
	$((was[inserts] - m0_inserts + refusals)) 4800
t_eq "refused packets, and no others, were not forwarded" \
	$(($(nft_packets r ctri_ct forwarded) - forwarded)) $((4800 - refusals))
t_eq "nothing more is unattributed" "$(nsv r evictions_unattr,drops_unattr)" "$unattr"

# Each source's part, at a moment between two runs of the gc worker, which may
# come at any time now and evicts as well
measure()
{
	local gc

	for _ in 1 2 3 4 5; do
		gc=$(nsv r gc_evictions)
		read -r in4 in4_err <<<"$(src r insert $FLOODER count,err)"
		read -r in6 in6_err <<<"$(src r insert $FLOODER6 count,err)"
		read -r in2 in2_err <<<"$(src r insert $INNOCENT count,err)"
		read -r refused4 refused4_kinds <<<"$(src r refused $FLOODER count,kinds)"
		read -r refused6 refused6_kinds <<<"$(src r refused $FLOODER6 count,kinds)"
		refused2=$(src r refused $INNOCENT count)
		e4=$(src r evicting $FLOODER count)
		e6=$(src r evicting $FLOODER6 count)
		e2=$(src r evicting $INNOCENT count)
		lost4=$(src r evicted $FLOODER count)
		lost2=$(src r evicted $INNOCENT count)
		lost2_by_gc=$(src_kind r evicted $INNOCENT gc_)
		lost2_by_early_drop=$(src_kind r evicted $INNOCENT early_drop_)
		held4=$(on r conntrack -L -s $FLOODER 2>/dev/null | wc -l)
		held2=$(on r conntrack -L -s $INNOCENT 2>/dev/null | wc -l)
		evicted=$(src_sum r evicted)
		module
		[ "$gc" != "${was[gc]}" ] || return 0
	done
	ktap_print_msg "the gc worker never paused; numbers may not fit"
}
measure
t_eq "flooder: inserted or refused, exactly" "$((in4 + refused4)) err $in4_err" "3000 err 0"
t_eq "IPv6 flooder: inserted or refused, exactly" "$((in6 + refused6)) err $in6_err" "1500 err 0"
t_eq "innocent: inserted or refused, exactly" "$((in2 + refused2)) err $in2_err" \
	"$((MAX - 100 + 300)) err 0"
t_num "innocent was refused" "$refused2" -ge 1
t_num "innocent was evicted" "$lost2" -ge 50
t_eq "refused by source add up" "$(src_sum r refused)" "$(nsv r refusals)"
t_eq "refused by protocol" "$refused4_kinds $refused6_kinds" "udp=$refused4 tcp=$refused6"
evicting=$((was[evicting] - m0_evicting))
t_eq "evicting by source add up" $((e4 + e6 + ${e2:-0})) $evicting
t_num "the flooder evicts most" "$e4" -ge $((evicting / 2))
t_num "a connection evicts one entry or more" $evictions -ge $evicting
t_eq "evicted by source add up" "$evicted" $((was[evictions] + was[gc]))

# A victim's entries: those that were inserted and don't stand any more
t_eq "innocent: evicted are the entries that it lost" "$lost2" $((in2 - held2))
t_eq "flooder: evicted are the entries that it lost" "$lost4" $((in4 - held4))
t_eq "kinds of eviction" "$((lost2_by_early_drop + lost2_by_gc))" "$lost2"

# The other router has room of its own, and no part in this
gen xc1 -n 100 -s $FLOODER -d "$S4" --sport 30000-30099
t_eq "other namespace: nobody evicted or refused" \
	"$(nsv xr inserts,evictions,refusals,evicting,gc_evictions)" "100 0 0 0 0"

t_eq "no event is without a cause" "$(status lost_no_cause)" 0
t_eq "no event is without a namespace" "$(status lost_no_netns)" 0
t_eq "no probe was missed" "$(status lost_probe_missed)" 0
t_num "the arming was counted" "$(status armings)" -ge 1

# Room again: the probes go
on r conntrack -F 2>/dev/null
if [ "$QUICK" ]; then
	ktap_test_skip "the probes are disarmed when it is quiet" "QUICK is set"
else
	t_run "the probes are disarmed when it is quiet" wait_until 75 probes_are idle
fi
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
