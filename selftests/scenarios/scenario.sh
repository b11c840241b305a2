# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# What a scenario is made of: README.md says how to write one.
#
# The guest's initial namespace is the router, because it is where a host's
# table is, and where every command that conntriage prints has to work. Each
# scenario begins with a conntrack that was just loaded and an /etc of its own.

[ "${SCENARIO_MOUNTS:-}" ] ||
	SCENARIO_MOUNTS=1 exec unshare -m --propagation private "$0" "$@"

# shellcheck source=../lib/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=host.sh
. "$CTRI_DIR/scenarios/host.sh"
# shellcheck source=traffic.sh
. "$CTRI_DIR/scenarios/traffic.sh"

READER=$(realpath "$CTRI_DIR/../userspace/conntriage")
SCENARIO=$(basename "$0" .sh)
JSON=$lib_tmp/diagnosis.json	# the last one
SEEN=$lib_tmp/seen		# every cause that any of them complained of
SAID=$lib_tmp/said		# ... and what it said
TYPED=$lib_tmp/typed		# every command that any of them printed

# of jq: a rule that a command has broken into lines is one again
JOINED='def joined: gsub(" \\\\\n *"; " ");'
# Of a party and of a sentence without whose the addresses are: the hosts here are
# namespaces of this host, whose names differ from run to run
NAMELESS='
	def drop_who($p): if $p.address and $p.who and ($p.this_host | not) then split(" (\($p.who))") | join("") else . end;
	def nameless: . as $p | .text | drop_who($p);
	def nameless_sentence: reduce (.who[], .suffers[]) as $p (.sentence; drop_who($p));'

expect_cause=
expect_severity=
found_as='-'
predicted='-'
measured='-'
fixed_after='-'
bad_roles=()
bad_pids=()

# scenario PLAN CAUSE SEVERITY - first of all; "scenario PLAN healthy ok"
scenario()
{
	expect_cause=$2
	expect_severity=$3
	ktap_print_header
	# What the log says of a table is evidence, and that of the scenario before is gone
	[ -z "${CONNTRIAGE_GUEST:-}" ] || dmesg -C
	need_module jq conntrack sysctl unshare iptables-nft
	[ -x "$READER" ] || ktap_skip_all "userspace/conntriage is not built; run make"
	[ "${CONNTRIAGE_PLAY:-}" ] || ktap_set_plan "$1"
	host_begin
	mkdir "$lib_tmp/bin" && ln -s "$READER" "$READER-delete" "$lib_tmp/bin/"
	PATH=$lib_tmp/bin:$PATH
	: >"$SEEN"
	: >"$TYPED"
}

# scenario_end - last of all; the line of the table is for "run"
scenario_end()
{
	t_clean "kernel log"
	echo "# scenario $SCENARIO|$expect_cause $expect_severity|$found_as|$predicted|$measured|$fixed_after"
	ktap_finished
}

# --- the traffic goes on, or is answered --------------------------------------

# The router's own go to the server
role_sent()
{
	on "$1" awk '$1 == "eth0:" || $1 == "s:" { print $11 }' /proc/net/dev
}

sent_since()
{
	[ "$(role_sent "$1")" -ge "$2" ]
}

# t_goes_on NAME - the bad traffic still comes, from each that sends it
t_goes_on()
{
	local i before

	for i in "${!bad_pids[@]}"; do
		before=$(role_sent "${bad_roles[i]}")
		if ! kill -0 "${bad_pids[i]}" 2>/dev/null ||
		   ! wait_until 5 sent_since "${bad_roles[i]}" $((before + 5)); then
			ktap_test_fail "$1"
			ktap_print_msg "  ${bad_roles[i]} doesn't send any more"
			return
		fi
	done
	ktap_test_pass "$1"
}

