# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015,SC2016,SC2034,SC2154
# Network namespaces for one script:
#
#	c1 --- c1[     ]
#	c2 --- c2[  r  ]s --- s		r: a router with conntrack
#	cN --- cN[     ]
#
# client N  10.0.N.2/24, fd00:0:N::2/64; the router is .1 and ::1
# server    10.0.100.2/24, fd00:0:100::2/64
#
# Interfaces are called eth0 in clients and server. Clients and server drop
# what arrives without an RST or an ICMP error, except ports 7000-7999 (ctpeer), so
# that a generated packet causes no packet but itself. Neighbours are permanent
# and no address is probed: no packet is on the wire but the test's.
#
# A second copy has a prefix, e.g. "x": xc1, xr, xs, with the same addresses.

S4=10.0.100.2
S6=fd00:0:100::2
declare -A topo_inode		# by role
topo_here=			# the role that the script's own namespace plays

ns_name()
{
	echo "ctri$$-$1"
}

# on ROLE COMMAND... - in that namespace
on()
{
	local role=$1

	shift
	if [ "$role" = "$topo_here" ]; then
		"$@"
	else
		nsenter --net="/run/netns/ctri$$-$role" -- "$@"
	fi
}

# The number that lsns(8), the kernel's log and the module give a namespace
ns_inode()
{
	echo "${topo_inode[$1]}"
}

