# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015,SC2034,SC2154
# What the scripts that run in a booted system begin with: TAP without a plan, and
# "done" at the end. Everything they need is beside them; run counts the results.

# shellcheck source=../lib/booted.sh
. "$(dirname "$0")/booted.sh"

HOST=10.0.1.1			# of this host
FLOODER=10.0.1.66		# nobody has it: what is sent there is lost
MAX=2048
RAISED=5000			# somebody's by hand
SETTINGS=/etc/sysctl.d/99-old.conf	# says what it was before

# t_same NAME BEFORE AFTER - texts of many lines; shows where they differ
t_same()
{
	diff -u --label before --label after <(echo "$2") <(echo "$3") >/run/differs
	t_status "$1" $? /run/differs
}

# --- the rules -----------------------------------------------------------------

# rules - as they stand, without what counts and without our own; each line with its
# table, chain and place in it, sorted, as dockerd makes its chains in any order
rules()
{
	local tool

	nft -s list ruleset 2>/dev/null | awk '
	/^table / { table = $0; ours = table ~ /^table inet conntriage-/ }
	/^[t}]/ { part = ""; n = 0 }
	/^\t[a-z]/ { part = $1 " " $2; n = 0 }
	NF && !ours { printf "%s %s %04d %s\n", table, part, ++n, $0 }' | sort
	# with nft, each sees its own as well; legacy has none here
	for tool in iptables ip6tables; do
		$tool-save 2>/dev/null | awk -v tool=$tool '
		/^#/ { next }
		/^\*/ { table = $0 }
		{ sub(/ \[[0-9]*:[0-9]*\]$/, "") }
		/^-A/ { printf "%s %s %s %04d %s\n", tool, table, $2, ++n[table, $2], $0; next }
		{ print tool, table, $0 }' | sort
	done
}

# our_tables [BEGINNING] - names
# shellcheck disable=SC2120
our_tables()
{
	nft list tables inet | sed -n "s/^table inet \(conntriage-${1:-}.*\)/\1/p"
}

# kept - what first.sh has left for good is loaded
kept()
{
	[ "$(our_tables keep-)" = "$(cat /opt/test/keep)" ]
}

our_rules()
{
	our_tables | while read -r table; do
		nft -s list table inet "$table"
	done
}

# --- the network ---------------------------------------------------------------

# A client, somebody for fail2ban to ban, and a service that this host offers and
# one that it keeps to itself
network()
{
	host_behind client 1 && host_behind banned 2 &&
	ip neigh replace $FLOODER lladdr 02:00:00:00:1:02 dev client nud permanent &&
	mkdir -p /run/www && echo "this host" >/run/www/index.html &&
	busybox httpd -p 80 -h /run/www && busybox httpd -p 81 -h /run/www
}

# ask WHO PORT [ADDRESS] - an answer with content: a port may be held by somebody who
# passes nothing on
ask()
{
	ip netns exec "$1" timeout "${patience:-4}" busybox wget -q -O - "http://${3:-$HOST}:$2/" 2>/dev/null
}

# t_answers NAME WHO PORT [CONTENT] - the third time, where the table was full
t_answers()
{
	local got try

	for try in 1 2 3; do
		got=$(ask "$2" "$3") && break
	done
	t_eq "$now: $1 answers" "$got" "${4:-this host}"
}

# t_refused NAME WHO PORT [ADDRESS]
t_refused()
{
	t_eq "$now: $1 doesn't" "$(patience=2 ask "$2" "$3" "${4:-}")" ""
}

# flood - handshakes that nobody completes, until the end
flood()
{
	echo $MAX >/proc/sys/net/netfilter/nf_conntrack_max
	ip netns exec client "$here/ctgen" -i eth0 --mac 02:00:00:00:01:01 -r 400 -t 3000 -p tcp \
		-s $FLOODER -d $HOST --sport 10000-60000 --dport 80 >/run/flood 2>&1 &
}

# sent - packets, by the client
sent()
{
	ip netns exec client cat /sys/class/net/eth0/statistics/tx_packets
}

sent_more_than()
{
	[ "$(sent)" -gt "$1" ]
}

# t_held NAME - a flood that goes on has no effect. What came before, while its owner's
# verbs had flushed our rules with all others, is not meant.
t_held()
{
	conntrack -D -s $FLOODER >/dev/null 2>&1
	wait_until 60 sent_more_than $(($(sent) + 1000)) && entries_below $((MAX / 4))
	t_status "$1" $? /proc/sys/net/netfilter/nf_conntrack_count
}

entries_below()
{
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -lt "$1" ]
}

entries_above()
{
	! entries_below "$1"
}

# --- the reader ----------------------------------------------------------------

found()
{
	conntriage --json >/run/found.json 2>/run/found.err
	jq -e '.findings[0].cause == "flood" and .severity == "critical"' /run/found.json
}

not_critical()
{
	conntriage >/run/out 2>&1
	[ $? -lt 2 ]
}

forgets()
{
	conntriage --json >"$here/persist.json" 2>/run/found.err
	jq -e '.findings[] | select(.cause == "persist")' "$here/persist.json"
}

# maximum - that is in force
maximum()
{
	cat /proc/sys/net/netfilter/nf_conntrack_max
}

# commands now|for_good|undo|undo_for_good [CAUSE] - of that finding, into the array typed
commands()
{
	local line cause=${2:-flood}

	typed=()
	while read -r line; do
		line=$(base64 -d <<<"$line")
		[[ $line == '#'* ]] || typed+=("$line")
	done < <(jq -r ".findings[] | select(.cause == \"$cause\") | .$1[] | @base64" \
		"$here/$cause.json")
}

# t_type NAME [any] - each as a person pastes it; "any": it may fail, where what it
# takes away isn't there
t_type()
{
	local command bad=0

	: >/run/typed
	for command in "${typed[@]}"; do
		bash -c "$command" >>/run/typed 2>&1 </dev/null || {
			echo "status $? of: $command" >>/run/typed
			[ "${2:-}" ] || bad=1
		}
	done
	[ ${#typed[@]} -gt 0 ] || { echo "there are no commands" >>/run/typed; bad=1; }
	t_status "$1" $bad /run/typed
}

# --- start and end -----------------------------------------------------------------

# up OWNER - every boot: the owner as it is, the module, a network
up()
{
	now="at boot"
	# shellcheck disable=SC1090
	. "$here/$1.sh"
	ktap_print_msg "up after $(cut -d. -f1 /proc/uptime) s"
	t_run "the module" sh -c "modprobe nf_conntrack && insmod $here/conntriage.ko"
	t_wait "its rules are there" 90 ready
	t_run "a network" network
	failed=$(systemctl --failed --plain --no-legend)
	t_eq "no unit failed" "$failed" ""
	for unit in $(echo "$failed" | cut -d ' ' -f 1); do
		journalctl -b -u "$unit" -n 10 --no-pager -o cat
	done
}

# save FILE DIR... - carries these out, as they are now
save()
{
	local file=$1

	shift
	t_run "what the disk holds" tar cf "$file" -C / "${@#/}"
}