# asks ROLE - 40 requests over UDP and 20 over TCP: what became of them. FLOWS_FROM is
# another address of that role's.
FLOWS_FROM=
asks()
{
	local udp tcp ask=("$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -t 60 --wait 5000)

	[ -z "$FLOWS_FROM" ] || ask+=(--from "$FLOWS_FROM")
	on "$1" "${ask[@]}" -n 40 -r 40 >"$lib_tmp/udp" &
	tcp=$(on "$1" "${ask[@]}" -n 20 -r 20 --tcp)
	wait $!
	udp=$(cat "$lib_tmp/udp")
	echo "${udp% seconds*} ${tcp% seconds*}"
}

# t_flows NAME ROLE - each of those gets its answer, once 90 s are over at the
# latest: a limit leaves the entries that are there, and they have to expire
t_flows()
{
	local began=$SECONDS want="asked=40 answered=40 asked=20 answered=20" got

	while got=$(asks "$2") && [ "$got" != "$want" ]; do
		ktap_print_msg "after $((SECONDS - began)) s: $got"
		[ $((SECONDS - began)) -lt 90 ] || break
		sleep 2
	done
	t_eq "$1" "$got" "$want"
	[ "$got" = "$want" ] || { look; scenario_show; }
}

# --- the diagnosis ----------------------------------------------------------

# look [OPTION...] - one diagnosis, in $JSON. LOOK_STATUS is its exit status,
# LOOK_CAUSES what it complains of, worst first, LOOK_FIRST says whether the
# first is what is expected, with lines that match $who and $victim, where these and
# the severity are given
LOOK_STATUS=
LOOK_CAUSES=
LOOK_FIRST=
who=
victim=
look()
{
	local out line

	on r "$READER" --json "$@" >"$JSON" 2>"$lib_tmp/err"
	LOOK_STATUS=$?
	out=$(jq -r --arg cause "$expect_cause" --arg severity "$expect_severity" \
		 --arg who "$who" --arg victim "$victim" "$JOINED $NAMELESS"'
		def any_line($l; $re): $re == "" or any($l[] | nameless; test($re));
		def complaints: .findings[] | select(.severity != "ok");
		select(.schema == 2) |
		(.findings[0] | . != null and
		 .cause == $cause and ($severity == "" or .severity == $severity) and
		 any_line(.who; $who) and any_line(.suffers; $victim)),
		([complaints | .cause] | join(" ")),
		(complaints | "\(.cause): \(.sentence)"), "",
		(.findings[] | .now[], .for_good[] | select(startswith("#") | not) | joined)
		' "$JSON" 2>>"$lib_tmp/err") && [ "$out" ] ||
		ktap_exit_fail_msg "no diagnosis: $(xargs <"$lib_tmp/err")"
	{
		read -r LOOK_FIRST
		read -r LOOK_CAUSES
		while IFS= read -r line && [ "$line" ]; do
			echo "$line"
		done >>"$SAID"
		cat >>"$TYPED"
	} <<<"$out"
	echo "$LOOK_CAUSES" >>"$SEEN"
}

# said FILTER - of the last diagnosis, by jq
said()
{
	jq -r "$1" "$JSON"
}

# t_found SECONDS [WHO [VICTIM]] - 4 results: found in time, first, with who
# causes it and who suffers (regular expressions for a line of each); the exit
# status; what the first line says; a captured tree is judged alike
t_found()
{
	local began=$SECONDS status=(ok warning critical unknown) i

	who=${2:-} victim=${3:-}
	while look && [ "$LOOK_FIRST" = false ] && [ $((SECONDS - began)) -lt "$1" ]; do
		sleep 0.5
	done
	for i in 0 1 2 3; do
		[ "${status[i]}" = "$expect_severity" ] && break
	done
	if [ "$LOOK_FIRST" = true ]; then
		found_as="$expect_cause $expect_severity, $((SECONDS - began)) s"
		ktap_test_pass "found: $expect_cause is the first, $expect_severity"
	else
		found_as=$(said '.findings[0] | "\(.cause // "nothing") \(.severity // "ok")"')
		ktap_test_fail "found: $expect_cause is the first, $expect_severity"
		ktap_print_msg "  expected culprit: ${who:-any}; victim: ${victim:-any}"
	fi
	scenario_show
	t_eq "found: exit status" "$LOOK_STATUS" "$i"
	t_has "found: summary" "$(said .summary)" "^CONNTRACK ${expect_severity^^} - "
	cp "$JSON" "$lib_tmp/found.json"
	scenario_capture "$SCENARIO"
	t_run "found: a captured tree says the same" scenario_same
}

scenario_show()
{
	said '.summary, (.findings[] | "\(.severity) \(.cause): \(.sentence)",
		(.evidence[] | "  evidence \(.text)"), (.who[] | "  who \(.text)"),
		(.suffers[] | "  suffers \(.text)"))' | sed 's/^/# | /'
}

# t_sentence PATTERN - of the finding
t_sentence()
{
	t_has "found: the sentence" "$(jq -r "$NAMELESS .findings[0] | nameless_sentence" "$lib_tmp/found.json")" "$1"
}

# t_says KEY PATTERN - a line of the finding's evidence, now, for_good, ... matches
t_says()
{
	t_has "found: $1" "$(found_lines "$1")" "$2"
}

# t_also CAUSE - is there as well, behind the first
t_also()
{
	t_eq "found: $1 comes behind" \
		"$(jq --arg c "$1" '[.findings[1:][] | select(.cause == $c)] | length > 0' \
			"$lib_tmp/found.json")" true
}

# t_never CAUSE... - no diagnosis so far has complained of any of these
t_never()
{
	local cause hits=()

	for cause; do
		! grep -qw "$cause" "$SEEN" || hits+=("$cause")
	done
	t_eq "not found: $*" "${hits[*]}" ""
	for cause in "${hits[@]}"; do
		grep "^$cause: " "$SAID" | sort -u | head -n 3 | sed 's/^/#   /'
	done
}

# naming ADDR - the commands on its standard input that name it, or a network of IPv4
# that it is in. Not as the destination of somebody's packets: what is dropped from one
# to another accuses the one.
naming()
{
	awk -v addr="$1" '
	function number(text,   part) {
		split(text, part, ".")
		return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
	}
	{
		line = $0
		if (line ~ /saddr | -s /)
			gsub(/(daddr| -d) [^ ]+/, "", line)
		gsub(/[^0-9a-fA-F.:\/]+/, " ", line)
		n = split(line, word, " ")
		for (i = 1; i <= n; i++) {
			bits = split(word[i], net, "/") == 2 ? net[2] : 32
			sub(/:[0-9]+$/, "", net[1])
			if (word[i] == addr || net[1] == addr ||
			    (addr net[1] !~ /:/ && net[1] ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ &&
			     int(number(addr) / 2 ^ (32 - bits)) == int(number(net[1]) / 2 ^ (32 - bits)))) {
				print
				next
			}
		}
	}'
}

# t_accuses ADDR - the commands of the finding name that address or network
t_accuses()
{
	local lines

	lines=$({ found_lines now; found_lines for_good; } | grep -v '^#')
	t_has "found: its commands meet $1" "$(naming "$1" <<<"$lines")" .
}

# t_spares ADDR... - no diagnosis so far had a command that names any of these, or a
# network that they are in
t_spares()
{
	local addr hits=()

	for addr; do
		mapfile -t -O ${#hits[@]} hits < <(naming "$addr" <"$TYPED" | sort -u | head -n 3)
	done
	t_eq "spared: $*" "${hits[*]}" ""
}

# t_only [CAUSE...] - nothing else is wrong than what is expected, and these
t_only()
{
	local all

	mapfile -t all < <("$READER" explain | awk '/^[a-z]/ { print $1 }' |
		grep -vx -f <(printf '%s\n' "$expect_cause" "$@"))
	[ ${#all[@]} -gt 0 ] || ktap_exit_fail_msg "conntriage explain lists no causes"
	t_never "${all[@]}"
}

# A captured tree is judged as the host was just before or is just after. What has just
# been found may stand at its limit, where it comes and goes from one second to the next:
# the tree that was taken between two that agree is another then. So three are taken; a
# tree that keeps something from the judgement differs each time.
scenario_same()
{
	local tree=$lib_tmp/tree before after captured i

	before=$(first_of <"$lib_tmp/found.json")
	for i in 1 2 3; do
		rm -rf "$tree"
		on r "$READER" capture "$tree" || return
		captured=$("$READER" --root "$tree" --json | first_of) && [ "$captured" ] || return
		[ "$captured" != "$before" ] || return 0
		after=$(on r "$READER" --json | first_of)
		[ "$captured" != "$after" ] || return 0
		echo "try $i: $before, captured $captured, $after"
		before=$after
	done
	return 1
}

first_of()
{
	jq -r '.findings[0] | "\(.cause) \(.severity)"'
}

# scenario_capture NAME - for the reader's own tests, if they are wanted: what
# was found first
scenario_capture()
{
	[ "${CONNTRIAGE_CAPTURES:-}" ] && [ ! -e "$CONNTRIAGE_CAPTURES/$1" ] || return 0
	on r "$READER" capture "$CONNTRIAGE_CAPTURES/$1" ||
		ktap_exit_fail_msg "can't capture to $CONNTRIAGE_CAPTURES"
}

# --- the fix ----------------------------------------------------------------

# found_lines KEY - the commands and comments of the finding, and each rule of them in
# a line
found_lines()
{
	jq -r "$JOINED .findings[0].$1[] | .text? // . | joined" "$lib_tmp/found.json"
}

# run_lines KEY - every command by itself, as somebody would type it; fails if one
# does. conntriage tells by its status how things are, and grep that there is
# nothing.
run_lines()
{
	local line status bad=0 nr=0

	while IFS= read -r -d '' line; do
		on r sh -c "$line" </dev/null >"$lib_tmp/said" 2>&1
		status=$?
		nr=$((nr + 1))
		echo "status $status: $line"
		case $status,$line in
		0,* | 1,*'| grep'* | [12],conntriage)
			;;
		1,'nft delete rule'*)	# typed once more: it is gone
			[ "${again:-}" ] || bad=1 ;;
		*) bad=1 ;;
		esac
		[ "$status" -eq 0 ] || sed -n '1,3s/^/  /p' "$lib_tmp/said"
	done < <(jq -j ".findings[0].$1[] | select(startswith(\"#\") | not) + \"\\u0000\"" \
		"$lib_tmp/found.json")
	[ "$nr" -gt 0 ] || { echo "no command among: $1"; return 1; }
	return $bad
}

t_lines()
{
	local out

	if out=$(run_lines "$2"); then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
	fi
	sed 's/^/# $ /' <<<"$out"
}

# t_dialect DIALECT - the rules of the fix are written in that, and no other
t_dialect()
{
	local tools

	tools=$(found_lines now | grep -v '^#' |
		grep -oE '(^nft|\<ip6?tables-(nft|legacy)\>)' | sort -u | xargs)
	case $1 in
	nft) t_eq "fix: written for $1" "$tools" nft ;;
	*) t_has "fix: written for $1" "$tools" "^(ip6?tables-${1#*-} ?)+$" ;;
	esac
}

