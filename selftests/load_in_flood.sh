#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: loaded in the middle of a flood on a full table, which is when people
# load it, the module arms all its probes, and counts exactly from there on.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

flood()
{
	gen_bg c1 -n 5000000 -t 60 -s 10.0.1.66 -d "$S4" \
		--sport 10000-60000 --dport 1-1000
}

# The kernel's view of the probes, not the module's
disabled_probes()
{
	grep -E '__nf_conntrack_alloc|early_drop|nf_ct_helper_destroy' /sys/kernel/debug/kprobes/list |
		grep -c DISABLED
}

ktap_print_header
need_module
topo_up 1
module_load
need_quiet_host 400
need_probes
module_unload
rounds=$([ "$QUICK" ] && echo 2 || echo 4)
ktap_set_plan $((rounds * 4 + 1))
put /sys/module/nf_conntrack/parameters/hashsize 16384
put /proc/sys/net/netfilter/nf_conntrack_max 1000

for ((i = 1; i <= rounds; i++)); do
	flood
	module_load
	t_run "load $i: the probes are armed" wait_until 30 probes_are armed
	t_eq "load $i: the kernel says so, too" "$(disabled_probes)" 0
	bg_end "$BG_PID"

	read -r evictions refusals <<<"$(nsv r evictions,refusals)"
	early_drop=$(kstat r early_drop)
	drop=$(kstat r drop)
	gen c1 -n 2000 -s 10.0.1.67 -d "$S4" --sport 10000-11999
	t_eq "load $i: evictions are early_drop" $(($(nsv r evictions) - evictions)) \
		$(($(kstat r early_drop) - early_drop))
	t_eq "load $i: refusals are drop" $(($(nsv r refusals) - refusals)) \
		$(($(kstat r drop) - drop))
	module_unload
done
t_clean "kernel log"
ktap_finished
