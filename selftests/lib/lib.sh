# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2119,SC2120,SC2317
# What every script of these selftests begins with:
#
#	. "$(dirname "$0")/lib/lib.sh"
#	ktap_print_header
#	need_module		# or skip, with the reason
#	ktap_set_plan 7
#	...
#	ktap_finished
#
# Whatever a script makes is removed when it ends, whatever ended it.

set -u
CTRI_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 1
CTRI_TOOLS=$CTRI_DIR/tools
# kselftest installs what was built beside the tests
[ -x "$CTRI_TOOLS/ctgen" ] || [ ! -x "$CTRI_DIR/ctgen" ] || CTRI_TOOLS=$CTRI_DIR
CTRI_FS=/sys/kernel/debug/conntriage
QUICK=${QUICK:-}

# shellcheck source=ktap.sh
. "$CTRI_DIR/lib/ktap.sh"
# shellcheck source=topology.sh
. "$CTRI_DIR/lib/topology.sh"

lib_pids=()
lib_saved=()
lib_module=
lib_tmp=
lib_mark=

# --- ends -----------------------------------------------------------------

lib_cleanup()
{
	local pid i

	trap '' INT TERM
	for pid in "${lib_pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	for pid in "${lib_pids[@]}"; do
		wait "$pid" 2>/dev/null
	done
	topo_down
	for ((i = ${#lib_saved[@]} - 1; i >= 0; i--)); do
		echo "${lib_saved[i]#*=}" >"${lib_saved[i]%%=*}"
	done
	if [ "$lib_module" ] && [ -d /sys/module/conntriage ]; then
		rmmod conntriage
	fi
	if [ "$lib_tmp" ]; then
		rm -rf "$lib_tmp"
	fi
}

trap lib_cleanup EXIT
trap 'echo "Bail out! interrupted"; exit 1' INT TERM

lib_tmp=$(mktemp -d) || ktap_exit_fail_msg "mktemp failed"

# put FILE VALUE - write a setting of the machine; the old one comes back
put()
{
	local old

	old=$(cat "$1") || ktap_exit_fail_msg "$1: can't read it"
	lib_saved+=("$1=$old")
	echo "$2" 2>/dev/null >"$1" || ktap_exit_fail_msg "$1: can't write $2"
}

# bg ROLE COMMAND... - in the background; BG_PID, and its output in BG_OUT
BG_PID=
BG_OUT=
bg()
{
	local role=$1

	shift
	BG_OUT=$(mktemp "$lib_tmp/bg.XXXXXX")
	nsenter --net="/run/netns/ctri$$-$role" -- "$@" >"$BG_OUT" 2>&1 &
	BG_PID=$!
	lib_pids+=("$BG_PID")
}

# bg_end PID - ask it to stop, and wait until it has
bg_end()
{
	kill "$1" 2>/dev/null
	bg_wait "$1"
}

# bg_wait PID - returns its status
bg_wait()
{
	local pid left=() ret

	wait "$1"
	ret=$?
	for pid in "${lib_pids[@]}"; do
		[ "$pid" = "$1" ] || left+=("$pid")
	done
	lib_pids=("${left[@]}")
	return $ret
}

# wait_until SECONDS COMMAND... - until it succeeds; fails after SECONDS
wait_until()
{
	local end=$((SECONDS + $1 + 1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# peer_serve ROLE ADDR PORT SECONDS - ctpeer, ready to answer
peer_serve()
{
	bg "$1" "$CTRI_TOOLS/ctpeer" serve -a "$2" -p "$3" -t "$4"
	wait_until 10 grep -q ready "$BG_OUT" ||
		ktap_exit_fail_msg "ctpeer does not serve: $(cat "$BG_OUT")"
}

# --- what the machine must have -------------------------------------------

need_tools()
{
	local tool

	[ "$(id -u)" -eq 0 ] || ktap_skip_all "not root; run it with sudo"
	for tool in ip nft nsenter awk "$@"; do
		command -v "$tool" >/dev/null ||
			ktap_skip_all "no $tool; install it (iproute2, nftables, util-linux, conntrack)"
	done
	for tool in ctgen ctpeer; do
		[ -x "$CTRI_TOOLS/$tool" ] ||
			ktap_skip_all "$tool is not built; run make -C selftests"
	done
}

# The file to load, or nothing: then modprobe(8) finds it, or not
module_file()
{
	local ko=${CONNTRIAGE_KO:-$CTRI_DIR/../conntriage.ko}

	[ ! -f "$ko" ] || echo "$ko"
}

# need_module [TOOL...] - everything but the loading itself
need_module()
{
	local ko

	need_tools "$@"
	[ -e /proc/modules ] ||
		ktap_skip_all "this kernel has no loadable modules; use selftests/vm/run"
	# never another one than was asked for; a guest's /tmp isn't this machine's
	[ -z "${CONNTRIAGE_KO:-}" ] || [ -f "$CONNTRIAGE_KO" ] ||
		ktap_exit_fail_msg "no $CONNTRIAGE_KO here; correct CONNTRIAGE_KO"
	ko=$(module_file)
	[ "$ko" ] || modinfo conntriage >/dev/null 2>&1 ||
		ktap_skip_all "no conntriage.ko; run make, or set CONNTRIAGE_KO"
	[ ! -d /sys/module/conntriage ] ||
		ktap_skip_all "conntriage is loaded already; rmmod it first"
	mountpoint -q /sys/kernel/debug ||
		mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null ||
		ktap_skip_all "no debugfs; it may be off on the kernel's command line"
	need_conntrack
}

# need_conntrack - a kernel that tracks connections, and whose log is marked
need_conntrack()
{
	modprobe nf_conntrack 2>/dev/null
	[ -e /proc/sys/net/netfilter/nf_conntrack_max ] ||
		ktap_skip_all "no nf_conntrack in this kernel"
	lib_mark="conntriage-selftest $$ $(date +%s)"
	echo "$lib_mark" >/dev/kmsg
	# veth's receive queue: once it is full, packets are lost that a test counts
	put /proc/sys/net/core/netdev_max_backlog 100000
}

# config_file - the path of this kernel's configuration; nothing where it isn't at hand
config_file()
{
	local file

	for file in "${CONNTRIAGE_CONFIG:-}" "/boot/config-$(uname -r)" \
		    "/lib/modules/$(uname -r)/config" "/lib/modules/$(uname -r)/build/.config"; do
		[ ! -r "$file" ] || { echo "$file"; return; }
	done
}

# need_config OPTION WHAT - skip where this kernel was configured without it
need_config()
{
	local file

	file=$(config_file)
	[ -z "$file" ] || grep -qx "$1=[ym]" "$file" ||
		ktap_skip_all "this kernel has no $2 ($1)"
}

# --- the module -----------------------------------------------------------

# module_insert [PARAM=VALUE...] - status and message are insmod's
module_insert()
{
	local ko dep

	ko=$(module_file)
	if [ -z "$ko" ]; then
		modprobe conntriage "$@"
		return
	fi
	for dep in $(modinfo -F depends "$ko" | tr ',' ' '); do
		modprobe "$dep" || return
	done
	insmod "$ko" "$@"
}

module_load()
{
	local out

	lib_module=1
	out=$(module_insert "$@" 2>&1) ||
		ktap_exit_fail_msg "module does not load: $out; $(dmesg | tail -n 1)"
	[ -r "$CTRI_FS/status" ] ||
		ktap_exit_fail_msg "module is loaded, but $CTRI_FS/status is not there"
}

module_unload()
{
	rmmod conntriage || return
	[ ! -d /sys/module/conntriage ]
}

# The log since the script began
log_since()
{
	dmesg | awk -v mark="$lib_mark" 'on { print } index($0, mark) { on = 1 }'
}

# KCSAN reports data races of the kernel's own, too: only the module's count
log_faults()
{
	log_since | sed '/BUG: KCSAN: /{ /\[conntriage\]/!d }' | grep -E 'WARNING:|BUG:|Oops|general protection|KASAN|UBSAN|possible circular|lockdep|rcu.*stall|soft lockup|Call Trace|refcount_t:'
}

# t_clean NAME - the kernel complained of nothing since the script began
t_clean()
{
	local faults

	if faults=$(log_faults); then
		ktap_test_fail "$1"
		sed -n '1,30s/^/#   /p' <<<"$faults"
	else
		ktap_test_pass "$1"
	fi
}

# --- the module's files ---------------------------------------------------

# col FILE COLUMN[,COLUMN...] [KEY=VALUE...] - of the rows where all keys match
col()
{
	local file=$1 column=$2

	shift 2
	awk -v column="$column" -v keys="$*" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		n = split(keys, pair, " ")
		m = split(column, want, ",")
		next
	}
	{
		for (k = 1; k <= n; k++) {
			eq = index(pair[k], "=")
			name = substr(pair[k], 1, eq - 1)
			if (!(name in at) || $at[name] "" != substr(pair[k], eq + 1) "")
				next
		}
		for (k = 1; k <= m; k++)
			printf "%s%s", (k > 1 ? " " : ""),
			       ((want[k] in at) ? $at[want[k]] : "no_such_column")
		print ""
	}' "$CTRI_FS/$file"
}

# another_walk - wait until the next reader of the census starts a new walk: for
# a second, all readers get the last one
another_walk()
{
	sleep 1.2
}

# add_up - the sum of its standard input's lines
add_up()
{
	awk '{ n += $1 } END { print n + 0 }'
}

# status NAME
status()
{
	col status value "name=$1"
}

# nsv ROLE COLUMN - of the namespace's row in netns; nsv_is ROLE COLUMN VALUE
nsv()
{
	col netns "$2" "netns=${topo_inode[$1]}"
}

nsv_is()
{
	[ "$(nsv "$1" "$2")" = "$3" ]
}

# sees_traffic - the module has seen connections in the router
sees_traffic()
{
	[ "$(nsv r inserts)" -gt 0 ]
}

# src ROLE CLASS SOURCE COLUMN - of the source's row
src()
{
	col sources "$4" "class=$2" "netns=${topo_inode[$1]}" "source=$3"
}

# src_kind ROLE CLASS SOURCE KIND - one count of the column kinds, 0 if not there;
# KIND_ is the sum of those that begin so
src_kind()
{
	src "$1" "$2" "$3" kinds | awk -F, -v kind="$4" '
	{
		for (i = 1; i <= NF; i++)
			if (index($i, kind "=") == 1 || (kind ~ /_$/ && index($i, kind) == 1))
				n += substr($i, index($i, "=") + 1)
	}
	END { print n + 0 }'
}

# src_sum ROLE CLASS [COLUMN] - over all sources of a class
src_sum()
{
	col sources "${3:-count}" "class=$2" "netns=${topo_inode[$1]}" | add_up
}

# t_src NAME ROLE CLASS SOURCE COUNT - exactly that many, known to be exact
t_src()
{
	t_eq "$1" "$(src "$2" "$3" "$4" count,err)" "$5 0"
}

# kstat ROLE COLUMN - the kernel's own counter, summed over CPUs
kstat()
{
	local n=0 v

	for v in $(on "$1" awk -v column="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		!(column in at) { print "_no_such_column"; exit }
		{ print $at[column]; if (column == "entries") exit }
		' /proc/net/stat/nf_conntrack); do
		n=$((n + 0x$v))
	done
	echo $n
}

# probes_are armed|idle - those of evictions and refusals, now
probes_are()
{
	local want=0

	[ "$1" = idle ] || want=1
	[ "$(status pressure)" = $want ] &&
		! awk -v w="$1" '/^probe_/ && $1 !~ /^probe_(confirm|clash)$/ && $2 != w { bad = 1 } END { exit !bad }' \
			"$CTRI_FS/status"
}

# need_probes - skip where this kernel lacks a function that a probe needs
need_probes()
{
	local absent

	absent=$(awk '/^probe_.* absent$/ { print $1 }' "$CTRI_FS/status" | xargs)
	[ -z "$absent" ] || ktap_skip_all "can't be seen on this kernel: $absent"
}

# need_quiet_host COUNT - skip where another namespace has so many entries:
# nf_conntrack_max applies to all of them, and they would lose entries to a test
need_quiet_host()
{
	local inode count ours=" ${topo_inode[*]} "

	while read -r inode count; do
		[[ $ours == *" $inode "* ]] || [ "$count" -lt "$1" ] ||
			ktap_skip_all "namespace $inode has $count entries; run where conntrack is not in use"
	done < <(col netns netns,count)
}

# watched ROLE - the module sees that conntrack is on there
watched()
{
	wait_until 10 nsv_is "$1" conntrack 1 ||
		ktap_exit_fail_msg "the module does not see conntrack in $1"
}