# t_fix - the commands that help at once are typed
t_fix()
{
	in_place >"$lib_tmp/before"
	t_lines "fix: every command runs" now
	cp "$lib_tmp/found.json" "$lib_tmp/typed.json"
}

# What t_fix has typed is typed once more: a result only where that changes something
typed_again()
{
	local out

	[ -e "$lib_tmp/typed.json" ] || return 0
	in_place >"$lib_tmp/once"
	cp "$lib_tmp/found.json" "$lib_tmp/found.kept"
	cp "$lib_tmp/typed.json" "$lib_tmp/found.json"
	if ! out=$(again=yes run_lines now) || ! in_place | diff "$lib_tmp/once" - >"$lib_tmp/diff"; then
		ktap_test_fail "fix: typed once more, it is the same"
		sed 's/^/# $ /' <<<"$out"
		sed 's/^/#   /' "$lib_tmp/diff"
	fi
	mv "$lib_tmp/found.kept" "$lib_tmp/found.json"
}

# script [OPTION...] - what "conntriage fix" prints, piped to a shell
script()
{
	on r "$READER" fix "$@" >"$lib_tmp/script" && on r sh <"$lib_tmp/script"
}

# t_script - as t_fix, by "conntriage fix | sh". And its dry run changes nothing
t_script()
{
	local out

	in_place >"$lib_tmp/before"
	if out=$(script --dry-run 2>&1 && in_place | diff "$lib_tmp/before" -); then
		ktap_test_pass "script: a dry run says what would change, and changes nothing"
	else
		ktap_test_fail "script: a dry run says what would change, and changes nothing"
	fi
	sed 's/^/# $ /' <<<"$out"
	if out=$(script 2>&1) && grep -q 'predicted' <<<"$out"; then
		ktap_test_pass "script: it runs, and says what was predicted"
	else
		ktap_test_fail "script: it runs, and says what was predicted"
	fi
	sed 's/^/# $ /' <<<"$out"
}

