#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# suspend.sh [KO] - promise: a suspend is one long row of the flight recorder,
# its ticks are counted as missed, and no rate is forged by it. TAP; a guest of
# its own, which sleeps for 5 s (pm_test=core: the clock stops, too).
#
# The kernel measures such a sleep in whole seconds. A 9p root does not survive a
# suspend: what is needed after it is copied to memory before, what is seen goes to
# the kernel's log, and the guest ends by a reset.
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
RATE=100

# In the guest: $1 is the module
asleep()
{
	mkdir /run/own && cp /run/vm/busybox /run/own/
	modprobe -a nf_conntrack nft_ct
	nft 'table inet t { chain c { type filter hook output priority 0; ct state new; }; }'
	insmod "$1" || exit 1
	"$here/../tools/ctpeer" serve -a 127.0.0.1 -p 7000 -t 90 >/dev/null &
	"$here/../tools/ctpeer" ask -a 127.0.0.1 -p 7000 -n 60000 -r $RATE -t 60 --wait 100 >/dev/null &
	sleep 4
	cat >/run/own/script <<-'END'
	say()
	{
		while read -r line; do
			echo "<5>suspend: $1 $line" >/dev/kmsg
		done
	}
	cd /sys/kernel/debug/conntriage
	echo on >/proc/sys/kernel/printk_devkmsg
	echo core >/sys/power/pm_test
	echo mem >/sys/power/state
	echo $? | say resumed
	busybox sleep 4
	busybox awk 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["span"], $at["inserts"] }' history | say row
	busybox awk '$1 == "lost_ticks" { print $2 }' status | say missed
	busybox awk 'NR > 1 && $3 { print $6 }' netns | say inserts
	echo b >/proc/sysrq-trigger
	END
	PATH=/run/own exec /run/own/busybox sh /run/own/script
}

# rows CONDITION - an awk condition that holds for the rows of history: how many,
# their sum, the most in a second, and the long ones
rows()
{
	sed -n 's/.*suspend: row //p' "$tmp/log" | tr -d '\r' | awk -v asked="$RATE" '
	{ span = $1; inserts = $2; rate = inserts * 1000 / span; sum += inserts; rows++ }
	span > 3000 { long++; ticks = int(span / 1000) - 1; slept = span }
	rate > most { most = rate }
	END { exit !('"$1"') }'
}

said()
{
	sed -n "s/.*suspend: $1 //p" "$tmp/log" | tr -d '\r'
}

if [ "${1:-}" = --guest ]; then
	asleep "$2"
	exit
fi
ko=$(realpath "${1:-${CONNTRIAGE_KO:-$here/../../conntriage.ko}}") || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=reports.sh
. "$here/reports.sh"

"$here/run" -c 1 -m 768 -t 120 -l "$tmp/log" -- "$here/suspend.sh" --guest "$ko" >"$tmp/out" 2>&1
status=$?
ktap_print_header
t_run "the machine is suspended, and comes back" [ "$status,$(said resumed)" = "122,0" ]
t_run "one row of history covers it" rows "long == 1 && slept >= 4000"
t_run "the ticks in it are counted as missed" rows "ticks == $(said missed) + 0"
t_run "no rate is forged" rows "rows > 6 && most > asked / 4 && most < asked * 2"
t_run "no insertion is lost, but for those of the second that is not over" \
	rows "sum <= $(said inserts) + 0 && $(said inserts) + 0 < sum + 2 * asked"
t_run "no complaint of the kernel" [ -z "$(kernel_reports "$tmp/log")" ]
[ "$ktap_fail" -eq 0 ] || { cat "$tmp/out"; grep -a suspend: "$tmp/log"; } | sed 's/^/# /'
ktap_finished
