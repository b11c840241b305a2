#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: under a flood, the reader's first finding names who floods, how fast,
# who suffers, and what to do; and it never takes a broken file for the truth.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=lib/scene.sh
. "$CTRI_DIR/lib/scene.sh"

# first FILE - its first finding: up to the next severity at a line's begin
first()
{
	awk '/^(CRITICAL|WARNING|OK|UNKNOWN) / && ++n > 1 { exit } { print }' "$1"
}

# The rate in the sentence of the reader's first finding
said()
{
	tr -s ' \n' ' ' |
		sed -n "s/^[^.]*full: $FLOODER alone has [^:]*, \([0-9,]*\) new ones a second.*/\1/p" |
		tr -d ,
}

# t_not_read NAME TREE PATTERN - a damaged file is named so, and the flood is told
t_not_read()
{
	local out status

	out=$("$READER" --root "$2" 2>&1)
	status=$?
	t_has "$1" "$status $(tr -s ' \n' ' ' <<<"$out")" "^2 captured .* CRITICAL .* NOT READ [^ ]*$3"
}

# t_one_line NAME TREE PATTERN - the reader fails there with one such line
t_one_line()
{
	local out status

	out=$("$READER" --root "$2" 2>&1 >/dev/null)
	status=$?
	t_has "$1" "$status $(wc -l <<<"$out") $out" "^3 1 conntriage: .*$3"
}

ktap_print_header
need_module
scene_up
ktap_set_plan 18
scene_run 600
scene_sample
t_run "the flood fills the table" wait_until 60 scene_ripe
on r "$READER" >"$lib_tmp/out" 2>"$lib_tmp/err"
status=$?
on r "$READER" capture "$lib_tmp/tree" 2>>"$lib_tmp/err"
captured=$?
# The rate is a mean of the last seconds, in which the sending may have been uneven:
# take a reading for which it was even within 2 %, or else the last one
for ((i = 0; i < 12 && SECONDS < 500; i++)); do
	read -r before _ </proc/uptime
	rate=$(on r "$READER" 2>/dev/null | said)
	read -r after _ </proc/uptime
	sleep 1
	read -r low high < <(scene_sent "$before" "$after")
	ktap_print_msg "said: $rate a second; sent: $low to $high"
	[ $(((high - low) * 100)) -ge $((low * 2)) ] || break
done
scene_end

first "$lib_tmp/out" >"$lib_tmp/first"
text=$(tr -s ' \n' ' ' <"$lib_tmp/first")
t_eq "exit status says critical" $status 2
t_eq "no error" "$(cat "$lib_tmp/err")" ""
t_has "the first finding is the full table" "$text" 'CRITICAL .*table is full'
t_has "it names the flooder" "$text" \
	"full: $FLOODER alone has [0-9,]+ of its [0-9,]+ entries, .*, [0-9,]+ new ones a second"
ktap_print_msg "sent: $FLOOD_SENT in $FLOOD_SECONDS s"
t_run "its rate is what was sent: ${rate:-none}, and $low to $high, within 2 %" \
	test "${rate:-0}" -ge $((low * 98 / 100)) -a "${rate:-0}" -le $((high * 102 / 100))
t_has "it names the innocent as suffering" \
	"$(sed -n '/^  suffers/,/^  [a-r]/p' "$lib_tmp/first")" "$INNOCENT( \([^)]*\))?: .*(refused|killed)"
t_has "the flooder is not among those" \
	"$(sed -n '/^  suffers/,/^  now/p' "$lib_tmp/first" | grep -c "${FLOODER}[ :]")" '^0$'
# a rule that says to whom as well goes on in the next line
t_has "it has a fix for now" "$(sed -n '/^  now/,/^  for good/p' "$lib_tmp/first" |
	tr -s ' \\\n' ' ')" "saddr $FLOODER.* drop"
t_has "it has a fix for good" "$(cat "$lib_tmp/first")" '^  for good'
[ -z "${V:-}" ] || cat "$lib_tmp/out"

# The captured tree says the same, later and elsewhere
t_eq "capture" $captured 0
"$READER" --root "$lib_tmp/tree" >"$lib_tmp/again" 2>&1
t_has "a captured tree gives the same finding" "$(tr -s ' \n' ' ' <"$lib_tmp/again")" \
	"full: $FLOODER alone has"

# Broken trees: the file is named, and the table is full by what the others tell
sources=$(find "$lib_tmp/tree" -path '*conntriage/sources' | head -n 1)
sed -i '3s/ [0-9]* / many /' "$sources"
t_not_read "a corrupt row of sources" "$lib_tmp/tree" 'sources:3: '
sed -i '3d' "$sources"
head -c 20 /dev/urandom >>"$sources"
t_not_read "garbage at the end of sources" "$lib_tmp/tree" 'sources:[0-9]+: '
printf 'schema\n999\n' >"$(dirname "$sources")/abi"
t_has "a schema of the future is refused, and said" \
	"$("$READER" --root "$lib_tmp/tree" 2>&1 | tr -s ' \n' ' ')" 'schema.* 999|999.*schema'
t_one_line "no such tree" "$lib_tmp/nowhere" 'nowhere'

# Without the module: says so, and goes on with what the kernel tells
module_unload
on r "$READER" >"$lib_tmp/out" 2>"$lib_tmp/err"
t_has "without the module it says what it can't see" \
	"$(tr -s ' \n' ' ' <"$lib_tmp/out")" '[Mm]odule.*(not loaded|insmod|modprobe)'
t_clean "kernel log"
ktap_finished
