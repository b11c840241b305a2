# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# The one TAP helper for scripts: KTAP output under the names of the kernel's
# ktap_helpers.sh, and the assertions that the tests are made of: one line, one
# result each. For bash and for dash, and with "set -u" and pipefail.

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

ktap_planned=
ktap_done=0
ktap_pass=0
ktap_fail=0
ktap_skip=0

ktap_print_header()
{
	echo "TAP version 13"
}

ktap_print_msg()
{
	echo "# $*"
}

ktap_set_plan()
{
	ktap_planned=$1
	echo "1..$ktap_planned"
}

# The whole script can't run here: says why, exits 4.
ktap_skip_all()
{
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

ktap_test_pass()
{
	ktap_done=$((ktap_done + 1))
	ktap_pass=$((ktap_pass + 1))
	echo "ok $ktap_done $*"
}

ktap_test_fail()
{
	ktap_done=$((ktap_done + 1))
	ktap_fail=$((ktap_fail + 1))
	echo "not ok $ktap_done $*"
}

# ktap_test_skip NAME REASON
ktap_test_skip()
{
	ktap_done=$((ktap_done + 1))
	ktap_skip=$((ktap_skip + 1))
	echo "ok $ktap_done $1 # SKIP $2"
}

ktap_print_totals()
{
	echo "# Totals: pass:$ktap_pass fail:$ktap_fail xfail:0 xpass:0 skip:$ktap_skip error:0"
}

# The script can't go on: what follows would mean nothing.
ktap_exit_fail_msg()
{
	echo "Bail out! $*"
	exit $KSFT_FAIL
}

# ktap_relay PREFIX LINE - a result of another TAP stream as our next one, its
# name after PREFIX; fails where LINE is no result
ktap_relay()
{
	local name why

	case $2 in
	'ok '[0-9]*) name=${2#ok * } ;;
	'not ok '[0-9]*) name=${2#not ok * } ;;
	*) return 1 ;;
	esac
	name=$1${name#- }
	case $2 in
	not*) ktap_test_fail "$name" ;;
	*' # SKIP'*)
		why=${name#* # SKIP}
		ktap_test_skip "${name%% # SKIP*}" "${why# }" ;;
	*) ktap_test_pass "$name" ;;
	esac
}

# Fewer results than planned is a failure: a test that vanished didn't pass.
# Who couldn't plan gets the plan now; no result at all is a failure, too.
ktap_finished()
{
	if [ -z "$ktap_planned" ]; then
		ktap_set_plan "$ktap_done"
		[ "$ktap_done" -gt 0 ] || ktap_fail=1
	elif [ "$ktap_done" -ne "$ktap_planned" ]; then
		ktap_print_msg "planned $ktap_planned results, gave $ktap_done"
		ktap_fail=$((ktap_fail + 1))
	fi
	ktap_print_totals
	[ "$ktap_fail" -eq 0 ] || exit $KSFT_FAIL
	exit $KSFT_PASS
}

is_number()
{
	case $1 in
	'' | *[!0-9-]* | ?*-* | -) return 1 ;;
	esac
}

# t_eq NAME ACTUAL EXPECTED - equal as text
t_eq()
{
	if [ "$2" = "$3" ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected $3, got ${2:-nothing}"
	fi
}

# t_num NAME ACTUAL -eq|-ge|-gt|-le|-lt EXPECTED - as numbers
t_num()
{
	if is_number "$2" && is_number "$4" && test "$2" "$3" "$4"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected $3 ${4:-nothing}, got ${2:-nothing}"
	fi
}

# t_near NAME ACTUAL EXPECTED PERCENT - within PERCENT of EXPECTED; decimals too
t_near()
{
	if awk -v a="$2" -v e="$3" -v p="$4" 'BEGIN {
		d = a - e; if (d < 0) d = -d
		exit !(a ~ /^[0-9.]+$/ && e > 0 && d <= e * p / 100) }'; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected $3 within $4 %, got ${2:-nothing}"
	fi
}

# t_has NAME TEXT PATTERN - a line of TEXT matches the extended regexp
t_has()
{
	# not -q: printf would get a SIGPIPE
	if printf '%s\n' "$2" | grep -E -- "$3" >/dev/null; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected a line that matches: $3"
		printf '%s\n' "$2" | sed -n '1,20s/^/#   got: /p'
	fi
}

# t_run NAME COMMAND... - succeeds; its output is shown only when it doesn't
t_run()
{
	local name=$1 out

	shift
	if out=$("$@" 2>&1); then
		ktap_test_pass "$name"
	else
		ktap_test_fail "$name"
		ktap_print_msg "  failed: $*"
		[ -z "$out" ] || printf '%s\n' "$out" | sed -n '1,20s/^/#   /p'
	fi
}

# t_silent NAME COMMAND... - succeeds, and prints nothing
t_silent()
{
	local name=$1 out

	shift
	if out=$("$@" 2>&1) && [ -z "$out" ]; then
		ktap_test_pass "$name"
	else
		ktap_test_fail "$name"
		[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

# t_status NAME STATUS [FILE...] - of a command that is over: 0; else the last
# lines of FILE... are shown
t_status()
{
	local name=$1 status=$2

	shift 2
	if [ "$status" -eq 0 ]; then
		ktap_test_pass "$name"
		return
	fi
	ktap_test_fail "$name"
	[ $# -eq 0 ] || tail -n 20 -- "$@" | sed 's/^/#   /'
}
