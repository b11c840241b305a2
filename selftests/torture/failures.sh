#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: whichever allocation fails while the module is loaded, it fails cleanly
# or works, and leaves nothing behind; whichever fails while a namespace is made,
# the namespace starts, unwatched at worst.
#
# ctfail.ko makes each allocation fail in turn; it lies beside the module that is
# tested (scripts/build-for puts it there).

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

CTFAIL=/sys/module/ctfail/parameters

# count PARAMETER COMMAND... - how many allocations of that kind it makes
count()
{
	local nth=$1

	shift
	echo 1000000 >$CTFAIL/"$nth"
	"$@" >/dev/null || ktap_exit_fail_msg "fails without a failure: $*"
	echo 0 >$CTFAIL/"$nth"
	cat $CTFAIL/counted
}

# One load; what is wrong with it
try_load()
{
	if module_insert >"$lib_tmp/out" 2>&1; then
		worked=$((worked + 1))
		[ -r "$CTRI_FS/status" ] || echo "loaded without files"
		rmmod conntriage || echo "can't be unloaded"
	else
		failed=$((failed + 1))
		grep -q 'Cannot allocate memory' "$lib_tmp/out" || cat "$lib_tmp/out"
	fi
	[ -n "$(cat $CTFAIL/victim)" ] || echo "no allocation failed"
	remains
}

# The namespace itself says how many are unwatched while it is there
try_netns()
{
	if unshare -n awk '$1 == "unwatched" { print $2 }' "$CTRI_FS/status" \
	   >"$lib_tmp/unwatched" 2>"$lib_tmp/out"; then
		worked=$((worked + 1))
		unwatched=$((unwatched + $(cat "$lib_tmp/unwatched")))
	else
		failed=$((failed + 1))
		grep -q 'Cannot allocate memory' "$lib_tmp/out" || cat "$lib_tmp/out"
	fi
	[ -n "$(cat $CTFAIL/victim)" ] || echo "no allocation failed"
}

# sweep PARAMETER COUNT COMMAND - run it COUNT times; each time another of its
# allocations fails
sweep()
{
	local i odd

	for ((i = 1; i <= $2; i += step)); do
		echo "$i" >$CTFAIL/"$1"
		"$3" >"$lib_tmp/odd"
		odd=$(cat "$lib_tmp/odd")
		[ -n "$odd" ] || continue
		echo "$i" >>"$lib_tmp/odds"
		ktap_print_msg "allocation $i of $2, $(cat $CTFAIL/victim):" $odd
	done
	echo 0 >$CTFAIL/"$1"
}

# t_swept NAME - no round left anything odd behind
t_swept()
{
	ktap_print_msg "$1: $failed failed, $worked worked"
	t_eq "$1" "$(xargs <"$lib_tmp/odds")" ""
}

ktap_print_header
need_module unshare
ko=$(dirname "$(module_file)")/ctfail.ko
[ -f "$ko" ] || ktap_skip_all "no ctfail.ko; scripts/build-for makes one"
ktap_set_plan 11
insmod "$ko" || ktap_exit_fail_msg "ctfail.ko does not load"
[ "$(cat $CTFAIL/attached)" -ge 6 ] ||
	ktap_exit_fail_msg "ctfail.ko knows no more than $(cat $CTFAIL/attached) of this kernel's allocators"
for dep in $(modinfo -F depends "$(module_file)" | tr ',' ' '); do
	modprobe "$dep"
done
lib_module=1
step=$(rounds 1 5)

total=$(count load_nth module_insert)
rmmod conntriage
t_num "a load makes allocations" "$total" -ge 10
ktap_print_msg "$total allocations in a load"
leaks_begin
failed=0 worked=0
: >"$lib_tmp/odds"
sweep load_nth "$total" try_load
t_swept "each allocation of a load failed"
t_num "loads were refused" $failed -ge 5
t_eq "nothing remains" "$(remains)" ""

module_load
namespaces=$(status namespaces)
total=$(count netns_nth unshare -n true)
t_num "a namespace makes allocations" "$total" -ge 3
ktap_print_msg "$total allocations for a namespace"
failed=0 worked=0 unwatched=0 step=1
: >"$lib_tmp/odds"
sweep netns_nth "$total" try_netns
t_swept "each allocation for a namespace failed"
# the kernel's own, of net_generic data, is too small to fail but by force
t_num "no namespace was refused for it but by the kernel itself" $failed -le 1
ktap_print_msg "$unwatched unwatched"
t_num "they went unwatched" $unwatched -ge 1
gone()
{
	[ "$(status namespaces) $(status unwatched)" = "$namespaces 0" ]
}
t_run "no namespace is left" wait_until 60 gone
module_unload
rmmod ctfail
t_eq "nothing remains of it all" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
