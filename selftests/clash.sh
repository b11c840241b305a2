#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: insertions that fail are counted, and once the counter has moved
# they are told by source and by service, with the reason. What the kernel
# resolved is not taken for a failure.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=queue.sh
. "$CTRI_DIR/queue.sh"

PAIRS=20

# race ROLE CTGEN-OPTIONS... - PAIRS flows, each of two packets that are both
# held before either is confirmed
race()
{
	queue_open r $((2 * PAIRS))
	gen "$@" -n $PAIRS
	gen "$@" -n $PAIRS
	queue_close
}

confirm_is()
{
	[ "$(status probe_confirm)" = "$1" ]
}

# failed - by the kernel's own count; by the module, attributed and not
failed()
{
	echo "$(kstat r insert_failed) $(nsv r insert_failed,insert_failed_unattr)"
}

# service NAME COLUMNS - of its row
service()
{
	col sources "$2" class=insert_failed "netns=${topo_inode[r]}" family=0 "source=$1"
}

ktap_print_header
need_module
modprobe nfnetlink_queue 2>/dev/null && modprobe nft_queue 2>/dev/null ||
	ktap_skip_all "no nfnetlink_queue or nft_queue in this kernel"
[ -x "$CTRI_DIR/ctqueue" ] ||
	ktap_skip_all "ctqueue is not built; run make -C selftests"
topo_up 2
module_load
watched r
[ "$(status probe_confirm)" != absent ] ||
	ktap_skip_all "confirmation can't be watched on this kernel"
ktap_set_plan 27
queue_rule r "meta l4proto { udp, tcp, icmp } ct direction original"
on r nft -f - <<-'END'
table ip ctri_nat {
	chain post {
		type nat hook postrouting priority 100;
		ip saddr { 10.0.1.40, 10.0.2.40 } snat to 10.0.100.77
	}
}
END
t_run "nothing failed: the probe is idle" confirm_is idle

# The first ones arm it, and are nobody's: echo requests, of which two with the
# same identifier can't both stand
race c1 -s 10.0.1.11 -d "$S4" -p icmp --sport 1-$PAIRS
t_eq "two packets of one ICMP tuple: the second fails, unattributed" \
	"$(failed)" "$PAIRS 0 $PAIRS"
t_run "which arms the probe" wait_until 10 confirm_is armed
t_eq "evictions' probes are not armed by that" "$(src_sum r refused)" 0

# The same again
race c1 -s 10.0.1.12 -d "$S4" -p icmp --sport 1-$PAIRS
t_eq "the second time they are seen" "$(failed)" "$((2 * PAIRS)) $PAIRS $PAIRS"
t_eq "source of ICMP clashes" "$(src r insert_failed 10.0.1.12 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"
t_eq "ICMP has no service" "$(col sources source class=insert_failed family=0)" ""

# A resolver asks for A and AAAA at once, from one port. UDP resolves it
clash=$(nsv r k_clash)
was=$(failed)
seen=$(nft_packets s ctri_edge seen)
race c1 -s 10.0.1.13 -d "$S4" --sport 10000-$((10000 + PAIRS - 1)) --dport 53
t_eq "two packets of one UDP tuple: resolved by the kernel" \
	"$(($(nsv r k_clash) - clash))" $PAIRS
t_eq "and no failure" "$(failed)" "$was"
t_eq "both arrive" "$(($(nft_packets s ctri_edge seen) - seen))" $((2 * PAIRS))
t_eq "its source failed nowhere" "$(src r insert_failed 10.0.1.13 count)" ""

# Two clients behind one address ask from the same port: both get the same
# reply tuple, and the second is lost
queue_open r $((2 * PAIRS))
gen c1 -n $PAIRS -s 10.0.1.40 -d "$S4" --sport 11000-$((11000 + PAIRS - 1)) --dport 53
gen c2 -n $PAIRS -s 10.0.2.40 -d "$S4" --sport 11000-$((11000 + PAIRS - 1)) --dport 53
queue_close
t_eq "DNS race behind SNAT: the second client's fail" "$(failed)" \
	"$((3 * PAIRS)) $((2 * PAIRS)) $PAIRS"
t_eq "the second client is named" "$(src r insert_failed 10.0.2.40 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"
t_eq "the first is not" "$(src r insert_failed 10.0.1.40 count)" ""
t_eq "the service is named" "$(service udp/53 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"

# TCP resolves nothing
race c1 -s 10.0.1.14 -d "$S4" -p tcp --sport 12000-$((12000 + PAIRS - 1)) --dport 443
t_eq "two SYNs of one tuple" "$(src r insert_failed 10.0.1.14 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"
t_eq "and their service" "$(service tcp/443 count,err,kinds)" "$PAIRS 0 clash=$PAIRS"

# The history knows the second in which it was, the incidents know nothing
recorded()
{
	[ "$(col history insert_failed | awk '{ n += $1 } END { print n }')" = $((4 * PAIRS)) ]
}
t_run "the history counts them" wait_until 5 recorded
t_eq "failures are no incident" "$(col incidents incident)" ""

# Chains that are too long
on r nft delete table inet ctri_queue
if [ "$(nsv r k_chaintoolong)" = - ]; then
	ktap_test_skip "chains too long" "this kernel doesn't bound them"
	ktap_test_skip "sources of chains too long" "this kernel doesn't bound them"
	ktap_test_skip "services of chains too long" "this kernel doesn't bound them"
else
	put /sys/module/nf_conntrack/parameters/hashsize 512
	put /proc/sys/net/netfilter/nf_conntrack_max 100000
	confirm_is armed || ktap_exit_fail_msg "the probe was disarmed under failures"
	gen c1 -n 24000 -s 10.0.1.20 --sources 4 -d "$S4" --sport 20000-25999 --dport 5353
	long=$(nsv r k_chaintoolong)
	t_num "chains too long" "$long" -ge 1000
	t_eq "sources of chains too long" "$(for i in 20 21 22 23; do
		src_kind r insert_failed 10.0.1.$i chain; done |
		awk '{ n += $1 } END { print n }')" "$long"
	t_eq "services of chains too long" "$(service udp/5353 count,err,kinds)" \
		"$long 0 chain=$long"
fi

# The whole
read -r kernel mine unattr <<<"$(failed)"
t_eq "attributed and not are what the kernel counts" $((mine + unattr)) "$kernel"
t_eq "k_insert_failed is the kernel's" "$(nsv r k_insert_failed)" "$kernel"
t_eq "sources add up to the attributed" "$(col sources family,count class=insert_failed |
	awk '$1 { n += $2 } END { print n + 0 }')" "$mine"

if [ "$QUICK" ]; then
	ktap_test_skip "the probe is disarmed when nothing fails" "QUICK is set"
else
	t_run "the probe is disarmed when nothing fails" wait_until 45 confirm_is idle
fi
module_unload
t_clean "kernel log"
ktap_finished
