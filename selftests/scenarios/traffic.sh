# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The traffic of a scenario: who asks, who answers, who holds, who floods.

# server_of ROLE - the server of that client's or router's topology
server_of()
{
	local x=${1%[cr]*}

	echo "${x}s"
}

# serve PORT ROLE [ADDR] - the server answers at all its addresses; once. Its
# process is SERVER. ADDR "::" serves IPv6.
declare -A serving=()
SERVER=
serve()
{
	local s addr=${3:-0.0.0.0} key

	s=$(server_of "$2")
	key="$s $1 $addr"
	if [ -z "${serving[$key]:-}" ]; then
		peer_serve "$s" "$addr" "$1" 600
		serving[$key]=$BG_PID
	fi
	SERVER=${serving[$key]}
}

# ordinary ROLE [RATE [SECONDS]] - asks the server over UDP, and over TCP a
# tenth as often, and waits for each answer; in the background
ordinary()
{
	local rate=${2:-30}

	serve 7000 "$1"
	bg "$1" "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 60000 -r "$rate" \
		-t "${3:-600}" --wait 300
	bg "$1" "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7000 -n 60000 \
		-r $(((rate + 9) / 10)) -t "${3:-600}" --tcp --wait 500
}

# asking ROLE CTPEER-OPTIONS... - real sockets that ask until the end
asking()
{
	bg "$1" "$CTRI_TOOLS/ctpeer" ask -n 60000 -t 600 "${@:2}"
}

# live_at ROLE PREFIX - all these addresses are that host's, and the router knows
# the way there: a network of clients, or of servers
live_at()
{
	local nr=100 if=s v=-4 via=10.0

	case $1 in
	*c[0-9]*) nr=${1##*c} if=c$nr ;;
	esac
	via=10.0.$nr.2
	case $2 in
	*:*) v=-6 via=fd00:0:$nr::2 ;;
	esac
	on "$1" ip $v route add local "$2" dev lo &&
		on r ip $v route replace "$2" via "$via" dev "$if" ||
		ktap_exit_fail_msg "$1 can't have $2"
}

# port_open tcp|udp PORT - another port than 7000 to 7999 is let in and out, too
port_open()
{
	local role

	for role in "${!topo_inode[@]}"; do
		case $role in
		*s) on "$role" nft insert rule inet ctri_edge pre "$1" dport "$2" accept ;;
		*c[0-9]*) on "$role" nft insert rule inet ctri_edge pre "$1" sport "$2" accept ;;
		esac || ktap_exit_fail_msg "$role doesn't open $1 $2"
	done
}

# port_dead PORT - nothing comes back from there, as if the service had hung
port_dead()
{
	on s nft insert rule inet ctri_edge pre tcp dport "$1" drop ||
		ktap_exit_fail_msg "s doesn't drop what comes to port $1"
}

# shortcut CLIENT FROM - a second cable between a client and the server, past the
# router, which only FROM's packets take: the router sees one direction
shortcut()
{
	local nr=${1##*c} c=02:00:00:00:fe:01 s=02:00:00:00:fe:02

	ip -n "ctri$$-$1" link add name way address $c type veth \
		peer name way address $s netns "ctri$$-s" &&
		ip -n "ctri$$-$1" -batch - <<-END && ip -n "ctri$$-s" -batch - <<-END2 ||
		link set dev way addrgenmode none
		link set dev way up
		neigh replace $S4 lladdr $s dev way nud permanent
		END
		link set dev way addrgenmode none
		link set dev way up
		neigh replace 10.0.$nr.2 lladdr $c dev way nud permanent
		END2
		ktap_exit_fail_msg "$1 and the server can't be connected"
	case $2 in
	s) on s ip route replace "10.0.$nr.2" dev way ;;
	*) on "$1" ip route replace "$S4" dev way ;;
	esac || ktap_exit_fail_msg "no route for $2"
}

# unit NAME ROLE COMMAND... - in the background, as a service of that name on this
# host: in a cgroup of its own
unit()
{
	local cgroup=/sys/fs/cgroup/system.slice/$1.service

	mkdir -p "$cgroup" || ktap_exit_fail_msg "no cgroup for $1"
	bg "$2" sh -c "echo \$\$ >$cgroup/cgroup.procs && exec \"\$@\"" sh "${@:3}"
}

# hold ROLE NR [CTPEER-OPTION...] - so many TCP connections to port 7001 that stay
# open and say nothing; HOLDER is the process that could close them. UNIT=NAME hold r:
# by a program of this host, of that service
HOLDER=
hold()
{
	local how=(bg "$1")

	[ -z "${UNIT:-}" ] || how=(unit "$UNIT" "$1")
	serve 7001 "$1"
	"${how[@]}" "$CTRI_TOOLS/ctpeer" ask -a "$S4" -p 7001 -n "$2" -r 400 --open 50 \
		-t 600 --tcp --hold --wait 3000 "${@:3}"
	HOLDER=$BG_PID
	all_held "$1" "$2"
}

# all_held ROLE NR - waits until the one in the background holds so many
all_held()
{
	wait_until 60 grep -q "asked=$2 answered=$2" "$BG_OUT" || {
		bg_end "$BG_PID"
		ktap_exit_fail_msg "$1 can't hold $2 connections: $(cat "$BG_OUT"); not accepted yet: $(
			on "$(server_of "$1")" ss -Hltn sport = :7001 | awk '{ print $2 }')"
	}
}

# hold_silent ROLE NR SECONDS [CTPEER-OPTION...] - as if they had said nothing for
# so long: of the five days that conntrack waits, only the rest is left to them
hold_silent()
{
	local key=net.netfilter.nf_conntrack_tcp_timeout_established

	on r sysctl -qw $key=$((432000 - $3))
	hold "$1" "$2" "${@:4}"
	on r sysctl -qw $key=432000
}

# held ROLE [STATE] - how many entries its connections to port 7001 have
held()
{
	on r conntrack -L -p tcp -s "10.0.${1#c}.2" --dport 7001 \
		--state "${2:-ESTABLISHED}" 2>/dev/null | grep -c tcp
}

held_is()
{
	[ "$(held "$1" "$3")" = "$2" ]
}

# bad ROLE - what was begun last in the background is what is bad: it goes on until
# the end, and t_goes_on looks whether it does
bad()
{
	bad_roles+=("$1")
	bad_pids+=("$BG_PID")
}

# flood ROLE CTGEN-OPTIONS...
flood()
{
	gen_bg "$1" -t 600 "${@:2}"
	bad "$1"
}

# internet_at ROLE - whoever isn't known here is behind that client
internet_at()
{
	on r ip route add default via "10.0.${1#c}.2" dev "$1" &&
		on r ip -6 route add default via "fd00:0:${1#c}::2" dev "$1" ||
		ktap_exit_fail_msg "no default route by $1"
}
