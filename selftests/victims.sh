#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: of every entry that early_drop kills, the stage that it had reached is
# told: waiting, unanswered, half-open, once, closing or live; by its source, its
# destination and its service.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

N=50				# entries of each stage and family
MAX=600
WAITS=5				# seconds for which what is silent passes for waiting

# answer ADDR DST NUMBER FLAGS - the server's TCP answers to a source of tcp()
answer()
{
	gen s -n $N -s "$2" -d "$1" -p tcp --sport "$3" --dport 20000-20049 \
		--flags "$4" --seq 5000 --ack 1001
}

# tcp ADDR DST PORT FLAGS SEQ
tcp()
{
	gen c1 -n $N -s "$1" -d "$2" -p tcp --sport 20000-20049 --dport "$3" \
		--flags "$4" --seq "$5"
}

# udp ADDR DST PORT
udp()
{
	gen c1 -n $N -s "$1" -d "$2" --sport 20000-20049 --dport "$3"
}

# What the victims were, without how many and who killed them
stages_of()
{
	src r evicted "$1" kinds | tr , '\n' |
		sed 's/^early_drop_//; s/^gc_//; s/=.*//' | sort -u | xargs
}

# all_hit - of each source something was killed
all_hit()
{
	local i

	for i in 11 12 13 14 15 16; do
		[ "$(src r evicted 10.0.1.$i count)" ] &&
			[ "$(src r evicted fd00:0:1:$i::/64 count)" ] || return 1
	done
}

flood()
{
	gen c1 -n 500 -s 10.0.1.66 -d "$S4" --sport "$port-$((port + 499))" --dport 9
	port=$((port + 500))
	all_hit
}

# agree - the sums, if the gc worker killed nothing meanwhile
agree()
{
	local before

	before=$(nsv r gc_evictions)
	by_source=$(src_sum r evicted)
	by_dest=$(($(src r evicted_to "$S4" count) + $(src r evicted_to "$S6" count)))
	early=$(col sources kinds class=evicted "netns=${topo_inode[r]}" | tr , '\n' |
		sed -n 's/^early_drop_.*=//p' | add_up)
	service=$(col sources kinds class=evicted_to "netns=${topo_inode[r]}" source=tcp/81 |
		tr , '\n' | sed 's/^early_drop_//; s/^gc_//; s/=.*//' | sort -u | xargs)
	read -r evictions gc <<<"$(nsv r evictions,gc_evictions)"
	[ "$gc" = "$before" ]
}

ktap_print_header
need_module
topo_up 1
module_load
watched r
need_quiet_host $((MAX / 2))
need_probes
ktap_set_plan 19
put /sys/module/nf_conntrack/parameters/hashsize 64	# a victim in every chain

for dst in "$S4" "$S6"; do
	a=10.0.1. b=
	[ "$dst" = "$S4" ] || a=fd00:0:1: b=::1
	udp ${a}11$b "$dst" 53
	tcp ${a}12$b "$dst" 81 S 1000
	answer ${a}12$b "$dst" 81 SA
	udp ${a}13$b "$dst" 54
	gen s -n $N -s "$dst" -d ${a}13$b --sport 54 --dport 20000-20049
	tcp ${a}14$b "$dst" 82 S 1000
	answer ${a}14$b "$dst" 82 SA
	tcp ${a}14$b "$dst" 82 R 1001
	tcp ${a}15$b "$dst" 83 A 1000		# picked up in the middle
done
put /proc/sys/net/netfilter/nf_conntrack_max $MAX
t_run "pressure arms the probes" wait_until 10 probes_are armed
sleep $((WAITS + 1))
udp 10.0.1.16 "$S4" 55
tcp fd00:0:1:16::1 "$S6" 84 S 1000
port=10000
began=$(date +%s%N)
t_run "a flood kills some of each" wait_until 4 flood
took=$((($(date +%s%N) - began) / 1000000))
i=11
for stage in unanswered half_open once closing live waiting; do
	if [ $stage = waiting ] && [ $took -ge $((WAITS * 1000 - 500)) ]; then
		ktap_test_skip "IPv4: $stage" "too slow: $took ms"
		ktap_test_skip "IPv6: $stage" "too slow: $took ms"
		continue
	fi
	t_eq "IPv4: $stage" "$(stages_of 10.0.1.$i)" $stage
	t_eq "IPv6: $stage" "$(stages_of fd00:0:1:$i::/64)" $stage
	i=$((i + 1))
done
wait_until 10 agree || ktap_exit_fail_msg "the gc worker never paused"
t_eq "every victim is one of its source" "$by_source" $((evictions + gc))
t_eq "and one of its destination" "$by_dest" $((evictions + gc))
t_eq "early_drop's are those of netns" "$early" "$evictions"
t_eq "evicted by service: what they were" "$service" half_open
module_unload
t_clean "kernel log"
ktap_finished
