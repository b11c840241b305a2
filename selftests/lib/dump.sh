# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the scripts have in common in which the reader lists a table itself.

READER=$CTRI_DIR/../userspace/conntriage

# need_dump - tools, the reader, and a table that ctnetlink lists
need_dump()
{
	need_tools conntrack
	[ -x "$READER" ] || ktap_skip_all "userspace/conntriage is not built; run make"
	[ -x "$CTRI_TOOLS/ctfill" ] || ktap_skip_all "ctfill is not built; run make -C selftests"
}

# dump_begin - conntrack is there from here on, and what the kernel says is looked at
dump_begin()
{
	modprobe nf_conntrack_netlink 2>/dev/null
	[ -e /proc/sys/net/netfilter/nf_conntrack_max ] ||
		ktap_exit_fail_msg "no nf_conntrack in this kernel"
	lib_mark="conntriage-selftest $$ $(date +%s)"
	echo "$lib_mark" >/dev/kmsg
}

# reads ROLE WORDS... - its output in $out and $lib_tmp/out, its status in $status
out='' status=''
reads()
{
	local role=$1

	shift
	on "$role" "$READER" "$@" >"$lib_tmp/out" 2>"$lib_tmp/err"
	status=$?
	out=$(cat "$lib_tmp/out" "$lib_tmp/err")
}

# words - of $out in one line, as text is broken anywhere
words()
{
	tr -s ' \n' ' ' <<<"$out"
}

# fill ROLE CTFILL-OPTIONS...
fill()
{
	local role=$1

	shift
	on "$role" "$CTRI_TOOLS/ctfill" "$@" >"$lib_tmp/filled" ||
		ktap_exit_fail_msg "ctfill failed in $role: $*"
}

entries()
{
	on "$1" cat /proc/sys/net/netfilter/nf_conntrack_count
}

# value NAME - the first number of that name in a list, as JSON, of $lib_tmp/out
value()
{
	sed -n '/"\(namespaces\|rows\)": \[/,$p' "$lib_tmp/out" |
		sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p" | head -n 1
}
