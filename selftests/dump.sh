#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: without the module, the reader lists the table by ctnetlink, and tells of it
# what the module's census tells of the same table; who opened connections between two
# lists, by number; and what a list did. It changes nothing else, whatever comes between:
# a signal, rights that are missing, a namespace that goes away.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/dump.sh
. "$CTRI_DIR/lib/dump.sh"

# between PID - a reader waits for its second list
between()
{
	grep -q nanosleep "/proc/$1/wchan"
}

# counters ROLE - all that the kernel counts
counters()
{
	on "$1" conntrack -C
	on "$1" conntrack -S
	on "$1" cat /proc/net/stat/nf_conntrack
}

# modules - those that are loaded, and by how many they are used
modules()
{
	awk '{ print $1, $3 }' /proc/modules | sort
}

# told FILE - of a census as JSON what doesn't depend on whom it was told by: no
# estimates, nothing that only memory tells
told()
{
	tr -d ' \n' <"$1" | sed 's/.*"namespaces":/"namespaces":/; s/"chains":.*"rows":/"rows":/
		s/"\(sources\|dests\|ports\|idle_median\|error\)":[0-9]*,//g
		s/},{/\n/g; s/\[{/\n/g; s/}\],/\n/g; s/[]}]*$//' | grep . | sort
}

# --- where conntrack isn't loaded ----------------------------------------------

# bare - without conntrack and what needs it, if that is possible
bare()
{
	local m

	for m in conntriage nf_conntrack_netlink nft_ct xt_conntrack nf_nat nf_conntrack; do
		[ ! -d "/sys/module/$m" ] || modprobe -rq "$m"
	done
	[ ! -d /sys/module/nf_conntrack ]
}

not_loaded()
{
	local before

	if ! [ "${CONNTRIAGE_GUEST:-}" ] || ! bare; then
		for ((i = 0; i < 8; i++)); do
			ktap_test_skip "a host without conntrack" "it can't be unloaded here"
		done
		return
	fi
	before=$(modules)
	reads here -v --seconds 0
	t_eq "a host without conntrack stays without" "$(modules)" "$before"
	t_has "and is told so" "$status $(words)" '^[03] .*connection tracking is not in use here'

	modprobe nf_conntrack
	before=$(modules)
	put /proc/sys/kernel/modprobe /bin/false
	reads here -v --seconds 0
	t_has "a kernel without ctnetlink: one sentence" "$status $(words)" \
		"^[013] .*can't be listed: this kernel has no ctnetlink; try: modprobe nf_conntrack_netlink"
	t_eq "nothing is loaded" "$(modules)" "$before"
	echo "${lib_saved[-1]#*=}" >/proc/sys/kernel/modprobe

	reads here -v --seconds 0
	t_num "a list loads nf_conntrack_netlink" "$(modules | grep -c '^nf_conntrack_netlink ')" -eq 1
	t_has "which is said" "$(words)" 'nf_conntrack_netlink'
	t_eq "and nothing but what that needs" \
		"$(comm -13 <(cut -d ' ' -f 1 <<<"$before") <(modules | cut -d ' ' -f 1) |
		   grep -Ev '^(nf_conntrack_netlink|nfnetlink)$')" ""
	reads here -v --seconds 0
	t_eq "once it is there, nobody says that it was loaded" \
		"$(words | grep -c 'loaded nf_conntrack_netlink')" 0
}

# --- the same as the module -----------------------------------------------------

# Above all others, so that no entry is under it: see census.sh
raise_timeouts()
{
	on r bash -c 'cd /proc/sys/net/netfilter && for f in *_timeout*; do
		echo $(($(cat $f) + 600)) >$f
	done; echo 500000 >nf_conntrack_tcp_timeout_max_retrans'
}

# like_module - the reader's census before and after the module's is the same
like_module()
{
	local before

	reads r census --seconds 0 --json --all --netns "${topo_inode[r]}"
	cp "$lib_tmp/out" "$lib_tmp/listed"
	module_load
	watched r
	another_walk
	reads r census --json --all --netns "${topo_inode[r]}"
	cp "$lib_tmp/out" "$lib_tmp/walked"
	cp "$CTRI_FS/census" "$lib_tmp/census"
	module_unload
	lib_module=
	reads r census --seconds 0 --json --all --netns "${topo_inode[r]}"
	before=$(told "$lib_tmp/listed")
	[ "$before" ] && [ "$(told "$lib_tmp/out")" = "$before" ]
}

