#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: all source tables together take no more memory than memory_mib says,
# whatever memory_kib says and however many CPUs may come up, but for the least
# that a table needs; status tells what is taken, and the kernel's own account of
# it agrees.
#
# What a host with many possible CPUs gets is seen in a guest that is booted with
# possible_cpus=256 on its command line (vm/run -a).

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

MIB=1048576
LEAST=$((84 * 1024))

# possible - CPUs that may ever be there
possible()
{
	local range n=0

	for range in $(tr ',' ' ' </sys/devices/system/cpu/possible); do
		n=$((n + ${range#*-} - ${range%-*} + 1))
	done
	echo $n
}

# expected KIB MIB - bytes of a table, in whole pages
expected()
{
	local bytes=$(($1 * 1024)) share=$(($2 * MIB / possible))

	[ $share -ge $bytes ] || bytes=$share
	[ $bytes -ge $LEAST ] || bytes=$LEAST
	echo $((bytes / page * page))
}

# mapped - bytes that vmalloc gave to source tables
mapped()
{
	awk -v page="$page" '/ctri_table_/ {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^pages=/)
				n += substr($i, 7)
	}
	END { print n * page }' /proc/vmallocinfo
}

# t_memory KIB MIB - what a load with these takes
t_memory()
{
	local each what="memory_kib=$1 memory_mib=$2"

	each=$(expected "$1" "$2")
	module_load memory_kib="$1" memory_mib="$2"
	t_eq "$what: each table" "$(status memory_cpu)" "$each"
	t_eq "$what: all there are" "$(status memory)" $(($(status cpus) * each))
	t_eq "$what: all there can be" "$(status memory_cap)" $((possible * each))
}

ktap_print_header
need_module getconf
page=$(getconf PAGESIZE)
possible=$(possible)
[ "$page" -le 4096 ] || ktap_skip_all "pages of $page bytes: the least of a table is another"
topo_up 1
ktap_set_plan 16
ktap_print_msg "$possible possible CPUs"

t_memory 512 32
module_unload
t_memory 65536 1
module_unload
# no power of two, so it is vmalloc's: counted there to the page
t_memory 96 1024
t_eq "the kernel agrees" "$(mapped)" "$(status memory)"
t_eq "a namespace: its counters, for each possible CPU" \
	$(($(status memory_netns) - possible * 128 > 0 && \
	   $(status memory_netns) - possible * 128 < 2048)) 1
t_eq "no census yet" "$(status memory_census)" 0
cat "$CTRI_FS/census" >/dev/null
t_num "the last census is kept" "$(status memory_census)" -ge 1024
module_unload

# The smallest tables do what tables do
module_load memory_kib=84 memory_mib=1
watched r
gen c1 -n 20 -s 10.0.1.11 -d "$S4" --sport 10000-10019
t_src "the smallest table counts" r insert 10.0.1.11 20
module_unload
t_clean "kernel log"
t_eq "nothing of the tables is left" "$(mapped)" 0
ktap_finished
