#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: /proc/net/conntriage shows a namespace its own rows and nothing of
# any other, to nobody but its root, and outlives neither namespace nor module.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

NAME=net/conntriage
FILE=/proc/$NAME

# proc ROLE - as a process there sees it
proc()
{
	on "$1" cat $FILE
}

# proc_sources ROLE - the second table, without its header
proc_sources()
{
	proc "$1" | awk 'after > 1; NF == 0 { after = 1; next } after { after++ }'
}

# rows_of ROLE - of debugfs' sources
rows_of()
{
	awk -v netns="${topo_inode[$1]}" 'NR > 1 && $2 == netns' "$CTRI_FS/sources"
}

# as_nobody ROLE COMMAND...
as_nobody()
{
	local role=$1

	shift
	on "$role" setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all -- "$@" 2>&1
}

ktap_print_header
need_module setpriv unshare
topo_up 1
topo_up 1 x
ns_add empty
put /proc/sys/net/netfilter/nf_conntrack_max 100000
# The table of sources is for all namespaces: it has room for these
module_load memory_kib=4096
watched r
watched xr
ktap_set_plan 29

t_eq "mode" "$(on r stat -Lc '%a %U %G' $FILE)" "440 root root"
t_eq "a namespace without traffic has its own row" \
	"$(on empty awk 'NR == 2 { print $1 }' $FILE)" "$(ns_inode empty)"
t_eq "and no source" "$(proc_sources empty)" ""

# 1,000 sources in one, each of which has more than the three of the other
gen c1 -n 5000 -s 10.0.1.2 --sources 200 -d "$S4" --sport 10000-10024
gen c1 -n 8000 -s 10.9.0.1 --sources 800 -d "$S4" --sport 10000-10009
gen xc1 -n 9 -s 10.0.1.241 --sources 3 -d "$S4" --sport 10000-10002
gen xc1 -n 2 -s 10.0.1.245 -d "$S4" -p tcp --flags FA --sport 1-2
t_eq "the flooded namespace: one row, its own" \
	"$(proc r | awk 'NR > 1 && !NF { exit } NR > 1 { print $1 }')" "$(ns_inode r)"
t_eq "the flooded namespace: 64 sources" "$(proc_sources r | grep -c '^insert ')" 64
t_eq "the other: one row, its own" \
	"$(proc xr | awk 'NR > 1 && !NF { exit } NR > 1 { print $1 }')" "$(ns_inode xr)"
t_eq "the other: its three sources, the INVALID one, and where that went" \
	"$(proc_sources xr | cut -d ' ' -f 1,2,5,6,7 | sort)" \
	"$(for i in 1 2 3; do echo "insert $(ns_inode xr) 10.0.1.24$i 3 0"; done
	   echo "invalid $(ns_inode xr) 10.0.1.245 2 0"
	   echo "invalid_to $(ns_inode xr) $S4 2 0"
	   echo "invalid_to $(ns_inode xr) tcp/9 2 0")"
t_eq "though debugfs has no room for it" "$(rows_of xr | grep -c '^insert ')" 0
t_eq "no row of the flooded one there" "$(proc xr | grep -cw "$(ns_inode r)")" 0
t_eq "no row of the other here" "$(proc r | grep -cw "$(ns_inode xr)")" 0
t_eq "the silent one still knows nothing" "$(proc_sources empty)" ""
t_eq "netns row as in debugfs" "$(proc xr | sed -n 2p)" \
	"$(awk -v netns="$(ns_inode xr)" '$1 == netns' "$CTRI_FS/netns")"
t_eq "headers as in debugfs" "$(proc r | awk 'NR == 1; after { print; exit } !NF { after = 1 }')" \
	"$(head -qn 1 "$CTRI_FS/netns" "$CTRI_FS/sources")"
for role in r xr empty; do
	proc $role | awk '!NF { n = 0; next } !n { n = NF; next } NF != n || / $|  |^ / { print }'
done >"$lib_tmp/odd"
t_eq "every row has its header's columns" "$(cat "$lib_tmp/odd")" ""

# Who may read it
t_has "not for an unprivileged user" "$(as_nobody r cat $FILE)" 'Permission denied'
# Root of a user namespace, with a network of its own
out=$(as_nobody xr unshare -r -- unshare -n sh -c \
	"stat -Lc %i /proc/self/ns/net; cat $FILE")
