#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: the program without libraries, alone in a root with /proc and the module's
# files, tells of this kernel what the reader with libraries tells, and deletes, by its
# other name, what it said.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

READER=$(realpath "$CTRI_DIR/../userspace/conntriage")
STATIC=$(realpath "$CTRI_DIR/../userspace/build/static/conntriage")
MANY=3000

# alone WORD... - a program of that root, in the router
# shellcheck disable=SC2016 # for the inner shell
alone()
{
	on r unshare -m sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /sys/kernel/debug "$1/sys/kernel/debug" || exit
		root=$1
		shift
		exec chroot "$root" "$@"' sh "$root" "$@"
}

# t_same NAME FILTER WORD... - both say it, of what FILTER leaves of the JSON: no clock, and
# no name of a file that the root hasn't
t_same()
{
	local name=$1 filter=$2

	shift 2
	t_eq "$name" "$(alone /conntriage "$@" --json | jq -cS "$filter")" \
		"$(on r "$READER" "$@" --json | jq -cS "$filter")"
}

ktap_print_header
need_module conntrack unshare jq
[ -x "$READER" ] || ktap_skip_all "userspace/conntriage is not built; run make"
[ -x "$STATIC" ] || ktap_skip_all "userspace/build/static/conntriage is not built; run make static"
ktap_set_plan 10
topo_up 1
module_load
watched r
root=$lib_tmp/root
mkdir -p "$root/proc" "$root/sys/kernel/debug" "$root/sbin"
cp "$STATIC" "$root/conntriage"
on r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600
gen c1 -n $MANY -r 20000 -s 10.0.1.10 --sources 20 -d "$S4" --sport 10000-60000 --dport 600
on r conntrack -I -t 600 -s 10.8.1.2 -d 10.9.0.1 -p udp --sport 1000 --dport 600 -u SEEN_REPLY >/dev/null 2>&1

t_has "who has opened them" "$(alone /conntriage sources)" '^insert +10\.0\.1\.'
t_same "who" '[.rows[] | {class, source, netns, count, kinds}]' sources
t_same "namespaces" '[.rows[] | del(.netns_name)]' netns
t_same "what the table holds" '[.namespaces[] | {netns, entries, unreplied, assured, stages}]' census
t_has "the module is seen" "$(alone /conntriage doctor)" '^ok +loaded '
t_has "how it is conntriage-delete as well" "$(alone /conntriage doctor)" \
	'ln -s /conntriage /sbin/conntriage-delete'
ln -s /conntriage "$root/sbin/conntriage-delete"
before=$(on r sysctl -n net.netfilter.nf_conntrack_count)
t_num "entries" "$before" -gt $((MANY * 9 / 10))
said=$(alone /sbin/conntriage-delete -p udp --dport 600 --unanswered)
t_has "it deletes those that nobody answered" "$said" "^$((before - 1)) of $before entries deleted"
t_eq "and no other" "$(on r conntrack -L 2>/dev/null | grep -o 'src=10[.0-9]*' | head -n 1)" src=10.8.1.2
t_clean "kernel log"
ktap_finished
