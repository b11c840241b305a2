#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# table_replay: its options, its errors, and that it counts right. $1: build
# directory. TAP 13.
replay=${1:?"test_replay.sh BUILD-DIRECTORY"}/table_replay
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=../../lib/ktap.sh
. "$(dirname "$0")/../../lib/ktap.sh"

key() {	# key N...: each as a little-endian 64-bit number below 2^16
	for k; do
		# shellcheck disable=SC2059 # the format is what is made here
		printf "\\$(printf %o $((k % 256)))\\$(printf %o $((k / 256)))\\0\\0\\0\\0\\0\\0"
	done
}

same() {	# same WANTED NAME: compare with the output
	printf '%s\n' "$1" >"$tmp/want"
	cmp -s "$tmp/want" "$tmp/out"
	t_status "$2" $? "$tmp/out"
}

refused() {	# refused NAME ARGUMENT...: one line on stderr, nothing else
	name=$1
	shift
	key 1 | "$replay" "$@" >"$tmp/out" 2>"$tmp/err"
	[ $? = 1 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" = 1 ]
	t_status "$name" $? "$tmp/out" "$tmp/err"
}

ktap_print_header
ktap_set_plan 15

key 7 300 7 7 300 5 | "$replay" >"$tmp/out"
same "7 3 3 3
300 2 2 2
5 1 1 1
distinct 3" "counts, estimates, bounds and distinct sources"

key 7 300 7 7 300 5 | "$replay" --top 1 --seed 9 --kib 64 >"$tmp/out"
same "7 3 3 3
distinct 3" "--top, --seed and --kib"

key 1 1 1 2 2 3 | "$replay" --window 4 >"$tmp/out"
same "2 1 1 1
3 1 1 1
distinct 3" "--window: the last window alone is shown"

key 1 1 2 3 | "$replay" --window 2 >"$tmp/out"
same "2 1 1 1
3 1 1 1
distinct 3" "a window that ends with the input is the last"

key 9 9 9 8 9 9 9 8 9 | "$replay" --cpus 4 >"$tmp/out"
same "9 7 7 7
8 2 2 2
distinct 2" "--cpus: the CPUs' counts are added up"

key 9 9 9 8 9 9 9 8 9 | "$replay" --cpus 4 --rss >"$tmp/out"
same "9 7 7 7
8 2 2 2
distinct 2" "--rss likewise"

key 4 0 4 1 6 1 4 0 | "$replay" --events --top 2 >"$tmp/out"
same "class insert events 2
4 2 2 2
distinct 1
class invalid events 2
4 1 1 1
6 1 1 1
distinct 2
class refused events 0
distinct 0
class evicted events 0
distinct 0
class evicting events 0
distinct 0
class insert_failed events 0
distinct 0
class invalid_to events 0
distinct 0
class refused_to events 0
distinct 0
class evicted_to events 0
distinct 0
class program events 0
distinct 0" "--events: each class on its own"

: | "$replay" >"$tmp/out"
same "distinct 0" "no input is no source"

"$replay" --help >"$tmp/out" && grep -q -- --window "$tmp/out"
t_status "--help" $?
refused "an unknown option is refused" --foo
refused "an argument is refused" keys
refused "a number that is none is refused" --kib 12x
refused "too little memory is refused" --kib 1
refused "a missing value is refused" --top

{ key 1; printf abc; } | "$replay" >"$tmp/out" 2>"$tmp/err"
[ $? = 1 ] && [ ! -s "$tmp/out" ] && key 1 | "$replay" --events 2>&1 >"$tmp/out" |
	grep -q 'within a record' && [ ! -s "$tmp/out" ] &&
	key 1 10 | "$replay" --events 2>&1 | grep -q 'class above 9'
t_status "input that ends within a record, or has an unknown class, is refused" $?
ktap_finished
