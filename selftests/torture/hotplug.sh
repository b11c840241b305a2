#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: processors come and go under traffic, and no count is lost: what one
# of them counted is still there when it is off, and counted on when it is back.
# One for which there is no memory comes up nevertheless, and counts for no source
# until it comes up again.

# shellcheck source=../lib/torture.sh
. "$(dirname "$0")/../lib/torture.sh"

CPU1=/sys/devices/system/cpu/cpu1/online
FLOWS=150

# some SPORT CPU - flows of one source and of another in each round, on that CPU
some()
{
	on c1 taskset -c "$2" "$CTRI_TOOLS/ctgen" -i eth0 --mac 02:00:00:00:01:01 \
		--netns "${topo_inode[c1]}" -n $FLOWS -s 10.0.1.11 -d "$S4" \
		--sport "$1-$(($1 + FLOWS - 1))" >/dev/null
}

ktap_print_header
need_module taskset
[ -w $CPU1 ] || ktap_skip_all "no second processor that can be taken offline"
lib_saved+=("$CPU1=1")
topo_up 1
module_load
watched r
n=$(rounds 20 5)
ktap_set_plan 18

sent=0 offline=0 online=0 odd=0 port=1024
leaks_begin
# CPU 1 counts, is taken away and brought back; meanwhile CPU 0 counts on.
for ((i = 0; i < n; i++)); do
	some $port 1 && sent=$((sent + FLOWS))
	port=$((port + FLOWS))
	# one half of the rounds: while packets are on their way
	some $port 0 &
	sender=$!
	[ $((i % 2)) -eq 0 ] || wait $sender
	echo 0 >$CPU1 && offline=$((offline + 1))
	wait $sender && sent=$((sent + FLOWS))
	port=$((port + FLOWS))
	[ "$(src r insert 10.0.1.11 count,err)" = "$sent 0" ] || odd=$((odd + 1))
	echo 1 >$CPU1 && online=$((online + 1))
	[ "$(src r insert 10.0.1.11 count,err)" = "$sent 0" ] || odd=$((odd + 1))
done
t_eq "taken offline" $offline "$n"
t_eq "brought back" $online "$n"
t_eq "counts were right every time" $odd 0
t_src "the source's count is exact" r insert 10.0.1.11 $sent
t_eq "the namespace's is, too" "$(nsv r inserts)" "$sent"
t_eq "and they are the entries in the table" "$(kstat r entries)" "$sent"

# Loaded with one processor, then there are two
module_unload
echo 0 >$CPU1
module_load
watched r
some $port 0
t_src "one processor: counted" r insert 10.0.1.11 $FLOWS
echo 1 >$CPU1
some $((port + FLOWS)) 1
t_src "the second one came later: counted as well" r insert 10.0.1.11 $((2 * FLOWS))
module_unload

# The same without memory for the second one's table
ko=$(dirname "$(module_file)")/ctfail.ko
if insmod "$ko" 2>/dev/null; then
	echo 0 >$CPU1
	module_load
	watched r
	port=$((port + 2 * FLOWS))
	some $port 0
	echo 1 >/sys/module/ctfail/parameters/own_nth
	t_run "no memory for its table: it comes up" sh -c "echo 1 >$CPU1"
	t_eq "that was the table's" "$(cat /sys/module/ctfail/parameters/own_nth)" 0
	t_eq "one CPU is without" "$(status cpus) $(status cpus_without)" "1 1"
	some $((port + FLOWS)) 1
	t_eq "the namespace has what it counted" "$(nsv r inserts)" $((2 * FLOWS))
	t_src "its sources have not" r insert 10.0.1.11 $FLOWS
	t_eq "which is said" "$(status lost_no_table)" $FLOWS
	echo 0 >$CPU1
	echo 1 >$CPU1
	some $((port + 2 * FLOWS)) 1
	t_src "it comes up again: counted" r insert 10.0.1.11 $((2 * FLOWS))
	t_eq "nobody is without" "$(status cpus_without)" 0
	module_unload
	rmmod ctfail
else
	for i in 1 2 3 4 5 6 7 8; do
		ktap_test_skip "no memory for a table: $i" "no ctfail.ko; scripts/build-for makes one"
	done
fi
t_eq "nothing remains" "$(remains)" ""
t_no_leaks "no memory is lost"
ktap_finished
