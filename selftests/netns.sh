#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: namespaces are born and die under load while everything is read; the
# module follows them, and lets go of them.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Reads without pause; a row that isn't whole, or an error, ends it with 1.
reader()
{
	local n=0

	trap 'echo "$n"; exit 0' TERM
	while :; do
		awk 'NR == 1 { n = NF } NF != n { exit 1 }' "$CTRI_FS/$1" || exit 1
		n=$((n + 1))
	done
}

# Every namespace that the module still shows is one of those before
gone()
{
	[ "$(status namespaces)" = "$namespaces" ]
}

ktap_print_header
need_module
rounds=$([ "$QUICK" ] && echo 2 || echo 6)
ktap_set_plan $((rounds + 8))
module_load
namespaces=$(status namespaces)
put /sys/module/nf_conntrack/parameters/hashsize 16384
need_quiet_host 400
put /proc/sys/net/netfilter/nf_conntrack_max 1000

pids=()
for f in sources netns census status history; do
	reader $f >"$lib_tmp/read.$f" 2>&1 &
	pids+=($!)
	lib_pids+=($!)
done

for ((i = 0; i < rounds; i++)); do
	topo_up 1 "a$i"
	bg "a${i}c1" "$CTRI_DIR/ctgen" -i eth0 --mac 02:00:00:00:01:01 \
		--netns "${topo_inode[a${i}c1]}" -n 5000000 -t 60 -s 10.0.1.11 \
		--sources 50 -d "$S4" --sport 10000-60000 --dport 1-1000
	flood=$BG_PID
	seen()
	{
		[ "$(nsv "a${i}r" inserts)" -gt 500 ]
	}
	t_run "namespace $((i + 1)) is seen" wait_until 20 seen
	# The router first, with packets in it and entries that may be evicted
	ns_del "a${i}r"
	bg_end "$flood" 2>/dev/null
	ns_del "a${i}c1"
	ns_del "a${i}s"
done

t_run "the module lets go of all of them" wait_until 60 gone
i=0
for f in sources netns census status history; do
	bg_end "${pids[i]}"
	i=$((i + 1))
	t_num "reads of $f under load" "$(tail -n 1 "$lib_tmp/read.$f")" -ge 1
done
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
