#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: namespaces are born and killed by the hundred during a flood, with
# entries in them; the module follows each, and lets go of each.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

BATCH=10

# Conntrack is on in it, and it has entries of its own
inhabit()
{
	on "$1" sh -c 'ip link set lo up && nft -f -' <<-'END' || return
	table inet t {
		chain c {
			type filter hook output priority 0;
			ct state invalid counter
		}
	}
	END
	on "$1" "$CTRI_TOOLS/ctpeer" ask -a 127.0.0.1 -p 9 -n 3 -t 2 --wait 20 >/dev/null 2>&1
}

# Rows of the namespaces NAME..., in the module's file
rows()
{
	local role n=0

	for role; do
		[ -z "$(nsv "$role" inserts)" ] || n=$((n + 1))
	done
	echo $n
}

gone()
{
	[ "$(status namespaces)" = "$namespaces" ]
}

ktap_print_header
need_module
topo_up 1
put /sys/module/nf_conntrack/parameters/hashsize 16384
module_load
watched r
need_quiet_host 400
put /proc/sys/net/netfilter/nf_conntrack_max 1000
n=$(rounds 200 30)
ktap_set_plan 7
namespaces=$(status namespaces)
flood c1 -r 2000
leaks_begin

born=0 seen=0 inhabited=0
for ((i = 0; i < n; i += BATCH)); do
	roles=()
	for ((k = 0; k < BATCH; k++)); do
		roles+=("b$k")
	done
	ns_add "${roles[@]}"
	born=$((born + BATCH))
	# what lives in it when it is killed: nothing in one half
	for ((k = 0; k < BATCH; k += 2)); do
		inhabit "b$k" && inhabited=$((inhabited + 1))
	done
	seen=$((seen + $(rows "${roles[@]}")))
	cat "$CTRI_FS/sources" "$CTRI_FS/census" >/dev/null &
	for k in "${roles[@]}"; do
		ns_del "$k"
	done
	wait $!
done
t_eq "$n namespaces were born" $born "$n"
t_eq "each has a row" $seen "$n"
t_eq "half of them had entries" $inhabited $((n / 2))
t_run "the flood went on" kill -0 "$FLOOD"
bg_end "$FLOOD"
t_run "the module lets go of all of them" wait_until 120 gone
module_unload
t_eq "nothing remains" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
