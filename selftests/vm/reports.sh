# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What counts as the kernel reporting a fault.  Sourced by run.

# kernel_reports LOG... - print the first log's first report, up to 60 lines
# of it, and the opening line of each one further on.  Status 1: none.
#
# Matches are anchored behind the time stamp where the text could otherwise be
# part of a harmless message.  "Call Trace:" is not in the list: fault
# injection and refused allocations print one, and are no faults.  Of data races
# only those count that a module of this tree has a part in: the kernel has its
# own, which it may know of.
kernel_reports()
{
	awk '
	{
		sub(/\r$/, "")
		text = $0
		sub(/^\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "", text)
		opening = 0
	}
	# reports and their context so far are all from one log
	FNR == 1 && found { exit }
	text ~ /^BUG: KCSAN: / && text !~ /\[(conntriage|vmfault)\]/ { next }
	text ~ /^-+\[ cut here \]-+/ ||
	text ~ /^WARNING: / ||
	text ~ /(^|[^A-Za-z_])BUG[: ]/ ||
	text ~ /^Oops/ ||
	text ~ /^(Unable to handle kernel|Internal error: )/ ||
	text ~ /^(general protection fault|divide error|invalid opcode|int3|stack segment)/ ||
	text ~ /double fault/ ||
	text ~ /Kernel panic - not syncing/ ||
	text ~ /^UBSAN: / ||
	text ~ /^CFI failure at / ||
	text ~ /^kmemleak: [0-9]+ new suspected/ ||
	text ~ /^rcu: .*(detected|starved)/ ||
	text ~ /(soft lockup|hard LOCKUP)/ ||
	text ~ /^INFO: (task|rcu|possible|trying|inconsistent|suspicious)/ ||
	text ~ /^list_(add|del) corruption/ ||
	text ~ /^unregister_netdevice: waiting for/ {
		opening = 1
		if (!found)
			first = NR
		found++
	}
	found && (NR < first + 60 || opening) { print }
	END { exit !found }
	' "$@"
}

# kernel_taint FLAGS - name the flags that only a fault sets.  Status 1: none.
# The log can be cleared or its level lowered; these cannot be taken back.
kernel_taint()
{
	local names=''

	[ $(($1 & 1 << 5)) -eq 0 ] || names="$names bad-page"
	[ $(($1 & 1 << 7)) -eq 0 ] || names="$names oops"
	[ $(($1 & 1 << 9)) -eq 0 ] || names="$names warning"
	[ $(($1 & 1 << 14)) -eq 0 ] || names="$names soft-lockup"
	[ -n "$names" ] && echo "${names# }"
}
