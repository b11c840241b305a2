#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: namespaces are born and die under load while everything is read; the
# module follows them, and lets go of them.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

FILES="sources netns census status history classes"

# Reads all files in turn until there is a file "stop"; a row that isn't whole,
# or a file that can't be read, ends it. Prints how many rounds it made.
# One process for all of it: on an emulated machine a new one for each file would
# spend most of its time starting.
reader()
{
	exec awk -v dir="$CTRI_FS" -v files="$FILES" -v stop="$lib_tmp/stop" '
	function whole(file,	line, n, nr, ret, f) {
		nr = 0
		while ((ret = (getline line < file)) > 0) {
			n = split(line, f, " ")
			if (!nr++)
				head = n
			if (n != head) {
				print file ": " n " columns: " line
				return 0
			}
		}
		close(file)
		if (ret < 0 || !nr)
			print file ": nothing to read"
		return ret == 0 && nr
	}
	BEGIN {
		n = split(files, name, " ")
		while ((getline line < stop) < 0) {
			for (i = 1; i <= n; i++)
				if (!whole(dir "/" name[i]))
					exit 1
			rounds++
			system("sleep 0.05")
		}
		print rounds
	}'
}

# Every namespace that the module still shows is one of those before
gone()
{
	[ "$(status namespaces)" = "$namespaces" ]
}

ktap_print_header
need_module
rounds=$([ "$QUICK" ] && echo 2 || echo 4)
ktap_set_plan $((rounds + 5))
module_load
namespaces=$(status namespaces)
put /sys/module/nf_conntrack/parameters/hashsize 16384
need_quiet_host 400
put /proc/sys/net/netfilter/nf_conntrack_max 1000

reader >"$lib_tmp/reader" 2>&1 &
reader=$!
lib_pids+=("$reader")

for ((i = 0; i < rounds; i++)); do
	topo_up 1 "a$i"
	gen_bg "a${i}c1" -n 5000000 -t 60 -r 8000 -s 10.0.1.11 \
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
touch "$lib_tmp/stop"
bg_wait "$reader"
t_eq "the reader found every row whole" $? 0
t_num "rounds that it made" "$(cat "$lib_tmp/reader")" -ge 3
ktap_print_msg "reader: $(cat "$lib_tmp/reader")"
t_run "unload" module_unload
t_clean "kernel log"
ktap_finished
