# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# KTAP output under the names of the kernel's ktap_helpers.sh, and the
# assertions that the scripts are made of: one line, one result each.

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

ktap_planned=0
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

# Fewer results than planned is a failure: a test that vanished didn't pass.
ktap_finished()
{
	if [ "$ktap_done" -ne "$ktap_planned" ]; then
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
	if grep -Eq -- "$3" <<<"$2"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "  expected a line that matches: $3"
		sed -n '1,20s/^/#   got: /p' <<<"$2"
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
		[ -z "$out" ] || sed -n '1,20s/^/#   /p' <<<"$out"
	fi
}
