#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: /proc/net/conntriage shows a namespace its own rows and nothing of
# any other, to nobody but who may change its network, whoever made it; all who
# read within a second share what one has found; it outlives neither namespace nor
# module, and keeps neither.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

NAME=net/conntriage
FILE=/proc/$NAME

# proc ROLE - as a process there sees it
proc()
{
	on "$1" cat $FILE
}

# anew - wait until the next reader looks anew
anew()
{
	sleep 1.2
}

# proc_sources ROLE - as they are now
proc_sources()
{
	anew
	proc "$1" | awk 'NR > 1 && $1 != "netns"'
}

# own ROLE COLUMN[,COLUMN...] - of the namespace's row
own()
{
	proc "$1" | awk -v column="$2" '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; m = split(column, want, ",") }
	$1 == "netns" {
		for (k = 1; k <= m; k++)
			printf "%s%s", (k > 1 ? " " : ""), $at[want[k]]
		print ""
	}'
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
ktap_set_plan 54

t_eq "mode" "$(on r stat -Lc '%a %U %G' $FILE)" "444 root root"
t_eq "a namespace without traffic has its own row" \
	"$(on empty awk 'NR == 2 { print $1, $2 }' $FILE)" "netns $(ns_inode empty)"
t_eq "and no source" "$(proc_sources empty)" ""

# 1,000 sources in one, each of which has more than the three of the other
gen c1 -n 5000 -s 10.0.1.2 --sources 200 -d "$S4" --sport 10000-10024
gen c1 -n 8000 -s 10.9.0.1 --sources 800 -d "$S4" --sport 10000-10009
gen xc1 -n 9 -s 10.0.1.241 --sources 3 -d "$S4" --sport 10000-10002
gen xc1 -n 2 -s 10.0.1.245 -d "$S4" -p tcp --flags FA --sport 1-2
t_eq "the flooded namespace: one row, its own" "$(anew; own r netns)" "$(ns_inode r)"
t_eq "the flooded namespace: 64 sources" "$(proc_sources r | grep -c '^insert ')" 64
t_eq "the other: one row, its own" "$(own xr netns)" "$(ns_inode xr)"
xr_rows=$(for i in 1 2 3; do echo "insert $(ns_inode xr) 0 10.0.1.24$i 3 0 0"; done
	echo "invalid $(ns_inode xr) 0 10.0.1.245 2 0 0"
	echo "invalid_to $(ns_inode xr) 0 $S4 2 0 0"
	echo "invalid_to $(ns_inode xr) 0 tcp/9 2 - -")
xr_seen()
{
	proc_sources xr | cut -d ' ' -f 1,2,3,5,6,7,9 | sort
}
t_eq "the other: its three sources, the INVALID one, and where that went" \
	"$(xr_seen)" "$xr_rows"
t_eq "though debugfs has no room for it" "$(rows_of xr | grep -c '^insert ')" 0
t_eq "no row of the flooded one there" "$(proc xr | grep -cw "$(ns_inode r)")" 0
t_eq "no row of the other here" "$(proc r | grep -cw "$(ns_inode xr)")" 0
t_eq "the silent one still knows nothing" "$(proc_sources empty)" ""
columns=$(head -n 1 "$CTRI_FS/netns" | sed 's/ id / /; s/ generation$//; s/ /,/g')
t_eq "netns row as in debugfs" "$(own xr "$columns")" \
	"$(col netns "$columns" "netns=$(ns_inode xr)")"
t_eq "the header is that of sources, and the rest of netns'" "$(proc r | head -n 1)" \
	"$(head -n 1 "$CTRI_FS/sources" | sed 's/ generation$//') $(head -n 1 "$CTRI_FS/netns" | sed 's/netns id //; s/ count / /')"
for role in r xr empty; do
	proc $role | awk '!n { n = NF } NF != n || / $|  |^ |^$/ { print }'
done >"$lib_tmp/odd"
t_eq "every row has its header's columns" "$(cat "$lib_tmp/odd")" ""

t_eq "the recorder's generation isn't told, nor where it stands" "$(own xr generation)" -

# How many namespaces there were is not for them to know
t_eq "id: the initial one is 1" "$(awk '$1 == "netns" { print $3 }' $FILE)" 1
t_eq "id: any other is 0, in all rows" \
	"$({ proc r; proc xr; } | awk 'NR > 1 && $1 != "class" { print $3 }' | sort -u)" 0

# Readers of one second share what the first one found. Opened is opened: what
# comes later isn't in it
# same_second - two readings, and a connection in between: sets first and again. Fails
# if the machine is too slow for that
same_second()
{
	local began

	anew
	began=${EPOCHREALTIME/./}
	first=$(own r inserts)
	gen c1 -n 1 -s 10.0.1.2 -d "$S4" --sport $((port++))
	again=$(own r inserts)
	[ $((${EPOCHREALTIME/./} - began)) -lt 950000 ]
}
port=40000
if wait_until 30 same_second; then
	t_eq "within a second: what the first one found" "$again" "$first"
else
	ktap_test_skip "within a second: what the first one found" "it takes longer here"
fi
t_eq "a second later: what is so then" "$(anew; own r inserts)" $((first + 1))
exec {open}< <(on r sh -c "exec 3<$FILE; echo >$lib_tmp/opened; sleep 3; cat <&3")
wait_until 10 [ -s "$lib_tmp/opened" ]
gen c1 -n 10 -s 10.0.1.2 -d "$S4" --sport 50000-50009
t_eq "a file is of when it was opened" \
	"$(awk 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "inserts") at = i }
		$1 == "netns" { print $at }' <&$open)" $((first + 1))
exec {open}<&-

# Who may read it. may NAME OUTPUT HOST... - the first line is the namespace's inode
# number; nothing of the hosts is there
may()
{
	local name=$1 out=$2 others

	shift 2
	others=$(for role; do ns_inode "$role"; done | paste -sd '|')
	if ! head -n 1 <<<"$out" | grep -qx '[0-9]*'; then
		ktap_test_skip "$name: its own row" "no user namespaces: $(tail -n 1 <<<"$out")"
		ktap_test_skip "$name: nothing of its host" "no user namespaces"
		return
	fi
	t_eq "$name: its own row" "$(awk '$1 == "netns" { print $2 }' <<<"$out")" \
		"$(head -n 1 <<<"$out")"
	t_eq "$name: nothing of its host" "$(grep -cwE "$others|10.0.1.24[1-5]" <<<"$out")" 0
}
READ="stat -Lc %i /proc/self/ns/net; cat $FILE"
DENIED='not permitted'
t_has "not for an unprivileged user" "$(as_nobody r cat $FILE)" "$DENIED"
t_has "nor for root without CAP_NET_ADMIN" \
	"$(on r setpriv --bounding-set=-net_admin --inh-caps=-net_admin cat $FILE 2>&1)" "$DENIED"
t_eq "root without any other" "$(on r setpriv --bounding-set=-all,+net_admin --inh-caps=-all \
	cat $FILE 2>&1 | awk '$1 == "netns" { print $2 }')" "$(ns_inode r)"
may "a container, made in one step" "$(as_nobody xr unshare -Urn sh -c "$READ")" r xr
may "made in two" "$(as_nobody xr unshare -Ur -- unshare -n sh -c "$READ")" r xr
may "made by the host's root" "$(on xr unshare -Urn sh -c "$READ" 2>&1)" r xr
t_has "a user within a container, not" "$(as_nobody xr unshare -Ur -- unshare -n \
	setpriv --inh-caps=-all --bounding-set=-all cat $FILE)" "$DENIED"
t_has "a container's root, its host's, not" "$(as_nobody xr unshare -Ur cat $FILE)" "$DENIED"
# A container that root looks into from outside
ns_add watched_one
as_nobody watched_one unshare -Urn sh -c 'echo $$; exec sleep 100' >"$lib_tmp/inner" &
lib_pids+=($!)
wait_until 10 test -s "$lib_tmp/inner"
inner=$(cat "$lib_tmp/inner")
if is_number "$inner"; then
	t_eq "the host's root reads a container's" \
		"$(awk '$1 == "netns" { print $2 }' "/proc/$inner/$NAME")" \
		"$(stat -Lc %i "/proc/$inner/ns/net")"
	t_has "another container's root doesn't" \
		"$(as_nobody xr unshare -Urn cat "/proc/$inner/$NAME")" "$DENIED|denied"
	kill "$inner"
else
	ktap_test_skip "the host's root reads a container's" "no user namespaces"
	ktap_test_skip "another container's root doesn't" "no user namespaces"
fi
# A file that was opened by one who may, and handed on: it can be read, as it was.
# To open it again takes what it took the first time
out=$(on xr sh -c "exec 3<$FILE; exec setpriv --reuid 65534 --regid 65534 --clear-groups \
	--inh-caps=-all -- unshare -Urn sh -c '
	cat /proc/self/fd/3 2>&1 | tail -n 1; cat <&3 | grep -c \"^netns $(ns_inode xr) \"'" 2>&1)
t_has "a file that is handed on can't be opened again" "$(head -n 1 <<<"$out")" "$DENIED|denied"
t_eq "and shows what it was opened for" "$(tail -n 1 <<<"$out")" 1

# A namespace goes while its file is open, which doesn't hold it
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
gone()
{
	[ -z "$(col netns id "netns=$late")" ]
}
t_run "open while its namespace goes: it goes" wait_until 30 gone
t_has "and nothing more is read from it" "$(cat <&$open 2>&1)" 'Input/output error'
exec {open}<&-

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

# What others do to the memory that all share is told to nobody
module_unload
module_load memory_kib=96
watched xr
gen xc1 -n 600 -s 10.0.1.241 --sources 2 -d "$S4" --sport 30000-30299
xr_rows=$(xr_seen)
gen c1 -n 8000 -s 10.9.0.1 --sources 4000 -d "$S4" --sport 30000-30001
t_num "others flood, and lose events" "$(col classes missed class=insert)" -gt 1000
t_eq "which the rows of a namespace don't tell" "$(xr_seen)" "$xr_rows"
t_eq "those are what they were" "$xr_rows" \
	"$(for i in 1 2; do echo "insert $(ns_inode xr) 0 10.0.1.24$i 300 0 0"; done)"

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
	read -r inserts listed err errs most < <(proc $role | awk '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == "inserts") at = i }
		$1 == "netns" { inserts = $at }
		$1 == "insert" {
			n += $6
			errs += !seen[$7]++
			err = $7
			if ($6 > most)
				most = $6
		}
		END { print inserts, n + 0, err + 0, errs + 0, most + 0 }')
	ktap_print_msg "$role: $inserts insertions, $listed of them in rows, error $err"
	t_num "little memory: the error is of what is missing" "$err" -le $((inserts - listed))
	t_num "little memory: and the same in all rows" "$errs" -le 1
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