# t_script_undo - "conntriage fix --undo" finds what stands, and takes it back
t_script_undo()
{
	local out

	if out=$(script --undo 2>&1 && in_place | diff "$lib_tmp/before" -); then
		ktap_test_pass "script: undone, it is as it was"
	else
		ktap_test_fail "script: undone, it is as it was"
	fi
	sed 's/^/# $ /' <<<"$out"
}

# t_undo - what was typed is taken back, and rules and settings are those of before
t_undo()
{
	local out

	cp "$lib_tmp/typed.json" "$lib_tmp/found.json"
	if out=$(run_lines undo && in_place | diff "$lib_tmp/before" -); then
		ktap_test_pass "undo: it is as it was"
	else
		ktap_test_fail "undo: it is as it was"
	fi
	sed 's/^/# $ /' <<<"$out"
}

# complains [OPTION...] - of the expected cause
complains()
{
	look "$@"
	[[ " $LOOK_CAUSES " == *" $expect_cause "* ]]
}

# t_gone SECONDS [OPTION...] - the finding is gone, though the bad traffic goes
# on: within SECONDS a diagnosis of the last 6 seconds has nothing of it; with
# the usual 300 it would go on to say how it was. 3 results, 2 without a flood.
t_gone()
{
	local limit=$1 began=$SECONDS

	shift
	while complains -T recent=6 -T spell=6 "$@"; do
		[ $((SECONDS - began)) -lt "$limit" ] || break
		sleep 0.5
	done
	if [[ " $LOOK_CAUSES " == *" $expect_cause "* ]]; then
		fixed_after=no
		ktap_test_fail "fixed: the finding is gone"
		scenario_show
	else
		fixed_after="$((SECONDS - began)) s"
		ktap_test_pass "fixed: the finding is gone"
	fi
	[ ${#bad_pids[@]} = 0 ] || t_goes_on "fixed: the bad traffic goes on"
	t_flows "fixed: ordinary traffic flows" "${FLOWS:-c2}"
	typed_again
}

# t_check - the commands that show whether it worked
t_check()
{
	t_lines "check: every command runs" check
}

# t_reboot SECONDS [OPTION...] - the commands for good are typed, the host boots
# with what they left, and the finding doesn't come back within SECONDS though
# the bad traffic goes on, or begins again by the script's booted(). 3 results.
t_reboot()
{
	local limit=$1 back='' began

	shift
	t_lines "for good: every command runs" for_good
	find "$host_upper" -type f -newer "$host_upper/.began" | sort |
		sed "s|^$host_upper|# wrote /etc|"
	host_reboot
	[ "$(type -t booted)" != function ] || booted
	began=$SECONDS
	while [ $((SECONDS - began)) -lt "$limit" ]; do
		if complains "$@"; then
			back=yes
			break
		fi
		sleep 1
	done
	t_eq "for good: after a reboot the finding stays away" "$back" ""
	[ -z "$back" ] || scenario_show
	t_flows "for good: ordinary traffic flows" "${FLOWS:-c2}"
}

# t_healthy SECONDS - every diagnosis for so long is the all-clear, which says
# how much room there is. 3 results.
t_healthy()
{
	local began=$SECONDS nr=0 bad=''

	while [ $((SECONDS - began)) -lt "$1" ]; do
		look
		nr=$((nr + 1))
		if [ "$LOOK_STATUS" -ne 0 ]; then
			bad=$(said .summary)
			break
		fi
		sleep 1
	done
	ktap_print_msg "$nr diagnoses"
	scenario_show
	found_as="${bad:+not }healthy ok"
	t_eq "healthy: no alarm" "$bad" ""
	t_has "healthy: says how much room there is" "$(said .summary)" \
		'^CONNTRACK OK - [0-9,]+ of [0-9,]+ entries in use .*room for [0-9,]+ more'
	cp "$JSON" "$lib_tmp/found.json"
	scenario_capture "$SCENARIO"
	t_flows "healthy: ordinary traffic flows" "${FLOWS:-c2}"
}

# shellcheck source=predicted.sh
. "$CTRI_DIR/scenarios/predicted.sh"

if [ "${CONNTRIAGE_PLAY:-}" ]; then
	# shellcheck source=judged.sh
	. "$CTRI_DIR/scenarios/judged.sh"
fi