census_too()
{
	raise_timeouts
	# few sources, so that each has a row of the 64
	fill r -n 4000 -s 20 -m 600
	gen c1 -n 60 -s 10.0.1.21 -d "$S4" -p tcp --sport 10000-10059 --dport 443
	gen s -n 20 -s "$S4" -d 10.0.1.21 -p tcp --sport 443 --dport 10000-10019 --flags SA --ack 1001
	gen c2 -n 40 -s 10.0.2.2 -d "$S4" --sport 10000-10039
	gen s -n 20 -s "$S4" -d 10.0.2.2 --sport 9 --dport 10000-10019
	gen c2 -n 15 -s fd00:0:2:3::1 -d "$S6" -p icmp --sport 1-15
	counters r >"$lib_tmp/before"
	reads r census --seconds 0
	reads r -v --seconds 1
	counters r >"$lib_tmp/after"
	t_eq "two lists and one change no counter" "$(diff "$lib_tmp/before" "$lib_tmp/after")" ""
	if ! [ -e /proc/modules ] || ! [ "$(module_file)" ] || [ -d /sys/module/conntriage ]; then
		ktap_test_skip "the module's census" "no conntriage.ko here, or it is loaded"
		ktap_test_skip "all entries" "likewise"
		return
	fi
	wait_until 60 like_module
	t_eq "states, stages, silence, sources, services, pairs: as the module's census" \
		"$(diff <(told "$lib_tmp/listed") <(told "$lib_tmp/walked") | head -n 20)" ""
	t_eq "of all entries" "$(entries r)" \
		"$(awk -v n="${topo_inode[r]}" '$1 == "netns" && $2 == n { print $5 }' "$lib_tmp/census")"
}

# --- who arrives ------------------------------------------------------------------

arrivals()
{
	bg r "$READER" sources --seconds 12 --json
	local pid=$BG_PID listed=$BG_OUT

	wait_until 60 between "$pid" || ktap_exit_fail_msg "no second list: $(cat "$listed")"
	gen c1 -n 600 -s 10.0.1.31 -d "$S4" --sport 10000-10599
	gen c1 -n 240 -s 10.0.1.32 -d "$S4" -p tcp --sport 10000-10239 --dport 80
	gen c2 -n 120 -s fd00:0:2:9::1 -d "$S6" --sport 10000-10119
	bg_wait "$pid"
	tr -d ' \n' <"$listed" | sed 's/},{/\n/g' |
		sed -n 's/.*"source":"\([^"]*\)".*"per_second":\([0-9.]*\),"recent":\([0-9]*\),"recent_error":\([0-9]*\),"count":\([0-9]*\).*/\1 \5 \4 \2/p' >"$lib_tmp/rows"
	t_eq "who opened connections between two lists: exactly so many" \
		"$(cut -d ' ' -f 1-3 "$lib_tmp/rows")" $'10.0.1.31 600 0\n10.0.1.32 240 0\nfd00:0:2:9::/64 120 0'
	# twelve seconds, and what the lists took
	t_eq "a second: by the time between them" \
		"$(awk '{ t = $2 / $4; if (t < 12 || t > 30) print }' "$lib_tmp/rows")" ""
}

# --- what is over -------------------------------------------------------------------

expired()
{
	local before after i

	for ((i = 0; i < 5; i++)); do
		fill r -n 3000 -f 10000 -t 1
		sleep 2.5
		before=$(entries r)
		reads r census --seconds 0 --json --netns "${topo_inode[r]}"
		after=$(entries r)
		# unless the kernel's own collector was faster
		[ $((before - after)) -lt 2900 ] || break
	done
	t_num "a list ends entries that are over" $((before - after)) -ge 2900
	t_num "and says how many those were" "$(value expired)" -eq $((before - after))
	fill r -n 3000 -f 10000 -t 1
	sleep 2.5
	before=$(entries r)
	reads r census --seconds 1 --json --netns "${topo_inode[r]}"
	t_num "likewise where it is listed twice" "$(value expired)" -eq $((before - $(entries r)))
}

# --- signals, rights, namespaces ----------------------------------------------------

