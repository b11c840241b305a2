#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Promise: an entry that comes into the table without a hook of netfilter is
# counted for its source as well: what ctnetlink inserts, as a kind of its own, and
# what act_ct confirms wherever confirmation is watched by ftrace. "status" says how
# either is watched.

# shellcheck source=lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

# inserts ROLE LINES... - by ctnetlink; a line is conntrack's options
inserts()
{
	local role=$1

	shift
	printf -- '-I -t 600 %s\n' "$@" >"$lib_tmp/lines"
	on "$role" conntrack -R "$lib_tmp/lines" >/dev/null 2>"$lib_tmp/errors" ||
		ktap_exit_fail_msg "conntrack -R: $(cat "$lib_tmp/errors")"
}

# flows PROTO SOURCE DEST FIRST NUMBER [OPTION...] - as lines for inserts
flows()
{
	local proto=$1 source=$2 dest=$3 first=$4 nr=$5 i

	shift 5
	for ((i = first; i < first + nr; i++)); do
		echo "-p $proto -s $source -d $dest --sport $i --dport 80 $*"
	done
}

# by_config - how this kernel, as it was configured, lets confirmation be watched (as
# kmod/compat.h has it); nothing where its configuration isn't at hand
by_config()
{
	local file version=$(($(uname -r | sed -E 's/^([0-9]+)\.([0-9]+).*/\1 * 1000 + \2/')))

	file=$(config_file)
	[ "$file" ] || return
	if ! grep -qx CONFIG_DYNAMIC_FTRACE_WITH_ARGS=y "$file"; then
		echo hooks
	elif [ "$version" -ge 6002 ] || [ "$(uname -m) $((version >= 5011))" = "x86_64 1" ]; then
		echo ftrace
	else
		echo hooks
	fi
}

ktap_print_header
need_module conntrack tc
modprobe nf_conntrack_netlink 2>/dev/null ||
	ktap_skip_all "no nf_conntrack_netlink in this kernel"
topo_up 1
on r conntrack -R /dev/null >/dev/null 2>&1 ||
	ktap_skip_all "this conntrack(8) has no -R; 1.4.6 has"
ktap_set_plan 17
module_load
watched r
how=$(status confirm)
case $how in
ftrace) want=ftrace ;;
*) want=kprobe ;;
esac
t_has "status says how confirmation is watched" "$how" '^(ftrace|hooks)$'
config=$(by_config)
if [ "$config" ]; then
	t_eq "that is what the kernel's configuration allows" "$how" "$config"
else
	ktap_test_skip "that is what the kernel's configuration allows" "no configuration of this kernel here"
fi
t_eq "and how direct insertions are" "$(status insert)" $want

mapfile -t lines < <(flows tcp 10.9.0.1 10.9.1.1 10000 40 --state ESTABLISHED
	flows udp 10.9.0.1 10.9.1.1 10000 30)
inserts r "${lines[@]}"
t_eq "conntrack -I, IPv4" "$(src r insert 10.9.0.1 count,err,kinds)" "70 0 direct=70"
mapfile -t lines < <(flows udp fd00:9::1 fd00:9:1::1 10000 20)
inserts r "${lines[@]}"
t_eq "conntrack -I, IPv6" "$(src r insert fd00:9::/64 count,err,kinds)" "20 0 direct=20"
gen c1 -n 25 -s 10.9.0.1 -d "$S4" --sport 10000-10024
t_eq "of packets of the same source, beside them" \
	"$(src r insert 10.9.0.1 count,err,kinds)" "95 0 udp=25,direct=70"
t_eq "the namespace's counts" "$(nsv r inserts,inserts_direct,k_insert)" "115 90 90"
t_eq "the kernel agrees" "$(kstat r insert) $(kstat r entries)" "90 115"

# The original direction is free, the reply's is taken
on r conntrack -I -t 600 -p udp -s 10.9.0.7 -d 10.9.1.7 --sport 1 --dport 2 \
	--reply-src 10.9.1.1 --reply-dst 10.9.0.1 --reply-port-src 80 \
	--reply-port-dst 10000 >/dev/null 2>&1
t_num "an insertion that clashes fails" $? -ne 0
t_eq "it is an attempt like those of confirmation" \
	"$(nsv r inserts,inserts_direct)" "116 91"
t_eq "of its source" "$(src r insert 10.9.0.7 count,err,kinds)" "1 0 direct=1"
t_eq "the kernel's count says that it failed" "$(nsv r k_insert) $(kstat r entries)" "90 115"

# Changing an entry is no insertion
on r conntrack -U -p udp -s 10.9.0.1 --sport 10000 -t 700 >/dev/null 2>&1
t_eq "an update adds nothing" "$(nsv r inserts,inserts_direct)" "116 91"

mapfile -t lines < <(flows udp 10.9.0.1 10.9.1.1 10000 10)
inserts c1 "${lines[@]}"
t_eq "in another namespace: there" \
	"$(nsv c1 inserts,inserts_direct,k_insert) $(src c1 insert 10.9.0.1 count)" "10 10 10 10"

# act_ct confirms by itself: a zone of its own, and out by the other side
if modprobe act_ct 2>/dev/null && modprobe cls_matchall && modprobe act_mirred &&
   on r tc qdisc add dev c1 clsact &&
   on r tc filter add dev c1 ingress protocol ip matchall \
	action ct commit zone 7 pipe action mirred egress redirect dev s; then
	gen c1 -n 60 -s 10.9.0.5 -d "$S4" --sport 10000-10059
	t_eq "act_ct made entries" \
		"$(on r conntrack -L -s 10.9.0.5 2>/dev/null | grep -c zone=7)" 60
	case $how in
	ftrace)
		t_eq "which are counted" "$(src r insert 10.9.0.5 count,err,kinds)" "60 0 udp=60" ;;
	*)
		t_eq "which hooks don't see" "$(src r insert 10.9.0.5 count)" "" ;;
	esac
else
	ktap_test_skip "act_ct made entries" "no act_ct in this kernel or tc"
	ktap_test_skip "which are counted" "no act_ct in this kernel or tc"
fi
module_unload
t_clean "kernel log"
ktap_finished
