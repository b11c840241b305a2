#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317
#
# Promise: whoever chooses a name that the reader comes across, of a namespace or
# of a boot file, can't write to the terminal of its user, add a line, or put a
# word into a command. Captured trees: userspace/tests/hostile.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/scene.sh
. "$CTRI_DIR/lib/scene.sh"

ESC=$'\e'
COMMANDS="diagnose sources netns census history incidents"
export NO_COLOR=1

# plain FILE - lines with anything but printable ASCII
plain()
{
	LC_ALL=C grep -n '[^ -~]' "$1" | head -n 5 | cat -v
}

ktap_print_header
need_module
scene_up
ktap_set_plan 9

# A namespace may have any name that a file may have; the flooded one has all
# of these
hostile_names_end()
{
	local name

	for name in "${names[@]}"; do
		umount "/run/netns/$name"
		rm -f "/run/netns/$name"
	done 2>/dev/null
	lib_cleanup
}
names=("evil${ESC}[2J${ESC}[31m" $'two\nCRITICAL    lines' '$(touch pwned)'
	'`reboot`' '-all' 'a b' "it's" 'a;b' $'\xff\xfe' '%n%s%n' "$(printf 'x%.0s' {1..200})")
n=0
trap hostile_names_end EXIT
for name in "${names[@]}"; do
	: >"/run/netns/$name" &&
		mount --bind "/run/netns/$(ns_name r)" "/run/netns/$name" && n=$((n + 1))
done
t_eq "namespaces with hostile names" $n ${#names[@]}
if [ "${CONNTRIAGE_GUEST:-}" ]; then
	# what the boot would read, too
	: >"/etc/sysctl.d/evil${ESC}[31m.conf"
	printf 'net.netfilter.nf_conntrack_max = 9\e[31m\n' >"/etc/sysctl.d/zz-evil${ESC}[31m.conf"
	printf 'nf_conntrack\e[31m\n' >"/etc/modules-load.d/zz-evil$ESC.conf"
fi
scene_run 100
wait_until 60 scene_ripe

# From outside, so that it is called by a name, and from inside
for c in $COMMANDS "diagnose --json"; do
	# shellcheck disable=SC2086 # a command and its option
	"$READER" $c 2>&1
done >"$lib_tmp/outside"
for c in $COMMANDS; do
	on r "$READER" $c 2>&1
done >"$lib_tmp/inside"
t_has "the flood is seen from outside" "$(tr -s ' \n' ' ' <"$lib_tmp/outside")" 'full'
t_eq "from outside: nothing but printable ASCII" "$(plain "$lib_tmp/outside")" ""
t_eq "from inside: nothing but printable ASCII" "$(plain "$lib_tmp/inside")" ""
t_eq "no line of theirs" "$(grep -c '^CRITICAL    lines' "$lib_tmp/outside")" 0
t_num "commands name the namespace" "$(grep -c 'netns exec' "$lib_tmp/outside")" -ge 1
t_eq "by no name of theirs" "$(grep -hE 'netns exec|run/netns' "$lib_tmp/outside" "$lib_tmp/inside" |
	grep -vE "(netns exec |run/netns/)$(ns_name r)( |\$)")" ""
scene_end
t_eq "nothing was run" "$(ls pwned "$CTRI_DIR/pwned" 2>/dev/null)" ""
module_unload
t_clean "kernel log"
ktap_finished