signals()
{
	local pid

	# what runs in the background of a script ignores it otherwise
	bg r env --default-signal=INT "$READER" capture "$lib_tmp/tree" --seconds 60
	pid=$BG_PID
	wait_until 60 between "$pid" || ktap_exit_fail_msg "no second list: $(cat "$BG_OUT")"
	kill -INT "$pid"
	bg_wait "$pid"
	t_num "a capture that is interrupted ends by the signal" $? -eq 130
	t_eq "and leaves nothing behind" "$(ls -d "$lib_tmp/tree" "$lib_tmp"/tree* 2>/dev/null)" ""
	reads r capture "$lib_tmp/tree" --seconds 1
	t_eq "one that isn't has the entries" "$status $(cd "$lib_tmp/tree/conntriage/ctnetlink/${topo_inode[r]}" && echo *)" \
		"0 about entries looks"
	reads r census --seconds 0 --json --all --netns "${topo_inode[r]}"
	told "$lib_tmp/out" | grep -v '"idle_' >"$lib_tmp/live"
	reads r census --json --all --netns "${topo_inode[r]}" --root "$lib_tmp/tree"
	t_eq "and is read as the host was" \
		"$(diff "$lib_tmp/live" <(told "$lib_tmp/out" | grep -v '"idle_') | head)" ""
}

rights()
{
	if ! command -v setpriv >/dev/null; then
		ktap_test_skip "without CAP_NET_ADMIN" "no setpriv; install util-linux"
		return
	fi
	out=$(on r setpriv --bounding-set -net_admin,-sys_admin --inh-caps -net_admin,-sys_admin \
		"$READER" -v 2>&1)
	status=$?
	# where /proc/net/nf_conntrack is, root reads that
	t_has "without CAP_NET_ADMIN: one sentence" "$status $(words)" \
		"^[0123] .*(can't be listed without CAP_NET_ADMIN; run conntriage as root|from a listing)"
}

namespaces()
{
	local pid inode

	ns_add full gone
	fill full -n 20000 -m 600 -s 5
	fill gone -n 300 -m 600
	bg s unshare -n sleep 300
	pid=$BG_PID
	wait_until 10 grep -q sleep "/proc/$pid/comm"
	inode=$(stat -Lc %i "/proc/$pid/ns/net")
	nsenter --net="/proc/$pid/ns/net" "$CTRI_TOOLS/ctfill" -n 700 -m 600 >/dev/null
	reads r netns --all-netns --seconds 0 --no-headings -o inode,count
	t_has "all namespaces: one with a name" "$out" "^ *${topo_inode[full]} +20,?000"
	t_has "and one that a process holds" "$out" "^ *$inode +700"
	t_has "and the own" "$out" "^ *${topo_inode[r]} "
	bg r "$READER" netns --all-netns --seconds 5 --no-headings -o inode,count
	wait_until 60 between "$BG_PID" || ktap_exit_fail_msg "no second list: $(cat "$BG_OUT")"
	ns_del gone
	bg_wait "$BG_PID"
	t_num "a namespace that goes away meanwhile" $? -eq 0
	out=$(cat "$BG_OUT")
	t_has "takes no other with it" "$out" "^ *${topo_inode[full]} +20,?000"
}

# --- what a terminal gets ---------------------------------------------------------------

terminal()
{
	if ! command -v script >/dev/null; then
		ktap_test_skip "progress on a terminal" "no script(1); install bsdutils"
		ktap_test_skip "and its end" likewise
		ktap_test_skip "and Ctrl-C" likewise
	else
		on r script -qec "$READER census --seconds 2" /dev/null >"$lib_tmp/tty" </dev/null
		t_has "a terminal is told what it waits for" \
			"$(tr '\r' '\n' <"$lib_tmp/tty")" 'a second list in [12] s'
		t_eq "and nothing of that stays" \
			"$(sed 's/.*\r\x1b\[K//' "$lib_tmp/tty" | grep -c 'second list')" 0
		on r script -qec "timeout -s INT 4 $READER census --seconds 60" /dev/null \
			>"$lib_tmp/tty" </dev/null
		t_eq "nor of what is interrupted" \
			"$(grep -c 'second list' "$lib_tmp/tty") $(sed 's/.*\r\x1b\[K//' "$lib_tmp/tty" |
			   grep -c 'second list')" "1 0"
	fi
	reads r census --seconds 1
	t_eq "a pipe gets none of it" "$(grep -c $'\x1b\|second list' "$lib_tmp/out" "$lib_tmp/err" | xargs)" \
		"$lib_tmp/out:0 $lib_tmp/err:0"
}

ktap_print_header
need_dump
ktap_set_plan 31
# shellcheck disable=SC2034 # of topology.sh: as if it were a namespace of the test
topo_here=here
not_loaded
# shellcheck disable=SC2034
topo_here=
dump_begin
topo_up 2
census_too
arrivals
expired
signals
rights
namespaces
terminal
t_clean "kernel log"
ktap_finished
