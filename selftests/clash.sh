#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317
#
# Promise: insertions that fail are counted, and told by source and by service, with
# the reason: clashes from the first one, at no cost to other connections; other
# reasons once the counter has moved by more than clashes. What the kernel resolved is
# not taken for a failure.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/queue.sh
. "$CTRI_DIR/lib/queue.sh"

PAIRS=20
READER=$CTRI_DIR/../userspace/conntriage

# behind_nat N CTGEN-OPTIONS... - both clients' source .N sends PAIRS flows with
# the same ports, which are held before confirmation: behind one address both
# have the same reply tuple, and the second client's can't stand
behind_nat()
{
	local n=$1

	shift
	queue_open r $((2 * PAIRS))
	gen c1 -n $PAIRS -s "10.0.1.$n" -d "$S4" "$@"
	gen c2 -n $PAIRS -s "10.0.2.$n" -d "$S4" "$@"
	queue_close
}

ports()
{
	echo "$1-$(($1 + PAIRS - 1))"
}

confirm_is()
{
	[ "$(status probe_confirm)" = "$1" ]
}

# ticked - twice since "ticks"
ticked()
{
	[ "$(status generation)" -ge $((ticks + 2)) ]
}

# failed - by the kernel's own count; by the module, attributed and not
failed()
{
	echo "$(kstat r insert_failed) $(nsv r insert_failed,insert_failed_unattr)"
}

# service NAME - its row
service()
{
	col sources count,err,kinds class=insert_failed "netns=${topo_inode[r]}" \
		family=0 "source=$1"
}

history_has()
{
	[ "$(col history insert_failed | add_up)" = "$1" ]
}

# chains source|PREFIX - failures for that reason: of all sources, or of the
# sources or services that begin so
chains()
{
	col sources family,source,kinds class=insert_failed "netns=${topo_inode[r]}" |
	awk -v which="$1" '
	which == "source" ? $1 : index($2, which) == 1 {
		for (n = split($3, kind, /[=,]/); n > 1; n -= 2)
			if (kind[n - 1] == "chain")
				sum += kind[n]
	}
	END { print sum + 0 }'
}

ktap_print_header
need_module
modprobe nfnetlink_queue 2>/dev/null
modprobe nft_queue 2>/dev/null ||
	ktap_skip_all "no nft_queue in this kernel"
topo_up 2
module_load
watched r
[ "$(status probe_confirm)" != absent ] ||
	ktap_skip_all "confirmation can't be watched on this kernel"
ktap_set_plan 34
on r nft -f - <<-'END'
table ip ctri_nat {
	chain post {
		type nat hook postrouting priority 100;
		ip saddr { 10.0.1.40-10.0.1.49, 10.0.2.40-10.0.2.49 } snat to 10.0.100.77
	}
}
END
queue_rule r "meta l4proto { udp, tcp, icmp } ct direction original"
t_eq "nothing failed: the probe of clashes alone is armed" \
	"$(status probe_confirm) $(status probe_clash)" "idle armed"
behind_nat 40 -p icmp --sport "$(ports 1)"
t_eq "the first that clash are attributed" "$(failed)" "$PAIRS $PAIRS 0"
ticks=$(status generation)
wait_until 10 ticked
t_run "and arm no probe that others pay for" confirm_is idle

behind_nat 41 -p icmp --sport "$(ports 101)"
t_eq "echo requests of one identifier behind one address" "$(failed)" \
	"$((2 * PAIRS)) $((2 * PAIRS)) 0"
t_eq "the client that lost is named" \
	"$(src r insert_failed 10.0.2.41 count,err,kinds)" "$PAIRS 0 clash=$PAIRS"
t_eq "the client that won is not" "$(src r insert_failed 10.0.1.41 count)" ""
t_eq "ICMP has no service" "$(col sources source class=insert_failed family=0)" ""

seen=$(nft_packets s ctri_edge seen)
behind_nat 42 --sport "$(ports 10000)" --dport 53
t_eq "DNS of two clients behind one address" "$(failed)" \
	"$((3 * PAIRS)) $((3 * PAIRS)) 0"
t_eq "the second client's packets don't arrive" \
	"$(($(nft_packets s ctri_edge seen) - seen))" $PAIRS
t_eq "source of the DNS race" "$(src r insert_failed 10.0.2.42 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"
t_eq "service of the DNS race" "$(service udp/53)" "$PAIRS 0 clash=$PAIRS"