if [ "$(grep -c conntrack <<<"$out")" -ge 1 ]; then
	t_eq "a container's root: its own row" "$(sed -n 3p <<<"$out" | cut -d ' ' -f 1)" \
		"$(head -n 1 <<<"$out")"
	t_eq "a container's root: nothing of its host" \
		"$(grep -cwE "$(ns_inode r)|$(ns_inode xr)|10.0.1.24[1-5]" <<<"$out")" 0
else
	ktap_test_skip "a container's root: its own row" "no user namespaces: $(tail -n 1 <<<"$out")"
	ktap_test_skip "a container's root: nothing of its host" "no user namespaces"
fi

# A namespace goes while its file is open: nothing but the file holds it
ns_add late
bg late sleep 100
holder=$BG_PID
there()
{
	[ "$(stat -Lc %i "/proc/$holder/ns/net")" = "$1" ]
}
wait_until 10 there "$(ns_inode late)" || ktap_exit_fail_msg "no process in the namespace"
late=$(ns_inode late)
exec {open}<"/proc/$holder/$NAME"
bg_end "$holder" 2>/dev/null
ns_del late
t_eq "open while its namespace goes: still readable" \
	"$(awk 'NR == 2 { print $1 }' <&$open)" "$late"
exec {open}<&-
gone()
{
	[ -z "$(col netns id "netns=$late")" ]
}
t_run "closed: it goes" wait_until 30 gone

# Readers of namespaces that come and go
reader()
{
	local n=0

	while [ ! -e "$lib_tmp/stop" ] && [ $n -lt 100000 ]; do
		cat "/proc/$1/$NAME"
		n=$((n + 1))
	done >/dev/null 2>&1
}
rounds=$([ "$QUICK" ] && echo 3 || echo 8)
for ((i = 0; i < rounds; i++)); do
	ns_add brief
	bg brief sleep 100
	holder=$BG_PID
	rm -f "$lib_tmp/stop"
	reader "$holder" &
	reading=$!
	late=$(ns_inode brief)
	wait_until 10 there "$late"
	bg_end "$holder" 2>/dev/null
	ns_del brief
	: >"$lib_tmp/stop"
	wait "$reading"
	wait_until 30 gone || break
done
t_eq "read while namespaces come and go" "$i" "$rounds"

# With little memory a flood takes the room of small sources. What is listed is
# true, and what is missing shows: the counter above the sum of the rows
module_unload
module_load memory_kib=96
watched r
watched xr
gen xc1 -n 30 -s 10.0.1.241 --sources 10 -d "$S4" --sport 20000-20002
gen c1 -n 8000 -s 10.9.0.1 --sources 4000 -d "$S4" --sport 20000-20001
gen xc1 -n 30 -s 10.0.1.241 --sources 10 -d "$S4" --sport 20100-20102
for role in r xr; do
	read -r inserts listed bound most < <(proc $role | awk '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == "inserts") at = i }
		NR == 2 { inserts = $at }
		$1 == "insert" { n += $6; if ($7 != "-") n_err += $7; if ($6 > most) most = $6 }
		END { print inserts, n + 0, n + n_err, most + 0 }')
	ktap_print_msg "$role: $inserts insertions, $listed of them in rows, up to $bound"
	if [ $role = r ]; then
		t_num "little memory: what is missing shows" "$listed" -lt "$inserts"
		t_eq "the counter misses nothing" "$inserts" 8000
	else
		t_num "little memory: no source has more than it had" "$most" -le 6
		t_eq "of the other namespace, the counter" "$inserts" 60
	fi
done
t_eq "the initial namespace has number 1" \
	"$(col netns id "netns=$(stat -Lc %i /proc/1/ns/net)")" 1

# Unloaded while it is open
exec {open}<$FILE
read -r _ <&$open
t_run "unload, with the file open" module_unload
t_eq "nothing more is read from it" "$(cat <&$open 2>/dev/null | head -c 1)" ""
exec {open}<&-
t_eq "gone" "$(ls /proc/net; on xr ls /proc/net)" \
	"$({ ls /proc/net; on xr ls /proc/net; } | grep -vx conntriage)"
t_clean "kernel log"
ktap_finished