# ns_add ROLE... - namespaces with nothing but a loopback
ns_add()
{
	local role paths=() inodes

	for role; do
		echo "netns add ctri$$-$role"
		topo_inode[$role]=
		paths+=("/run/netns/ctri$$-$role")
	done >"$lib_tmp/batch"
	ip -batch "$lib_tmp/batch" && inodes=$(stat -Lc %i "${paths[@]}") ||
		ktap_exit_fail_msg "ip netns add failed; see ip netns list"
	for role; do
		topo_inode[$role]=${inodes%%$'\n'*}
		inodes=${inodes#*$'\n'}
	done
}

# ns_initial ROLE - the initial namespace plays it: only for a guest of our own
ns_initial()
{
	local path=/run/netns/ctri$$-$1

	[ "${CONNTRIAGE_GUEST:-}" ] ||
		ktap_skip_all "changes the machine's own network; use selftests/vm/run"
	mkdir -p /run/netns && : >"$path" && mount --bind /proc/1/ns/net "$path" &&
		topo_inode[$1]=$(stat -Lc %i "$path") ||
		ktap_exit_fail_msg "could not name the initial namespace"
	topo_here=$1
}

# ns_del ROLE - whatever runs in it keeps it alive
ns_del()
{
	ip netns del "ctri$$-$1"
	unset "topo_inode[$1]"
}

# topo_edge ROLE dport|sport - a host at an end counts and drops what arrives,
# but for ctpeer's packets: to its ports at the server (dport), from them at a
# client (sport)
topo_edge()
{
	on "$1" nft -f - <<-END
	table inet ctri_edge {
		counter seen { }
		chain pre {
			type filter hook prerouting priority -300;
			meta l4proto { tcp, udp } th $2 7000-7999 accept
			iifname "lo" accept
			icmpv6 type { 130-137, 143 } accept
			counter name seen drop
		}
	}
	END
}

# topo_link ROUTER IFACE HOST NUMBER - a cable, with the host's end configured;
# what configures the router's end is added to $lib_tmp/router
topo_link()
{
	local r=$1 if=$2 host=$3 nr=$4 gw me

	printf -v gw '02:00:00:00:%02x:01' "$nr"
	printf -v me '02:00:00:00:%02x:02' "$nr"
	# Asked for within the router: the name must be free in the namespace that asks
	ip -n "ctri$$-$r" link add name "$if" address "$gw" type veth \
		peer name eth0 address "$me" netns "ctri$$-$host" || return
	cat >>"$lib_tmp/router" <<-END
	link set dev $if addrgenmode none
	addr add 10.0.$nr.1/24 dev $if
	addr add fd00:0:$nr::1/64 dev $if nodad
	link set dev $if up
	neigh replace 10.0.$nr.2 lladdr $me dev $if nud permanent
	neigh replace fd00:0:$nr::2 lladdr $me dev $if nud permanent
	END
	ip -n "ctri$$-$host" -batch - <<-END || return
	link set dev lo up
	link set dev eth0 addrgenmode none
	addr add 10.0.$nr.2/24 dev eth0
	addr add fd00:0:$nr::2/64 dev eth0 nodad
	link set dev eth0 up
	neigh replace 10.0.$nr.1 lladdr $gw dev eth0 nud permanent
	neigh replace fd00:0:$nr::1 lladdr $gw dev eth0 nud permanent
	route add default via 10.0.$nr.1
	route add default via fd00:0:$nr::1
	END
}

# Conntrack is on in the router because this rule needs it. Nothing is dropped.
# Entries outlive the script, so that a slow machine sees the same ones.
topo_conntrack()
{
	on "$1" bash -c 'cd /proc/sys/net/netfilter &&
		for f in *_udp_timeout *_udp_timeout_stream *_icmp_timeout \
			 *_icmpv6_timeout *_tcp_timeout_syn_sent \
			 *_tcp_timeout_syn_recv *_tcp_timeout_time_wait \
			 *_tcp_timeout_unacknowledged *_tcp_timeout_close; do
			echo 900 >$f
		done' || return
	on "$1" nft -f - <<-'END'
	table inet ctri_ct {
		counter arrived { }
		counter new { }
		counter invalid { }
		counter forwarded { }
		chain raw {
			type filter hook prerouting priority -300;
			icmpv6 type { 130-137, 143 } accept
			counter name arrived
		}
		chain pre {
			type filter hook prerouting priority 0;
			ct state new counter name new
			ct state invalid counter name invalid
		}
		chain forward {
			type filter hook forward priority 0;
			counter name forwarded
		}
	}
	END
}

# topo_up CLIENTS [PREFIX [noct [init]]] - init: the router is the initial
# namespace
topo_up()
{
	local clients=$1 x=${2:-} ct=${3:-ct} where=${4:-own} i roles=("${2:-}s")

	for ((i = 1; i <= clients; i++)); do
		roles+=("${x}c$i")
	done
	if [ "$where" = init ]; then
		ns_initial "${x}r"
	else
		roles=("${x}r" "${roles[@]}")
	fi
	ns_add "${roles[@]}"
	# Before there are interfaces: they take the defaults
	on "${x}r" bash -c 'cd /proc/sys/net &&
		for c in all default; do
			echo 0 >ipv4/conf/$c/rp_filter
			echo 1 >ipv4/conf/$c/accept_local
		done
		echo 1 >ipv4/ip_forward && echo 1 >ipv6/conf/all/forwarding' ||
		ktap_exit_fail_msg "could not switch forwarding on"
	echo "link set dev lo up" >"$lib_tmp/router"
	topo_link "${x}r" s "${x}s" 100 && topo_edge "${x}s" dport ||
		ktap_exit_fail_msg "could not connect server and router"
	for ((i = 1; i <= clients; i++)); do
		topo_link "${x}r" "c$i" "${x}c$i" "$i" &&
			topo_edge "${x}c$i" sport ||
			ktap_exit_fail_msg "could not connect client $i and router"
	done
	ip -n "ctri$$-${x}r" -batch "$lib_tmp/router" ||
		ktap_exit_fail_msg "could not configure the router"
	[ "$ct" = noct ] || topo_conntrack "${x}r" ||
		ktap_exit_fail_msg "could not enable conntrack in the router"
}

topo_down()
{
	local role

	for role in "${!topo_inode[@]}"; do
		echo "netns del ctri$$-$role"
		# A namespace lives as long as connections that nobody closed do
		[ -z "$topo_here" ] || [ ! -d "/sys/class/net/$role" ] ||
			echo "link del dev $role"
	done | ip -force -batch - 2>/dev/null
	topo_inode=()
}

# nft_packets ROLE TABLE COUNTER
nft_packets()
{
	on "$1" nft list counter inet "$2" "$3" |
		awk '$1 == "packets" { print $2 }'
}

# gen ROLE CTGEN-OPTIONS... - out of a client or the server, to the router;
# GEN_SENT and GEN_SECONDS say what went out. Fails the script if it can't.
GEN_SENT=0
GEN_SECONDS=0
gen()
{
	local role=$1 out

	shift
	out=$(gen_raw "$role" "$@") ||
		ktap_exit_fail_msg "ctgen failed in $role: $*"
	gen_result "$out"
}

gen_raw()
{
	gen_by on "$@"
}

# gen_bg ROLE CTGEN-OPTIONS... - the same in the background, as bg
gen_bg()
{
	gen_by bg "$@"
}

# gen_by on|bg ROLE CTGEN-OPTIONS...
gen_by()
{
	local how=$1 role=$2 nr=100 mac

	shift 2
	case $role in
	*c[0-9]*) nr=${role##*c} ;;
	esac
	printf -v mac '02:00:00:00:%02x:01' "$nr"
	$how "$role" "$CTRI_TOOLS/ctgen" -i eth0 --mac "$mac" \
		--netns "${topo_inode[$role]}" "$@"
}

# sink ROLE CTGEN-OPTIONS... - as bg: digest what arrives there
sink()
{
	local role=$1

	shift
	bg "$role" "$CTRI_TOOLS/ctgen" -i eth0 --netns "${topo_inode[$role]}" \
		--sink "$@"
	wait_until 10 grep -q ready "$BG_OUT" ||
		ktap_exit_fail_msg "ctgen --sink: $(cat "$BG_OUT")"
}

gen_result()
{
	GEN_SENT=${1#*sent=}
	GEN_SENT=${GEN_SENT%% *}
	GEN_SECONDS=${1#*seconds=}
}