# And by the reader, which looks at minutes
told()
{
	on r "$READER" 2>&1 | tr -s ' \n' ' ' | grep -oE 'WARNING [^W]*lost to clashes.* check '
}
if [ -x "$READER" ]; then
	out=$(told)
	t_has "the reader finds that connections clash" "$out" \
		'new connections a second are lost to clashes'
	t_has "it names the service" "$out" "UDP port 53 \(DNS\): $PAIRS connections to it clashed"
	t_has "and whose they were" "$out" "10\.0\.2\.42( \([^)]*\))?: $PAIRS of its new connections"
else
	for name in "the reader finds that connections clash" "it names the service" \
		    "and whose they were"; do
		ktap_test_skip "$name" "userspace/conntriage is not built; run make"
	done
fi

behind_nat 43 -p tcp --sport "$(ports 10000)" --dport 443
t_eq "source of two SYNs" "$(src r insert_failed 10.0.2.43 count,err,kinds)" \
	"$PAIRS 0 clash=$PAIRS"
t_eq "service of two SYNs" "$(service tcp/443)" "$PAIRS 0 clash=$PAIRS"
t_run "the history counts all" wait_until 5 history_has $((4 * PAIRS))
t_eq "failures are no incident" "$(col incidents incident)" ""
t_eq "and arm no other probe, though the kernel counts them as drops" \
	"$(status armings) $(nsv r k_drop)" "0 $((4 * PAIRS))"

# A resolver asks for A and AAAA at once, from one port: kernels resolve that at
# confirmation (nf_ct_resolve_clash(), nf_conntrack_core.c) or before, when the
# packet leaves the queue (nf_conntrack_update(), same file)
was=$(failed)
clash=$(kstat r clashres)
seen=$(nft_packets s ctri_edge seen)
queue_open r $((2 * PAIRS))
for _ in A AAAA; do
	gen c1 -n $PAIRS -s 10.0.1.13 -d "$S4" --sport "$(ports 11000)" --dport 53
done
queue_close
ktap_print_msg "resolved at confirmation: $(($(kstat r clashres) - clash))"
t_eq "two packets of one UDP tuple don't fail" "$(failed)" "$was"
t_eq "and both arrive" "$(($(nft_packets s ctri_edge seen) - seen))" $((2 * PAIRS))
t_eq "k_clash is the kernel's" "$(nsv r k_clash)" "$(kstat r clashres)"

# Two echo requests of one identifier: lost at confirmation, where the kernel
# doesn't resolve it before
was=$(kstat r insert_failed)
queue_open r $((2 * PAIRS))
for _ in 1 2; do
	gen c1 -n $PAIRS -s 10.0.1.14 -d "$S4" -p icmp --sport "$(ports 201)"
done
queue_close
t_eq "two packets of one ICMP tuple: what the kernel lost" \
	"$(src_kind r insert_failed 10.0.1.14 clash)" \
	$(($(kstat r insert_failed) - was))
on r nft delete table inet ctri_queue

# Chains that are too long
if [ "$(nsv r k_chaintoolong)" = - ]; then
	for name in "chains are too long arm the other probe" "chains are too long" "sources of these" "hardly any is nobody's" "most are those that flooded" \
		    "and their service"; do
		ktap_test_skip "$name" "this kernel doesn't bound them"
	done
else
	put /sys/module/nf_conntrack/parameters/hashsize 512
	put /proc/sys/net/netfilter/nf_conntrack_max 100000
	gen c1 -n 24000 -s 10.0.1.24 --sources 4 -d "$S4" --sport 20000-25999 --dport 5353
	t_run "chains that are too long arm the other probe" wait_until 10 confirm_is armed
	on r conntrack -F 2>/dev/null
	was=$(nsv r insert_failed_unattr)
	long=$(nsv r k_chaintoolong)
	seen=$(chains source) seen20=$(chains 10.0.1.2) seen53=$(chains udp/5353)
	gen c1 -n 24000 -s 10.0.1.20 --sources 4 -d "$S4" --sport 20000-25999 --dport 5353
	long=$(($(nsv r k_chaintoolong) - long))
	t_num "chains are too long" "$long" -ge 1000
	# other sources meet full chains as well; and where the kernel preempts
	# confirmation, a few failures are attributed to nobody
	nobodys=$(($(nsv r insert_failed_unattr) - was))
	t_eq "sources of these" $(($(chains source) - seen + nobodys)) "$long"
	t_num "hardly any is nobody's" $nobodys -le $((long / 100))
	t_num "most are those that flooded" $(($(chains 10.0.1.2) - seen20)) -ge $((long * 99 / 100))
	t_num "and their service" $(($(chains udp/5353) - seen53)) -ge $((long * 99 / 100))
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
